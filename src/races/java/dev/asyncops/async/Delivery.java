package dev.asyncops.async;

import org.jspecify.annotations.Nullable;

/**
 * What a task's callback, and the hooks that release what it did not take, were given.
 *
 * <p><b>Threads</b>: plain fields on purpose: what guards them is what the scenarios examine.
 */
final class Delivery implements TaskCallback<Integer> {

  static final int CANCELLED = -1;

  int callbacks;
  int propagated;
  int released;
  int dataReleased;

  @Override
  public void ready(@Nullable Object owner, Task<Integer> result) {
    callbacks++;
    try {
      propagated = result.propagate();
    } catch (OperationException e) {
      propagated = CANCELLED;
    }
  }

  /** A task on that context whose every trace ends here. */
  Task<Integer> task(MainContext context, Cancellable cancellable) {
    Task<Integer> task = Task.create(context, this, cancellable, this);
    task.setValueRelease(this::releaseValue);
    task.setData(this, Delivery::releaseData);
    return task;
  }

  private synchronized void releaseValue(int value) {
    released = 10 * released + value; // each value a digit, so a second release shows
  }

  private synchronized void releaseData() {
    dataReleased++;
  }

  /** Dispatches until nothing is left: what the loop would do after both actors. */
  static void drain(MainContext context) {
    while (context.iterate(false)) {}
  }
}
