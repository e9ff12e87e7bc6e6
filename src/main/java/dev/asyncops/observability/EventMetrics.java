package dev.asyncops.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.IntSupplier;

/** Shows how many clients listen to events. This room does not know them. */
public final class EventMetrics implements MeterBinder {

  private final IntSupplier subscribers;

  /** A gauge of this number. */
  public EventMetrics(IntSupplier subscribers) {
    this.subscribers = subscribers;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("asyncops.event.subscribers", subscribers::getAsInt)
        .description("Event streams that are open")
        .register(registry);
  }
}
