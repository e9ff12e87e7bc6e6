package dev.asyncops.observability;

import dev.asyncops.async.MainContextListener;
import dev.asyncops.async.Priority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how the main context is doing: how long entries wait for it, how long they hold it, and
 * what goes wrong on it.
 *
 * <p>It is called for every entry, so what an entry took is only added up; batches, of which there
 * are fewer the more there is to do, fill a histogram.
 *
 * <p><b>Threads</b>: any.
 */
public final class MainContextMetrics implements MainContextListener {

  private static final TimeUnit NANOS = TimeUnit.NANOSECONDS;

  private final Timer lag;
  private final LongAdder entries = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final Counter failed;
  private final Counter slow;
  private final Counter unreturned;

  /** Registers the meters. */
  public MainContextMetrics(MeterRegistry registry) {
    lag =
        Timer.builder("asyncops.main.context.lag")
            .description("How long the oldest entry of a batch had waited")
            .serviceLevelObjectives(Buckets.LAGS)
            .register(registry);
    FunctionTimer.builder(
            "asyncops.main.context.run", this, _ -> entries.sum(), _ -> nanos.sum(), NANOS)
        .description("How long entries held the main context")
        .register(registry);
    failed = faults(registry, "CALLBACK_FAILED");
    slow = faults(registry, "CALLBACK_SLOW");
    unreturned = faults(registry, "TASK_UNRETURNED");
  }

  @Override
  public void batchTaken(Priority priority, long waitNanos) {
    lag.record(waitNanos, NANOS);
  }

  @Override
  public void entryRan(Priority priority, long runNanos) {
    entries.increment();
    nanos.add(runNanos);
  }

  @Override
  public void callbackFailed() {
    failed.increment();
  }

  @Override
  public void callbackSlow() {
    slow.increment();
  }

  @Override
  public void taskUnreturned() {
    unreturned.increment();
  }

  private static Counter faults(MeterRegistry registry, String fault) {
    return Counter.builder("asyncops.main.context.faults")
        .description("Bugs seen on the main context; each is in the log")
        .tag("fault", fault)
        .register(registry);
  }
}
