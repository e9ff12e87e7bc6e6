package dev.asyncops.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.IntSupplier;

/** Shows how busy the threads are that touch files. This room does not know who they are. */
public final class IoMetrics implements MeterBinder {

  /**
   * The threads that serve one root, or copy between two.
   *
   * @param root the root's name, or both with a colon between them
   * @param busy how many are working
   * @param limit how many there may be
   */
  public record Pool(String root, IntSupplier busy, IntSupplier limit) {}

  private final List<Pool> pools;

  /** Gauges for these pools. */
  public IoMetrics(List<Pool> pools) {
    this.pools = List.copyOf(pools);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Pool pool : pools) {
      gauge(registry, "asyncops.io.busy", "Threads that touch files now", pool.root, pool.busy);
      gauge(registry, "asyncops.io.limit", "Threads that may touch files", pool.root, pool.limit);
    }
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, String root, IntSupplier value) {
    Gauge.builder(name, value::getAsInt)
        .description(description)
        .tag("root", root)
        .register(registry);
  }
}
