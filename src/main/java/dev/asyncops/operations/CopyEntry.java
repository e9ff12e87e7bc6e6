package dev.asyncops.operations;

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
    return PathResults.of(source, destination, ItemState.SUCCEEDED, bytes, sha256);
  }

  ItemResult ended(ItemState state) {
    return PathResults.of(source, destination, state, 0, null);
  }

  ItemResult failed(OperationException error) {
    return PathResults.failed(source, destination, error);
  }

  /** Whether it was chosen itself: with it goes all below it. */
  boolean isChosen() {
    return parent != null && parent.onTheWay;
  }
}
