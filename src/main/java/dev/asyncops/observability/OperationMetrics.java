package dev.asyncops.observability;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationListener;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.Recovery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to operations.
 *
 * <ul>
 *   <li>Every combination of tags is there, at zero, from the start.
 *   <li>Tags are kinds, states and codes; never an id, a path or a message.
 *   <li>{@code started = completed + active} at every scrape between two changes.
 * </ul>
 *
 * <p><b>Threads</b>: main context only; the meters are read by whoever scrapes.
 */
public final class OperationMetrics implements OperationListener {

  private static final List<ErrorCode> REFUSALS =
      List.of(
          ErrorCode.QUEUE_FULL,
          ErrorCode.DRAINING,
          ErrorCode.PENDING,
          ErrorCode.IDEMPOTENCY_KEY_REUSED,
          ErrorCode.STORE_UNAVAILABLE);

  private final MeterRegistry registry;
  private final Clock clock;
  private final Counter copiedBytes;
  private final MeterPer<Recovery, Counter> recovered;
  private final Map<String, KindMeters> byKind = new ConcurrentHashMap<>();

  /** Registers the meters of the kinds. */
  public OperationMetrics(MeterRegistry registry, Clock clock, KnownKinds kinds) {
    this.registry = registry;
    this.clock = clock;
    kinds.names().forEach(this::meters);
    REFUSALS.forEach(this::rejected);
    copiedBytes =
        Counter.builder("asyncops.copied")
            .baseUnit("bytes")
            .description("Bytes that copies wrote")
            .register(registry);
    recovered = new MeterPer<>(Recovery.class, List.of(Recovery.values()), this::recoveredCounter);
    Gauge.builder("asyncops.queue.depth", this::queued)
        .description("Operations that wait for a place")
        .register(registry);
  }

  @Override
  public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
    meters(after.kind()).published(before, after);
    if (after.kind().equals("copy")) {
      long bytesBefore = before == null ? 0 : before.progress().bytesDone();
      copiedBytes.increment((double) (after.progress().bytesDone() - bytesBefore));
    }
  }

  @Override
  public void refused(String kind, ErrorCode reason) {
    rejected(reason).increment();
  }

  @Override
  public void recovered(Recovery how) {
    recovered.get(how).increment();
  }

  private Counter recoveredCounter(Recovery how) {
    return Counter.builder("asyncops.recovered")
        .description("Operations from before the service began, by how they go on")
        .tag("result", how.name())
        .register(registry);
  }

  private KindMeters meters(String kind) {
    return byKind.computeIfAbsent(kind, name -> new KindMeters(registry, name, clock));
  }

  private Counter rejected(ErrorCode reason) {
    return Counter.builder("asyncops.rejected")
        .description("Starts that were refused before anything began")
        .tag("reason", reason.name())
        .register(registry);
  }

  private long queued() {
    return byKind.values().stream().mapToLong(KindMeters::queued).sum();
  }
}
