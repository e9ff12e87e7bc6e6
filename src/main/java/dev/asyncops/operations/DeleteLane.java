package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.IoPool;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import dev.asyncops.operations.DirectorySweep.Swept;
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

  /** What may block, and fail. */
  @FunctionalInterface
  interface Read<T> {

    T read() throws OperationException;
  }

  /** Hears how a read ended: of one of the two. */
  @FunctionalInterface
  interface ReadCallback<T> {

    void ended(@Nullable T value, @Nullable OperationException failure);
  }

  private final OperationServices services;
  private final Cancellable stop;
  private final IoPool.Lane lane;
  private final int room;
  private int out;
  private int reads;
  private boolean held;

  /**
   * A lane of a pool.
   *
   * @param stop cancelled when nothing more is to be begun
   */
  DeleteLane(OperationServices services, Priority priority, Cancellable stop, IoPool pool) {
    this.services = services;
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
    return out < room && !held;
  }

  /** Whether nothing is with the workers. */
  boolean isIdle() {
    return out == 0 && reads == 0;
  }

  /** Has something read by a worker; the callback hears of it. */
  <T> void read(Read<T> read, ReadCallback<T> callback) {
    reads++;
    lane.execute(() -> {
      @Nullable T value = null;
      @Nullable OperationException failure = null;
      try {
        value = read.read();
      } catch (Throwable e) { // whoever waits must be told
        failure = ErrorCodes.toOperationException(e);
      }
      comeBack(value, failure, callback);
    });
  }

  private <T> void comeBack(
      @Nullable T value, @Nullable OperationException failure, ReadCallback<T> callback) {
    post(() -> {
      reads--;
      callback.ended(value, failure);
    });
  }

  /**
   * Has paths deleted.
   *
   * @param top the path from which a walk found them; null if clients named them
   * @param options how they are treated
   * @param walks whether a directory with entries is told as such, instead of failing
   * @param callback hears of all of them, in order, in one or several outcomes
   */
  void delete(
      List<RootPath> paths,
      @Nullable RootPath top,
      DeleteBatchOptions options,
      boolean walks,
      Consumer<Outcome> callback) {
    out++;
    FileAccess files = services.files();
    DeletePiece.Deletion deletion =
        options.dryRun() ? new DryDeletion(files) : new GroupedDeletion(files, top);
    lane.execute(new DeletePiece(paths, deletion, options, walks, stop, new Piece(callback)));
  }

  /**
   * Has directories swept.
   *
   * @param options how their entries are treated
   * @param callback hears of them, as they go on
   */
  void sweep(
      List<WalkedDirectory> directories,
      DeleteBatchOptions options,
      Consumer<List<Swept>> callback) {
    out++;
    lane.execute(
        new DirectorySweep(directories, services.files(), options, stop, new Sweep(callback)));
  }

  /** Has the workers serve it at another priority. */
  void setPriority(Priority priority) {
    lane.setPriority(priority);
  }

  /** Has the workers begin nothing until it is released; tells when nothing is under way. */
  void hold(Runnable quiet) {
    held = true;
    lane.hold(() -> post(quiet));
  }

  void release() {
    held = false;
    lane.release();
  }

  /** Gives the lane back. */
  @Override
  public void close() {
    lane.close();
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

  /** A sweep on its way. */
  private final class Sweep implements DirectorySweep.Listener {

    private final Consumer<List<Swept>> callback;

    Sweep(Consumer<List<Swept>> callback) {
      this.callback = callback;
    }

    @Override
    public void told(List<Swept> news) {
      post(() -> callback.accept(news));
    }

    @Override
    public void sliceOver(DirectorySweep sweep, List<Swept> news) {
      told(news);
      lane.execute(sweep);
    }

    @Override
    public void sweepOver(List<Swept> news) {
      comeBack(() -> callback.accept(news));
    }
  }
}
