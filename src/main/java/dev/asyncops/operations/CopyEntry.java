package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the source: an item of the copy. Immutable.
 *
 * @param parent the directory it was found in; null for the source itself
 * @param source where it is
 * @param destination where it is to appear
 * @param status what it was when it was found
 * @param mayExist whether something may exist at the destination
 */
record CopyEntry(
    @Nullable CopyDirectory parent,
    RootPath source,
    RootPath destination,
    FileStatus status,
    boolean mayExist) {

  boolean isTop() {
    return parent == null;
  }

  /** The bytes there are to move: links and directories have none. */
  long bytes() {
    return status.type() == FileStatus.Type.FILE ? status.size() : 0;
  }

  ItemResult succeeded(long bytes, @Nullable String sha256) {
    return result(ItemState.SUCCEEDED, bytes, sha256);
  }

  ItemResult ended(ItemState state) {
    return result(state, 0, null);
  }

  ItemResult failed(OperationException error) {
    return failed(source, destination, error);
  }

  static ItemResult failed(RootPath source, RootPath destination, OperationException error) {
    ErrorCode code = error.code();
    return new ItemResult(
        source.toString(), destination.toString(), ItemState.FAILED, code, error.detail(), 0, null);
  }

  static ItemResult skipped(RootPath source, RootPath destination) {
    return new ItemResult(
        source.toString(), destination.toString(), ItemState.SKIPPED, null, null, 0, null);
  }

  /** Whether it was chosen itself: with it goes all below it. */
  boolean isChosen() {
    return parent != null && parent.onTheWay;
  }

  private ItemResult result(ItemState state, long bytes, @Nullable String sha256) {
    return new ItemResult(
        source.toString(), destination.toString(), state, null, null, bytes, sha256);
  }
}
