package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;

/**
 * How the paths of a delete-batch are treated; see {@link DeleteBatchRequest}.
 *
 * @param resumed whether the paths are left of an attempt before: what is missing then counts as
 *     deleted, which it may have been by that one
 * @param listsAll whether each path that was deleted is told, and not only their number
 */
record DeleteBatchOptions(
    boolean recursive,
    boolean ignoreMissing,
    boolean failFast,
    boolean dryRun,
    boolean resumed,
    boolean listsAll) {

  /** Those of a request, for paths of which nothing was begun. */
  static DeleteBatchOptions of(DeleteBatchRequest request, OperationOptions options) {
    return new DeleteBatchOptions(
        request.recursive(),
        request.ignoreMissing(),
        request.failFast(),
        request.dryRun(),
        false,
        options.wantsAllItems());
  }

  /** The same for paths that an attempt before may have deleted. */
  DeleteBatchOptions again() {
    return new DeleteBatchOptions(recursive, ignoreMissing, failFast, dryRun, true, listsAll);
  }

  /** Whether both treat their paths alike, so that one can join the other (P2). */
  boolean isJoinableWith(DeleteBatchOptions other) {
    return equals(other);
  }

  /** Whether a path that failed so is as good as deleted. A dry run has deleted nothing. */
  boolean countsAsDeleted(OperationException error) {
    return resumed && !dryRun && error.code() == ErrorCode.NOT_FOUND;
  }

  /** The outcome of a path that could not be deleted. */
  ItemResult itemOf(RootPath path, OperationException error) {
    if (countsAsDeleted(error)) {
      return PathResults.of(path, ItemState.SUCCEEDED);
    }
    return ignoreMissing && error.code() == ErrorCode.NOT_FOUND
        ? PathResults.of(path, ItemState.SKIPPED)
        : PathResults.failed(path, null, error);
  }

  /** Whether nothing more is begun after such an outcome. */
  boolean stopsAfter(ItemResult item) {
    return failFast && item.state() == ItemState.FAILED;
  }
}
