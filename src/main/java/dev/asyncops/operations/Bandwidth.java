package dev.asyncops.operations;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bandwidth of the whole service, shared by the operations that copy.
 *
 * <p>Whenever bytes may move again, they go to the waiting operation that had the fewest so far;
 * one that comes, or comes back, begins where the others are. So each has the same share, whatever
 * its priority and the size of its files, and what one does not use the others get.
 *
 * <p><b>Threads</b>: main context.
 */
public final class Bandwidth {

  private final MainContext context;
  private final Ticker ticker;
  private final RateLimit limit;

  /** Those that could move bytes if it were for them alone. */
  private final PriorityQueue<CopyPace> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(CopyPace::served).thenComparingLong(CopyPace::number));

  private Registration timer = Registration.inert();
  private long paces;

  /** How far the one is that was served last. */
  private long served;

  /**
   * A bandwidth on the context's clock.
   *
   * @param bytesPerSecond 1 or more; null for no limit
   */
  public Bandwidth(MainContext context, Ticker ticker, @Nullable Long bytesPerSecond) {
    this.context = context;
    this.ticker = ticker;
    limit = new RateLimit(bytesPerSecond, ticker.nanos());
  }

  /**
   * Limits it from now on, also for what waits already.
   *
   * @param bytesPerSecond 1 or more; null for no limit
   */
  public void limit(@Nullable Long bytesPerSecond) {
    context.checkOwner();
    limit.change(bytesPerSecond, ticker.nanos());
    serve();
  }

  /** A share in it, for an operation that has a limit of its own, or none. */
  CopyPace open(@Nullable Long bytesPerSecond) {
    return new CopyPace(this, paces++, bytesPerSecond);
  }

  /** How many operations could move bytes if it were for them alone. */
  int waiting() {
    return waiting.size();
  }

  // ---- For the paces

  /** Whether there is a limit. Any thread. */
  boolean isLimited() {
    return limit.isSet();
  }

  /** The time it is measured by. Any thread. */
  long nowNanos() {
    return ticker.nanos();
  }

  Registration after(long nanos, Runnable action) {
    return context.after(Duration.ofNanos(nanos), "bandwidth", action);
  }

  /** One that waited for nothing here waits now. */
  void await(CopyPace pace) {
    enter(pace);
    serve();
  }

  void leave(CopyPace pace) {
    waiting.remove(pace);
  }

  /** Takes back what was let go and did not move. */
  void unbook(long bytes) {
    limit.unbook(bytes);
    serve();
  }

  private void enter(CopyPace pace) {
    pace.atLeastServed(served);
    waiting.add(pace);
  }

  private void serve() {
    while (!waiting.isEmpty()) {
      long wait = limit.waitNanos(ticker.nanos());
      if (wait > 0) {
        timer.close();
        timer = after(wait, this::serve);
        return;
      }
      CopyPace next = waiting.remove();
      served = next.served();
      long bytes = next.book(limit.stepBytes());
      limit.book(bytes, ticker.nanos());
      next.letGo(bytes);
      if (next.isReady()) {
        enter(next);
      }
    }
  }
}
