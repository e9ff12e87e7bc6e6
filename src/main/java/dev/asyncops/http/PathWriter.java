package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.files.RootPath;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.ManifestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A list of paths on its way into the store, as a manifest.
 *
 * <ul>
 *   <li>At any time there are a chunk that grows and those that are being written: whoever adds
 *       paths awaits what was {@linkplain #writeFull written} before it adds more.
 *   <li>What was written and led to no operation is released, and so removed.
 * </ul>
 *
 * <p><b>Threads</b>: paths are added by one at a time, on a worker that may take its time.
 */
final class PathWriter {

  private final MainContext context;
  private final ManifestStore store;
  private final Scheduler worker;
  private final ManifestId id = ManifestId.next();
  private final ManifestBuilder builder = new ManifestBuilder();
  private final List<String> first = new ArrayList<>();

  /** Whether whoever hears the answer to the start lets go of the manifest. */
  private volatile boolean handedOver;

  /** Nothing is written any more. Main context only. */
  private boolean released;

  /** The writer of a new manifest, that goes on with this worker after each chunk. */
  PathWriter(MainContext context, ManifestStore store, Scheduler worker) {
    this.context = context;
    this.store = store;
    this.worker = worker;
  }

  /** Adds a path, which is not written yet. */
  void add(RootPath path) {
    if (first.size() < DeleteBatchEcho.MAX_PATHS) {
      first.add(path.toString());
    }
    builder.add(path);
  }

  /** Writes the chunks that are full; ends when they are committed. */
  Mono<Void> writeFull() {
    return addAll(builder.takeFull());
  }

  /**
   * Writes all that is left: the whole list, when it is committed.
   *
   * @param sha256 the digest of the body the paths came in, in hex; null if they came in none
   */
  Mono<UploadedPaths> finish(@Nullable String sha256) {
    return Mono.defer(() -> addAll(builder.takeAll()))
        .then(
            Mono.fromSupplier(() -> {
              ManifestPaths paths = new ManifestPaths(store, id, builder.sizes());
              return new UploadedPaths(id, paths.sizes(), paths, List.copyOf(first), sha256);
            }));
  }

  private Mono<Void> addAll(List<ManifestChunk> chunks) {
    return Flux.fromIterable(chunks).concatMap(this::add, 1).then();
  }

  private Mono<Void> add(ManifestChunk chunk) {
    return Mono.<Void>create(sink ->
            context.invoke(() -> {
              if (released) {
                return; // nobody waits
              }
              store.addChunk(
                  id,
                  chunk,
                  failure -> {
                    if (failure == null) {
                      sink.success();
                    } else {
                      sink.error(new ProblemException(failure.code(), failure.detail()));
                    }
                  });
            }))
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
    released = true;
    store.release(id);
  }
}
