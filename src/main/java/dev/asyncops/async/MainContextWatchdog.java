package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reports a callback that holds the main context for too long, with its name and what it is doing
 * (M20).
 *
 * <p>It samples from a thread of its own, so the loop pays nothing for being watched, and it sees
 * the stack while the callback still runs. Each callback is reported once.
 */
public final class MainContextWatchdog implements AutoCloseable {

  private static final Logger LOG = System.getLogger(MainContextWatchdog.class.getName());

  private final MainContext context;
  private final long thresholdNanos;
  private final Ticker ticker;
  private final CountDownLatch closed = new CountDownLatch(1);

  // Confined to whoever samples.
  private long seenDispatch = -1;
  private long seenSinceNanos;
  private boolean reported;

  /**
   * A watchdog that does not sample by itself yet.
   *
   * @param threshold how long a callback may run, from 1 ms; reported after at most one and a half
   *     times that
   */
  public MainContextWatchdog(MainContext context, Duration threshold, Ticker ticker) {
    if (threshold.toMillis() < 1) {
      throw new IllegalArgumentException("A threshold below 1 ms: " + threshold);
    }
    this.context = context;
    this.thresholdNanos = threshold.toNanos();
    this.ticker = ticker;
  }

  /** Starts sampling, on a daemon thread, until {@link #close}. */
  public void start() {
    Thread.ofPlatform().name(context.name() + "-watchdog").daemon().start(this::sampleUntilClosed);
  }

  /** Ends the sampling; returns at once. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void sampleUntilClosed() {
    try {
      while (!closed.await(thresholdNanos / 2, TimeUnit.NANOSECONDS)) {
        sample();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once, and reports what has been running since a look at least the threshold ago. */
  void sample() {
    String label = context.report().runningLabel();
    long dispatch = context.report().dispatchCount();
    long nowNanos = ticker.nanos();
    if (label == null || dispatch != seenDispatch) {
      seenDispatch = label == null ? -1 : dispatch;
      seenSinceNanos = nowNanos;
      reported = false;
    } else if (!reported && nowNanos - seenSinceNanos >= thresholdNanos) {
      reported = true;
      report(label, nowNanos - seenSinceNanos, context.ownerThread());
    }
  }

  private void report(String label, long nanos, @Nullable Thread owner) {
    StringBuilder stack = new StringBuilder();
    if (owner != null) {
      for (StackTraceElement frame : owner.getStackTrace()) {
        stack.append(System.lineSeparator()).append("\tat ").append(frame);
      }
    }
    if (context.report().dispatchCount() != seenDispatch) {
      stack.setLength(0); // it ended meanwhile, and this is where another one stands
    }
    LOG.log(
        Level.WARNING,
        "Callback '%s' has held '%s' for %d ms.%s"
            .formatted(label, context.name(), TimeUnit.NANOSECONDS.toMillis(nanos), stack));
    context.listener().callbackSlow();
  }
}
