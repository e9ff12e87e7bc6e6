package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to the end of the service: nothing starts any more, so what waits goes on waiting until
 * the next start; what runs gets some time and is suspended then, to go on after the next start
 * too. All of it in small steps (L10).
 *
 * <p><b>Threads</b>: main context only.
 */
final class Drain {

  private static final int STEP = 64;

  private final MainContext context;
  private final LiveOperations live;
  private @Nullable Runnable drained;
  private boolean graceOver;
  private boolean stepPosted;
  private boolean over;

  /** Nothing drains yet. */
  Drain(MainContext context, LiveOperations live) {
    this.context = context;
    this.live = live;
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
    if (live.areAllWaiting()) {
      over = true;
      context.post(Priority.DEFAULT, "drained", drained);
    } else if (graceOver && !stepPosted) {
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
        live.all().stream().filter(LiveOperation::isToSuspend).limit(STEP).toList();
    next.forEach(LiveOperation::suspend);
    if (!next.isEmpty()) {
      goOn();
    }
  }
}
