package dev.asyncops.async;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The function of a task, and the thread it runs on.
 *
 * <p>The handler that reacts to a cancel is connected from before the function begins until after
 * it ended. The last thing the worker does before it tells its task is to disconnect it, which
 * waits for it: so an interrupt can hit nothing but the function (R13).
 */
final class TaskWorker<R extends @Nullable Object> implements Runnable {

  private final Task<R> task;
  private final TaskFunction<R> function;
  private final boolean interruptible;
  private Registration cancelHandler = Registration.inert();

  /** Null unless the function runs; written by that thread, read by a cancelling one. */
  private volatile @Nullable Thread thread;

  TaskWorker(Task<R> task, TaskFunction<R> function, boolean interruptible) {
    this.task = task;
    this.function = Objects.requireNonNull(function, "function");
    this.interruptible = interruptible;
  }

  /** Begins to listen for a cancel; before anybody runs this. */
  void connect() {
    cancelHandler = task.cancellable().connect(this::onCancelled);
  }

  @Override
  public void run() {
    try {
      begin();
      function.run(task);
    } catch (Throwable e) { // becomes the task's error (R8)
      task.returnError(errorOf(e));
    } finally {
      end();
    }
  }

  /** Instead of running: there is no thread for it. */
  void refuse(Throwable reason) {
    task.returnError(
        new OperationException(ErrorCode.CLOSED, "No thread takes this work.", reason));
    end();
  }

  private void begin() {
    thread = Thread.currentThread();
    // The handler may have come before there was a thread; if both interrupt it does no harm.
    if (interruptible && task.cancellable().isCancelled()) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    cancelHandler.close();
    thread = null;
    Thread.interrupted(); // cleared for the thread's next work
    task.functionEnded();
  }

  /** Runs in the cancelling thread. */
  private void onCancelled() {
    Thread running = thread;
    if (interruptible && running != null) {
      running.interrupt();
    }
    task.cancelledWhileRunning();
  }

  private OperationException errorOf(Throwable e) {
    if (task.cancellable().isCancelled() && ErrorCodes.isInterruption(e)) {
      return OperationException.cancelled();
    }
    return ErrorCodes.toOperationException(e);
  }
}
