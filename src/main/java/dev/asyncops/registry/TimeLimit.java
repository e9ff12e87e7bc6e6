package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an operation may run: a clock that goes while it runs and stands still while it is
 * paused. Main context only.
 */
final class TimeLimit {

  private final MainContext context;
  private final Ticker ticker;
  private final Runnable over;
  private final OperationId id;
  private @Nullable Duration left;
  private boolean goes;
  private long goesSinceNanos;
  private Registration timer = Registration.inert();

  /**
   * A clock that stands still.
   *
   * @param limit the time; null for ever
   * @param id whose time it is
   * @param over runs when it is over
   */
  TimeLimit(
      MainContext context, Ticker ticker, @Nullable Duration limit, OperationId id, Runnable over) {
    this.context = context;
    this.ticker = ticker;
    this.over = over;
    this.id = id;
    left = limit;
  }

  void go() {
    if (left != null) {
      goes = true;
      goesSinceNanos = ticker.nanos();
      timer = context.after(left, "timeout " + id, over);
    }
  }

  /** Stops the clock, if it goes. */
  void stop() {
    timer.close();
    if (goes && left != null) {
      goes = false;
      Duration gone = Duration.ofNanos(ticker.nanos() - goesSinceNanos);
      left = gone.compareTo(left) < 0 ? left.minus(gone) : Duration.ZERO;
    }
  }
}
