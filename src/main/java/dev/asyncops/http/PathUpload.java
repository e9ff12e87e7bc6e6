package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.files.RootPath;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.ManifestStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Paths on their way into the store.
 *
 * <ul>
 *   <li>The body is read no faster than the store commits what was read before: at any time there
 *       are a few buffers of the network, a chunk that grows and those that are being written.
 *   <li>What was written and led to no operation is released, and so removed.
 * </ul>
 *
 * <p><b>Threads</b>: lines are read on a worker that may take its time, never on an event loop.
 */
final class PathUpload {

  /** Buffers of the network that wait here. */
  private static final int BUFFERS = 1;

  private final MainContext context;
  private final ManifestStore store;
  private final Scheduler worker = Schedulers.boundedElastic();
  private final ManifestId id = ManifestId.next();
  private final ManifestBuilder builder = new ManifestBuilder();
  private final MessageDigest digest = sha256();
  private final PathLines lines;
  private final List<String> first = new ArrayList<>();

  /** Whether whoever hears the answer to the start lets go of the manifest. */
  private volatile boolean handedOver;

  PathUpload(PathLines.Format format, PathRules rules, MainContext context, ManifestStore store) {
    this.context = context;
    this.store = store;
    lines = new PathLines(format, rules, this::add);
  }

  /** Reads a body to its end; ProblemException at the first line that is refused. */
  Mono<UploadedPaths> read(Flux<DataBuffer> body) {
    return body.publishOn(worker, BUFFERS)
        .concatMap(this::take, BUFFERS)
        .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
        .then(Mono.defer(this::finish));
  }

  private Mono<Void> take(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    digest.update(bytes);
    lines.feed(bytes);
    return addAll(builder.takeFull());
  }

  private void add(RootPath path) {
    if (first.size() < DeleteBatchEcho.MAX_PATHS) {
      first.add(path.toString());
    }
    builder.add(path);
  }

  private Mono<UploadedPaths> finish() {
    lines.finish();
    return addAll(builder.takeAll()).then(Mono.fromSupplier(this::uploaded));
  }

  private UploadedPaths uploaded() {
    ManifestPaths paths = new ManifestPaths(store, id, builder.sizes());
    String sum = HexFormat.of().formatHex(digest.digest());
    return new UploadedPaths(id, paths.sizes(), paths, List.copyOf(first), sum);
  }

  private Mono<Void> addAll(List<ManifestChunk> chunks) {
    return Flux.fromIterable(chunks).concatMap(this::add, BUFFERS).then();
  }

  private Mono<Void> add(ManifestChunk chunk) {
    return Mono.<Void>create(sink ->
            context.invoke(() ->
                store.addChunk(
                    id,
                    chunk,
                    failure -> {
                      if (failure == null) {
                        sink.success();
                      } else {
                        sink.error(new ProblemException(failure.code(), failure.detail()));
                      }
                    })))
        .onErrorMap(RejectedExecutionException.class, _ -> OperationCalls.draining())
        .publishOn(worker);
  }

  // ---- Its end

  /** From now on the manifest is let go with {@link #release}, whatever becomes of the request. */
  void handOver() {
    handedOver = true;
  }

  /** Nothing will be started with it, unless that is under way. */
  void giveUp() {
    if (!handedOver) {
      try {
        context.invoke(this::release);
      } catch (RejectedExecutionException e) {
        // The service ends; the next start removes what belongs to nobody.
      }
    }
  }

  /** The start is answered. Main context only. */
  void release() {
    store.release(id);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
