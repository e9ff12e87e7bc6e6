package dev.asyncops.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The numbers of a context that is driven by hand on a clock moved by hand. */
class MainContextMetricsTests {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final MainContext context =
      new MainContext("test", nanos::get, new MainContextMetrics(registry));

  @Test
  void lagIsThatOfTheOldestEntryAndRunIsThatOfEach() {
    context.post(() -> nanos.addAndGet(2_000));
    context.post(() -> nanos.addAndGet(4_000));
    nanos.set(1_000_000);

    context.iterate(false);

    var lag = registry.get("asyncops.main.context.lag").timer();
    assertThat(lag.count()).isEqualTo(1);
    assertThat(lag.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(1_000_000);
    var run = registry.get("asyncops.main.context.run").functionTimer();
    assertThat(run.count()).isEqualTo(2);
    assertThat(run.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(6_000);
  }

  @Test
  void t25_aCallbackThatThrows_isCounted() {
    context.post(() -> {
      throw new IllegalStateException("made up");
    });

    context.iterate(false);

    assertThat(faults("CALLBACK_FAILED")).isEqualTo(1);
    assertThat(faults("CALLBACK_SLOW")).isZero();
    assertThat(faults("TASK_UNRETURNED")).isZero();
  }

  @Test
  void m22_theQueueIsSeenByPriority() {
    MainContextGauges gauges = new MainContextGauges(context);
    gauges.bindTo(registry);
    context.post(Priority.LOW, () -> {});
    context.post(Priority.LOW, () -> {});
    context.post(Priority.HIGH, () -> {});

    assertThat(queue(Priority.LOW)).isEqualTo(2);
    assertThat(queue(Priority.HIGH)).isEqualTo(1);
    assertThat(List.of(queue(Priority.DEFAULT), queue(Priority.HIGH_IDLE))).containsOnly(0.0);
    assertThat(queue(Priority.DEFAULT_IDLE)).isZero();
  }

  private double queue(Priority priority) {
    return registry
        .get("asyncops.main.context.queue")
        .tag("priority", priority.name())
        .gauge()
        .value();
  }

  private double faults(String fault) {
    return registry.get("asyncops.main.context.faults").tag("fault", fault).counter().count();
  }
}
