package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to the end of the service: nothing starts any more, what runs gets some time, and then
 * everything is cancelled, in small steps (L10).
 *
 * <p><b>Threads</b>: main context only.
 */
final class Drain {

  private static final int STEP = 256;

  private final MainContext context;
  private final Collection<LiveOperation> live;
  private final IntSupplier running;
  private @Nullable Runnable drained;
  private boolean graceOver;
  private boolean stepPosted;
  private boolean over;

  /**
   * Nothing drains yet.
   *
   * @param live always what is live now
   * @param running how many of these are started
   */
  Drain(MainContext context, Collection<LiveOperation> live, IntSupplier running) {
    this.context = context;
    this.live = live;
    this.running = running;
  }

  boolean hasBegun() {
    return drained != null;
  }

  void begin(Duration grace, Runnable whenDrained) {
    if (drained != null) {
      throw new IllegalStateException("The registry is draining already.");
    }
    drained = whenDrained;
    context.after(grace, "drain", this::onGraceOver);
    goOn();
  }

  /** Something is over, or time is: does what is to be done next. */
  void goOn() {
    if (drained == null || over) {
      return;
    }
    if (live.isEmpty()) {
      over = true;
      context.post(Priority.DEFAULT, "drained", drained);
    } else if (!stepPosted && (graceOver || running.getAsInt() == 0)) {
      stepPosted = true;
      context.post(Priority.DEFAULT, "drain", this::step);
    }
  }

  private void onGraceOver() {
    graceOver = true;
    goOn();
  }

  private void step() {
    stepPosted = false;
    List<LiveOperation> next =
        live.stream().filter(operation -> !operation.isEnding()).limit(STEP).toList();
    next.forEach(LiveOperation::cancel);
    if (!next.isEmpty()) {
      goOn();
    }
  }
}
