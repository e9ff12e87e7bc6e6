package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.IoPool;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives pieces of a delete-batch to the workers of one root, and brings what became of them back to
 * the main context.
 *
 * <p><b>Threads</b>: called on the main context, calls back on it, never inside a call.
 */
final class DeleteLane implements AutoCloseable {

  /** Pieces with the workers at once: two for each thread, so that none waits for the next. */
  private static final int PIECES_PER_THREAD = 2;

  /** Hears of the entries of a directory. */
  @FunctionalInterface
  interface EntriesCallback {

    /** Some entries were read; or none, because of an error or because the batch is to stop. */
    void entriesRead(List<RootPath> entries, @Nullable OperationException error);
  }

  private final OperationServices services;
  private final DeleteBatchOptions options;
  private final Cancellable stop;
  private final IoPool.Lane lane;
  private final int room;
  private int out;

  /**
   * A lane of a pool.
   *
   * @param stop cancelled when nothing more is to be begun
   */
  DeleteLane(
      OperationServices services,
      DeleteBatchOptions options,
      Priority priority,
      Cancellable stop,
      IoPool pool) {
    this.services = services;
    this.options = options;
    this.stop = stop;
    lane = pool.openLane(priority, stop);
    room = PIECES_PER_THREAD * pool.limit();
  }

  /** How many pieces may be with the workers at once (P14). */
  int room() {
    return room;
  }

  /** Whether another piece may be given out. */
  boolean hasRoom() {
    return out < room;
  }

  /** Whether nothing is with the workers. */
  boolean isIdle() {
    return out == 0;
  }

  /**
   * Has paths deleted.
   *
   * @param top the path from which a walk found them; null if clients named them
   * @param walks whether a directory with entries is told as such, instead of failing
   * @param callback hears of all of them, in order, in one or several outcomes
   */
  void delete(
      List<RootPath> paths, @Nullable RootPath top, boolean walks, Consumer<Outcome> callback) {
    out++;
    Piece listener = new Piece(callback);
    lane.execute(new DeletePiece(paths, deletion(top), options, walks, stop, listener));
  }

  private DeletePiece.Deletion deletion(@Nullable RootPath top) {
    FileAccess files = services.files();
    return options.dryRun() ? new DryDeletion(files) : new GroupedDeletion(files, top);
  }

  /** Has the next entries of a directory read; fewer than asked for are the last ones. */
  void readEntries(WalkedDirectory directory, int atMost, EntriesCallback callback) {
    out++;
    lane.execute(() -> read(directory, atMost, callback));
  }

  /** Has the reading of a directory ended. */
  void closeListing(WalkedDirectory directory, Runnable callback) {
    out++;
    lane.execute(() -> {
      directory.closeListing();
      comeBack(callback);
    });
  }

  /** Has the workers serve it at another priority. */
  void setPriority(Priority priority) {
    lane.setPriority(priority);
  }

  /** Gives the lane back. */
  @Override
  public void close() {
    lane.close();
  }

  private void read(WalkedDirectory directory, int atMost, EntriesCallback callback) {
    try {
      List<RootPath> entries =
          stop.isCancelled() ? List.of() : directory.next(services.files(), atMost);
      comeBack(() -> callback.entriesRead(entries, null));
    } catch (Throwable e) { // whatever it is, it is this directory's
      directory.closeListing();
      OperationException error = ErrorCodes.toOperationException(e);
      comeBack(() -> callback.entriesRead(List.of(), error));
    }
  }

  private void comeBack(Runnable callback) {
    post(() -> {
      out--;
      callback.run();
    });
  }

  private void post(Runnable callback) {
    services.context().post(Priority.DEFAULT, "delete-batch", callback);
  }

  /** A piece on its way. */
  private final class Piece implements DeletePiece.Listener {

    private final Consumer<Outcome> callback;

    Piece(Consumer<Outcome> callback) {
      this.callback = callback;
    }

    @Override
    public void sliceOver(DeletePiece piece, Outcome outcome) {
      post(() -> callback.accept(outcome));
      lane.execute(piece);
    }

    @Override
    public void pieceOver(Outcome outcome) {
      comeBack(() -> callback.accept(outcome));
    }
  }
}
