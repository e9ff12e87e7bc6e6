package dev.asyncops.observability;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Ticker;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells whether the main context still dispatches: if it does not, only a new process helps (M16).
 *
 * <p>Each look sends a ping to the context, unless one is under way, and answers at once from what
 * is known by then. DOWN is said when a ping is unanswered for more than ten seconds, when the
 * thread is gone, and after an error that leaves the process in doubt.
 *
 * <p><b>Threads</b>: any; never blocks.
 */
public final class MainContextHealthIndicator implements HealthIndicator {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  private record Ping(long sentNanos) {}

  private final MainContext context;
  private final BooleanSupplier threadAlive;
  private final Ticker ticker;
  private final AtomicReference<@Nullable Ping> underWay = new AtomicReference<>();

  /**
   * An indicator that has sent no ping yet.
   *
   * @param threadAlive whether the thread of the context runs
   * @param ticker the clock for the age of a ping
   */
  public MainContextHealthIndicator(
      MainContext context, BooleanSupplier threadAlive, Ticker ticker) {
    this.context = context;
    this.threadAlive = threadAlive;
    this.ticker = ticker;
  }

  @Override
  public Health health() {
    Throwable fatal = context.fatalError();
    if (fatal != null) {
      return down("After a fatal error the process is in doubt: " + fatal.getClass().getName());
    }
    if (!threadAlive.getAsBoolean() || context.isClosed()) {
      return down("The thread of the main context is gone.");
    }
    Ping unanswered = underWay.get();
    if (unanswered == null) {
      ping();
      return Health.up().build();
    }
    Duration age = Duration.ofNanos(ticker.nanos() - unanswered.sentNanos);
    return age.compareTo(PATIENCE) > 0
        ? down("A ping is unanswered for " + age.toSeconds() + " s.")
        : Health.up().build();
  }

  private void ping() {
    Ping ping = new Ping(ticker.nanos());
    if (!underWay.compareAndSet(null, ping)) {
      return;
    }
    try {
      context.post(Priority.HIGH, "health-ping", () -> underWay.set(null));
    } catch (RejectedExecutionException e) {
      // Closed just now: the next look says so.
      underWay.set(null);
    }
  }

  private static Health down(String why) {
    return Health.down().withDetail("reason", why).build();
  }
}
