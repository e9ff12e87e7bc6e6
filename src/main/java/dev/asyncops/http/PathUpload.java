package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.ManifestStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Paths that are uploaded, on their way into the store. The body is read no faster than the store
 * commits what was read before: at any time there are a few buffers of the network, and what the
 * {@linkplain PathWriter writer} has.
 *
 * <p><b>Threads</b>: lines are read on a worker that may take its time, never on an event loop.
 */
final class PathUpload {

  /** Buffers of the network that wait here. */
  private static final int BUFFERS = 1;

  private final Scheduler worker = Schedulers.boundedElastic();
  private final PathWriter writer;
  private final MessageDigest digest = sha256();
  private final PathLines lines;

  PathUpload(PathLines.Format format, PathRules rules, MainContext context, ManifestStore store) {
    writer = new PathWriter(context, store, worker);
    lines = new PathLines(format, rules, writer::add);
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
    return writer.writeFull();
  }

  private Mono<UploadedPaths> finish() {
    lines.finish();
    return writer.finish(HexFormat.of().formatHex(digest.digest()));
  }

  /** What the paths become, and who lets go of it. */
  PathWriter writer() {
    return writer;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
