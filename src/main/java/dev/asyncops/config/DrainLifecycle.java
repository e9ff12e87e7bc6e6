package dev.asyncops.config;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.OperationRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the operations when the service is to end, while the web server still answers (L10).
 *
 * <p>Starts are refused from the first moment; running work has the grace period to finish and is
 * cancelled then. Clients can poll all the while, since this stops before the web server does.
 *
 * <p>It blocks the thread that shuts down, for the grace period and five seconds at most, whatever
 * happens: work that does not even obey its cancel is left behind with a warning.
 */
final class DrainLifecycle implements SmartLifecycle {

  private static final Logger LOG = System.getLogger(DrainLifecycle.class.getName());
  private static final Duration TO_OBEY_A_CANCEL = Duration.ofSeconds(5);

  private final MainContext context;
  private final OperationRegistry registry;
  private final Duration grace;
  private final Duration patience;
  private volatile boolean running;

  DrainLifecycle(MainContext context, OperationRegistry registry, Duration grace) {
    this(context, registry, grace, TO_OBEY_A_CANCEL);
  }

  /** With a time of its own for what was cancelled to end. */
  DrainLifecycle(
      MainContext context, OperationRegistry registry, Duration grace, Duration patience) {
    this.context = context;
    this.registry = registry;
    this.grace = grace;
    this.patience = patience;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    LOG.log(
        Level.INFO,
        "Draining: no more starts, %d ms for what is running.".formatted(grace.toMillis()));
    try {
      CountDownLatch drained = new CountDownLatch(1);
      context.post(Priority.HIGH, "drain", () -> registry.drain(grace, drained::countDown));
      if (!drained.await(grace.plus(patience).toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.log(
            Level.WARNING, "Not drained in time: %d operations are left behind.".formatted(left()));
      }
    } catch (RejectedExecutionException e) {
      LOG.log(Level.WARNING, "Not drained: the main context is closed.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The last to start and the first to stop. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }

  /** What was drained stays so. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  private long left() {
    var summary = registry.summary();
    return summary.queued() + summary.running();
  }
}
