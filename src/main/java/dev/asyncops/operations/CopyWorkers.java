package dev.asyncops.operations;

import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.files.IoPool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the blocking pieces of one copy done and brings their ends back to the main context. Ends
 * that come close together come back in one entry, in order.
 *
 * <p><b>Threads</b>: main context, but for {@link #post} and {@link #again}.
 */
final class CopyWorkers implements AutoCloseable {

  /** A piece of work that may block. */
  interface Work {

    /** Does it. */
    void run() throws OperationException;
  }

  private static final Logger LOG = System.getLogger(CopyWorkers.class.getName());

  private final MainContext context;
  private final IoPool.Lane lane;
  private final Runnable afterwards;
  private final Consumer<OperationException> broken;
  private volatile Priority priority;
  private int pieces;

  /** Guards the two below. */
  private final Object lock = new Object();

  private List<Runnable> messages = new ArrayList<>();
  private boolean closed;

  /**
   * Workers on a lane.
   *
   * @param afterwards runs on the main context after each delivery
   * @param broken hears of a message that threw, which must not keep the copy from ending
   */
  CopyWorkers(
      MainContext context,
      Priority priority,
      IoPool.Lane lane,
      Runnable afterwards,
      Consumer<OperationException> broken) {
    this.context = context;
    this.priority = priority;
    this.lane = lane;
    this.afterwards = afterwards;
    this.broken = broken;
  }

  /** How many pieces have not come back yet. */
  int pieces() {
    return pieces;
  }

  /** Has a piece done; exactly one of the two follows on the main context. */
  void execute(Work work, Runnable done, Consumer<OperationException> failed) {
    pieces++;
    executeUncounted(
        work,
        () -> {
          pieces--;
          done.run();
        },
        error -> {
          pieces--;
          failed.accept(error);
        });
  }

  /** The same, but it is no piece that has to come back: a copy that stops does not wait for it. */
  void executeUncounted(Work work, Runnable done, Consumer<OperationException> failed) {
    again(() -> {
      OperationException error = runGuarded(work);
      post(error == null ? done : () -> failed.accept(error));
    });
  }

  /** Hands work in, on behalf of a piece that goes on. */
  void again(Runnable work) {
    lane.execute(work);
  }

  /**
   * Brings a message to the main context, after those before it; drops it when this is closed. Any
   * thread.
   */
  void post(Runnable message) {
    boolean first;
    synchronized (lock) {
      if (closed) {
        return; // of something that nobody has waited for
      }
      first = messages.isEmpty();
      messages.add(message);
    }
    if (first) {
      context.post(priority, "copy", this::deliver);
    }
  }

  /** Serves the copy at another priority, also what is on its way back already. */
  void setPriority(Priority changed) {
    priority = changed;
    lane.setPriority(changed);
    context.post(changed, "copy", this::deliver);
  }

  /**
   * Begins no piece until it is released or the copy is to stop.
   *
   * @param quiet runs on the main context when none is under way, after all that they told
   */
  void hold(Runnable quiet) {
    lane.hold(() -> post(quiet));
  }

  void release() {
    lane.release();
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    lane.close();
  }

  private void deliver() {
    List<Runnable> delivered;
    synchronized (lock) {
      delivered = messages;
      messages = new ArrayList<>();
    }
    delivered.forEach(this::runMessage);
    afterwards.run();
  }

  private void runMessage(Runnable message) {
    try {
      message.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "A copy is broken.", e);
      broken.accept(ErrorCodes.toOperationException(e));
    }
  }

  private static @Nullable OperationException runGuarded(Work work) {
    try {
      work.run();
      return null;
    } catch (Throwable e) { // whatever it is, the piece has to come back
      return ErrorCodes.toOperationException(e);
    }
  }
}
