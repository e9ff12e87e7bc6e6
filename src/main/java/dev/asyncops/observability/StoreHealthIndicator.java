package dev.asyncops.observability;

import dev.asyncops.async.OperationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells whether the registry can be written and read; if not, no start is accepted until it can
 * again. It is read at each question, so that a database that is gone is noticed while nothing is
 * written.
 */
public final class StoreHealthIndicator implements HealthIndicator {

  /** Reads the registry. */
  @FunctionalInterface
  public interface Reading {

    /** Reads a little of it; may block, for a time that has an end. */
    void read() throws OperationException;
  }

  private final Supplier<@Nullable OperationException> failure;
  private final Reading reading;

  /**
   * An indicator.
   *
   * @param failure why it cannot be written, from any thread, without waiting; null if it can
   * @param reading tries whether it can be read
   */
  public StoreHealthIndicator(Supplier<@Nullable OperationException> failure, Reading reading) {
    this.failure = failure;
    this.reading = reading;
  }

  /** Called by Boot on a thread that may block. */
  @Override
  public Health health() {
    OperationException reason = failure.get();
    return reason == null ? afterReading() : outOfService(reason);
  }

  private Health afterReading() {
    try {
      reading.read();
      return Health.up().build();
    } catch (OperationException e) {
      return outOfService(e);
    }
  }

  private static Health outOfService(OperationException reason) {
    return Health.outOfService().withDetail("reason", reason.detail()).build();
  }
}
