package dev.asyncops.observability;

import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Tells whether a start would be accepted now: not while draining or with a full queue. */
public final class AcceptingHealthIndicator implements HealthIndicator {

  private final BooleanSupplier accepting;

  /** An indicator for what says whether starts are accepted, from any thread, without waiting. */
  public AcceptingHealthIndicator(BooleanSupplier accepting) {
    this.accepting = accepting;
  }

  @Override
  public Health health() {
    return accepting.getAsBoolean() ? Health.up().build() : Health.outOfService().build();
  }
}
