package dev.asyncops.async;

/** An entry that becomes ready when its time has come, once or again and again (M12). */
final class Timeout extends Entry {

  private final long intervalNanos;
  private final boolean repeating;

  /**
   * When it is due, on the context's clock, and its place among equals; the context's lock guards.
   */
  private long deadlineNanos;

  private long sequence;

  Timeout(
      MainContext context,
      Priority priority,
      String label,
      Runnable action,
      long intervalNanos,
      boolean repeating) {
    super(context, priority, label, action, null);
    this.intervalNanos = intervalNanos;
    this.repeating = repeating;
  }

  long intervalNanos() {
    return intervalNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  long sequence() {
    return sequence;
  }

  void due(long deadlineNanos, long sequence) {
    this.deadlineNanos = deadlineNanos;
    this.sequence = sequence;
  }

  @Override
  void ended() {
    if (repeating && move(RUNNING, READY) && context().queue().scheduleUnlessClosed(this)) {
      return;
    }
    super.ended();
  }

  /** Also stops a repeating one that is running from running again; does not wait for that run. */
  @Override
  public void close() {
    if (move(READY, OVER)) {
      letGo();
      context().queue().timeoutClosed();
    } else if (repeating) {
      move(RUNNING, OVER);
    }
  }
}
