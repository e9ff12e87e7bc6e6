package dev.asyncops.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * Shows how long the registry's transactions take.
 *
 * <p><b>Threads</b>: any.
 */
public final class StoreMetrics {

  private final Timer commit;

  /** Registers the meter. */
  public StoreMetrics(MeterRegistry registry) {
    commit =
        Timer.builder("asyncops.store.commit")
            .description("From the beginning of a transaction until it is durable")
            .serviceLevelObjectives(Buckets.COMMITS)
            .register(registry);
  }

  /** A transaction was committed. */
  public void committed(long nanos) {
    commit.record(nanos, TimeUnit.NANOSECONDS);
  }
}
