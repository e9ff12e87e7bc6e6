package dev.asyncops.observability;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Shows how many entries wait for the main context, by priority (M22). */
public final class MainContextGauges implements MeterBinder {

  private final MainContext context;

  /** Gauges of this context. */
  public MainContextGauges(MainContext context) {
    this.context = context;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Priority priority : Priority.values()) {
      Gauge.builder("asyncops.main.context.queue", () -> depth(priority))
          .description("Entries that are ready and not yet taken")
          .tag("priority", priority.name())
          .register(registry);
    }
  }

  private int depth(Priority priority) {
    return context.queueDepths().getOrDefault(priority, 0);
  }
}
