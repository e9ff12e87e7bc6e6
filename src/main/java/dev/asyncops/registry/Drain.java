package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to the end of the service: nothing starts any more, so what waits is cancelled at once;
 * what runs gets some time and is cancelled then. All of it in small steps (L10).
 *
 * <p><b>Threads</b>: main context only.
 */
final class Drain {

  private static final int STEP = 64;

  private final MainContext context;
  private final Collection<LiveOperation> live;
  private @Nullable Runnable drained;
  private boolean graceOver;
  private boolean stepPosted;
  private boolean over;

  /**
   * Nothing drains yet.
   *
   * @param live always what is live now
   */
  Drain(MainContext context, Collection<LiveOperation> live) {
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
    if (live.isEmpty()) {
      over = true;
      context.post(Priority.DEFAULT, "drained", drained);
    } else if (!stepPosted) {
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
    List<LiveOperation> next = live.stream().filter(this::isToStop).limit(STEP).toList();
    next.forEach(LiveOperation::cancel);
    if (!next.isEmpty()) {
      goOn();
    }
  }

  private boolean isToStop(LiveOperation operation) {
    return operation.isQueued() || (graceOver && !operation.isEnding());
  }
}
