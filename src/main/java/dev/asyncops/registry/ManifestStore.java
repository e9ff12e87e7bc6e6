package dev.asyncops.registry;

import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationStore.SaveCallback;

/**
 * Where manifests are kept: lists of paths of any length, chunk by chunk.
 *
 * <ul>
 *   <li>A manifest belongs to nobody until an operation is admitted, or joined, {@linkplain
 *       OperationInput#manifest with it}; that takes one transaction with the admission.
 *   <li>What belongs to nobody is removed bit by bit, in between other writes: when nobody uses it
 *       any more, when its operation needs it no longer, and after a start of the service.
 *   <li>Chunks are written one at a time between other writes, so whoever starts an operation waits
 *       for no more than one of them.
 * </ul>
 *
 * <p><b>Threads</b>: as {@link OperationStore} says.
 */
public interface ManifestStore {

  /** Adds a chunk, which follows what its root has; the first one makes the manifest. */
  void addChunk(ManifestId manifest, ManifestChunk chunk, SaveCallback callback);

  /**
   * Nobody adds to a manifest or starts anything with it any more: it is removed, unless it belongs
   * to an operation. To be called once for each that was added to, after the answer to its start.
   */
  void release(ManifestId manifest);

  /**
   * The chunk that has a position. Blocks.
   *
   * @throws OperationException STORE_UNAVAILABLE if it cannot be read, or is not there
   */
  ManifestChunk read(ManifestId manifest, String root, long position) throws OperationException;
}
