package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.util.List;

/**
 * What a delete-batch is to do; the defaults are the HTTP contract's.
 *
 * @param paths what to delete, one item each
 * @param recursive whether directories go with all below them
 * @param ignoreMissing whether a missing path counts as skipped instead of failed
 * @param failFast whether nothing more is started after the first failure
 * @param dryRun whether it only looks, and changes nothing
 */
public record DeleteBatchRequest(
    BatchPaths paths, boolean recursive, boolean ignoreMissing, boolean failFast, boolean dryRun) {

  /** The same with paths in memory, which are copied (P15): linear, so not on the main context. */
  public DeleteBatchRequest(
      List<RootPath> paths,
      boolean recursive,
      boolean ignoreMissing,
      boolean failFast,
      boolean dryRun) {
    this(BatchPaths.of(paths), recursive, ignoreMissing, failFast, dryRun);
  }
}
