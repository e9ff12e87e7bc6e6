package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what becomes of paths until it is told. With failFast the first failure stops the batch.
 *
 * <p><b>Threads</b>: one at a time.
 */
final class DeleteTally {

  /** What a failure means for its path. */
  enum Fate {
    /** A directory with entries, which is to be swept. */
    DIRECTORY,
    /** It is not there. */
    MISSING,
    /** It is still there, and will not go. */
    STAYS
  }

  private final DeleteBatchOptions options;
  private final boolean walks;
  private final Cancellable stop;

  private int succeeded;
  private List<ItemResult> reported = new ArrayList<>(0);
  private List<RootPath> directories = new ArrayList<>(0);
  private @Nullable OperationException stoppedBy;

  /**
   * An empty one.
   *
   * @param walks whether a directory with entries is told as such, instead of failing
   * @param stop cancelled by the first failure that stops the batch
   */
  DeleteTally(DeleteBatchOptions options, boolean walks, Cancellable stop) {
    this.options = options;
    this.walks = walks;
    this.stop = stop;
  }

  /** Takes a path that was deleted. */
  void succeeded(RootPath path) {
    if (options.listsAll()) {
      reported.add(PathResults.of(path, ItemState.SUCCEEDED));
    } else {
      succeeded++;
    }
  }

  /** Takes an entry of a directory that was deleted. */
  void succeeded(RootPath directory, String name) {
    if (options.listsAll()) {
      succeeded(directory.resolve(name));
    } else {
      succeeded++;
    }
  }

  /** Takes a path that could not be deleted. */
  Fate failed(RootPath path, OperationException error) {
    if (walks && error.code() == ErrorCode.NOT_EMPTY) {
      directories.add(path);
      return Fate.DIRECTORY;
    }
    if (options.countsAsDeleted(error)) {
      succeeded(path);
      return Fate.MISSING;
    }
    ItemResult item = options.itemOf(path, error);
    reported.add(item);
    if (options.stopsAfter(item) && stop.cancel()) {
      stoppedBy = error;
    }
    return error.code() == ErrorCode.NOT_FOUND ? Fate.MISSING : Fate.STAYS;
  }

  /** What was gathered, which is forgotten here. */
  Outcome take(int untouched) {
    Outcome outcome = new Outcome(succeeded, reported, directories, untouched, stoppedBy);
    succeeded = 0;
    reported = new ArrayList<>(0);
    directories = new ArrayList<>(0);
    stoppedBy = null;
    return outcome;
  }
}
