package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;

/**
 * How the paths of a delete-batch are treated; see {@link DeleteBatchRequest}. Only batches that
 * treat them alike can be joined (P2).
 */
record DeleteBatchOptions(
    boolean recursive, boolean ignoreMissing, boolean failFast, boolean dryRun) {

  static DeleteBatchOptions of(DeleteBatchRequest request) {
    return new DeleteBatchOptions(
        request.recursive(), request.ignoreMissing(), request.failFast(), request.dryRun());
  }

  /** The outcome of a path that could not be deleted. */
  ItemResult itemOf(RootPath path, OperationException error) {
    return ignoreMissing && error.code() == ErrorCode.NOT_FOUND
        ? ItemResult.of(path.toString(), ItemState.SKIPPED)
        : ItemResult.failed(path.toString(), error);
  }

  /** Whether nothing more is begun after such an outcome. */
  boolean stopsAfter(ItemResult item) {
    return failFast && item.state() == ItemState.FAILED;
  }
}
