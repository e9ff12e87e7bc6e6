package dev.asyncops.observability;

import dev.asyncops.async.OperationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Tells whether the registry can be written; if not, no start is accepted until it can again. */
public final class StoreHealthIndicator implements HealthIndicator {

  private final Supplier<@Nullable OperationException> failure;

  /**
   * An indicator.
   *
   * @param failure why it cannot be written, from any thread, without waiting; null if it can
   */
  public StoreHealthIndicator(Supplier<@Nullable OperationException> failure) {
    this.failure = failure;
  }

  @Override
  public Health health() {
    OperationException reason = failure.get();
    return reason == null
        ? Health.up().build()
        : Health.outOfService().withDetail("reason", reason.detail()).build();
  }
}
