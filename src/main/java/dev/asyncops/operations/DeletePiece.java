package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Some paths of a delete-batch, done one after the other by a worker.
 *
 * <p>What became of them is told in one go at the end, and on the way whenever a slice of time is
 * over; then the rest waits for its next turn, so that on a slow mount too the counts move and
 * nobody else waits for the whole piece.
 *
 * <p><b>Threads</b>: one worker at a time. <b>Cancellation</b>: looked at before every path; what
 * was not touched is told as such.
 */
final class DeletePiece implements Runnable {

  /** Deletes paths, or finds out whether they could be deleted. */
  @FunctionalInterface
  interface Deletion {

    /** Deletes one. */
    void delete(RootPath path) throws OperationException;

    /** Gives back what it holds open for the paths that come next; it may be used again. */
    default void pause() {}
  }

  /** Hears what became of the paths; called by the worker. */
  interface Listener {

    /** Some paths are done, but not all: the piece wants another turn. */
    void sliceOver(DeletePiece piece, Outcome outcome);

    /** The rest of the paths is done, or will not be. */
    void pieceOver(Outcome outcome);
  }

  /**
   * What became of the paths since the last outcome.
   *
   * @param succeeded how many are gone that need not be told each
   * @param reported those that failed or were skipped, and those that are gone if all are told
   * @param directories those that turned out to be directories with entries, still there
   * @param untouched how many were not begun, because the batch is to stop
   * @param stoppedBy the failure that made it stop; null unless this piece had it
   */
  record Outcome(
      int succeeded,
      List<ItemResult> reported,
      List<RootPath> directories,
      int untouched,
      @Nullable OperationException stoppedBy) {

    /** How many paths need nothing more. */
    int ended() {
      return succeeded + reported.size() + untouched;
    }
  }

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final List<RootPath> paths;
  private final Deletion deletion;
  private final Cancellable stop;
  private final Listener listener;
  private final DeleteTally tally;
  private int next;

  /**
   * A piece that was not begun.
   *
   * @param walks whether a directory with entries is told as such, instead of failing
   * @param stop cancelled when nothing more is to be begun; with failFast, by the first failure
   */
  DeletePiece(
      List<RootPath> paths,
      Deletion deletion,
      DeleteBatchOptions options,
      boolean walks,
      Cancellable stop,
      Listener listener) {
    this.paths = paths;
    this.deletion = deletion;
    this.stop = stop;
    this.listener = listener;
    tally = new DeleteTally(options, walks, stop);
  }

  @Override
  public void run() {
    runSlice();
    deletion.pause();
    if (isToGoOn()) {
      listener.sliceOver(this, tally.take(0));
    } else {
      listener.pieceOver(tally.take(paths.size() - next));
    }
  }

  private void runSlice() {
    long sliceEndNanos = System.nanoTime() + SLICE_NANOS;
    do {
      if (isToGoOn()) {
        delete(paths.get(next++));
      }
    } while (isToGoOn() && System.nanoTime() - sliceEndNanos <= 0);
  }

  private boolean isToGoOn() {
    return next < paths.size() && !stop.isCancelled();
  }

  private void delete(RootPath path) {
    try {
      deletion.delete(path);
      tally.succeeded(path);
    } catch (Throwable e) { // whatever it is, it is this path's
      tally.failed(path, ErrorCodes.toOperationException(e));
    }
  }
}
