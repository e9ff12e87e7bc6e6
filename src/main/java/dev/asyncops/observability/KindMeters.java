package dev.asyncops.observability;

import dev.asyncops.async.ItemState;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one kind of operation, fed with the difference between two snapshots: the counters
 * are right however many changes were merged into one snapshot.
 *
 * <p><b>Threads</b>: fed on the main context only; read by whoever scrapes.
 */
final class KindMeters {

  private final MeterRegistry registry;
  private final String kind;
  private final Counter started;
  private final Timer queueWait;
  private final Timer cancelLatency;
  private final MeterPer<OperationState, Counter> completed;
  private final MeterPer<OperationState, Timer> duration;
  private final MeterPer<OperationState, AtomicLong> active;
  private final MeterPer<ItemState, Counter> items;
  private final AtomicLong itemsPending;
  private final AtomicLong itemsKnown;

  /** When the live operations were admitted, oldest first; confined to the main context. */
  private final Map<OperationId, Instant> live = new LinkedHashMap<>();

  private volatile @Nullable Instant oldest;

  /** Registers every meter of the kind at zero. */
  KindMeters(MeterRegistry registry, String kind, Clock clock) {
    this.registry = registry;
    this.kind = kind;
    started = counter("asyncops.started", "Operations admitted").register(registry);
    queueWait =
        timer("asyncops.queue.wait", "From admission to the start of the work")
            .serviceLevelObjectives(Buckets.WAITS)
            .register(registry);
    cancelLatency =
        timer("asyncops.cancel.latency", "From the first cancel to the end")
            .serviceLevelObjectives(Buckets.WAITS)
            .register(registry);
    completed = perState(true, this::completedCounter);
    duration = perState(true, this::durationTimer);
    active = perState(false, this::activeGauge);
    items = new MeterPer<>(ItemState.class, List.of(ItemState.values()), this::itemsCounter);
    itemsPending = gauge("asyncops.items.pending", "Items of live operations, not finished yet");
    itemsKnown = gauge("asyncops.items.known", "Items of live operations, finished or not");
    TimeGauge.builder("asyncops.oldest.active", () -> oldestSeconds(clock), TimeUnit.SECONDS)
        .description("Age of the oldest operation that is not over; 0 if there is none")
        .tag("kind", kind)
        .register(registry);
  }

  /** Counts what happened between two snapshots of one operation. */
  void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
    if (before == null) {
      started.increment();
    }
    countState(before, after);
    countItems(before, after);
    if (after.startTime() != null && (before == null || before.startTime() == null)) {
      queueWait.record(between(after.createTime(), after.startTime()));
    }
    if (isLive(after)) {
      live.putIfAbsent(after.id(), after.createTime());
    } else if (before == null || isLive(before)) {
      countEnd(after);
    }
    oldest = live.isEmpty() ? null : live.values().iterator().next();
  }

  private void countState(@Nullable OperationSnapshot before, OperationSnapshot after) {
    if (before != null && before.state() == after.state()) {
      return;
    }
    if (before != null && isLive(before)) {
      active.get(before.state()).decrementAndGet();
    }
    if (isLive(after)) {
      active.get(after.state()).incrementAndGet();
    }
  }

  private void countItems(@Nullable OperationSnapshot before, OperationSnapshot after) {
    for (ItemState outcome : ItemState.values()) {
      long ended = ended(after, outcome) - (before == null ? 0 : ended(before, outcome));
      if (ended > 0) {
        items.get(outcome).increment((double) ended);
      }
    }
    boolean wasLive = before != null && isLive(before);
    boolean isLive = isLive(after);
    itemsPending.addAndGet(
        (isLive ? after.pending() : 0) - (before != null && wasLive ? before.pending() : 0));
    itemsKnown.addAndGet(
        (isLive ? after.total() : 0) - (before != null && wasLive ? before.total() : 0));
  }

  private void countEnd(OperationSnapshot after) {
    live.remove(after.id());
    completed.get(after.state()).increment();
    Instant end = after.endTime() != null ? after.endTime() : after.updateTime();
    Instant start = after.startTime() != null ? after.startTime() : end;
    duration.get(after.state()).record(between(start, end));
    if (after.cancelRequestTime() != null) {
      cancelLatency.record(between(after.cancelRequestTime(), end));
    }
  }

  /** Operations of this kind that wait for a place. */
  long queued() {
    return active.get(OperationState.QUEUED).get();
  }

  private double oldestSeconds(Clock clock) {
    Instant admitted = oldest;
    return admitted == null ? 0 : between(admitted, clock.instant()).toMillis() / 1000.0;
  }

  private Counter completedCounter(OperationState outcome) {
    return counter("asyncops.completed", "Operations that are over")
        .tag("outcome", outcome.name())
        .register(registry);
  }

  private Timer durationTimer(OperationState outcome) {
    return timer("asyncops.duration", "From the start of the work to the end; 0 if it never began")
        .tag("outcome", outcome.name())
        .serviceLevelObjectives(Buckets.DURATIONS)
        .register(registry);
  }

  private AtomicLong activeGauge(OperationState state) {
    return gauge("asyncops.active", "Operations that are not over", "state", state.name());
  }

  private Counter itemsCounter(ItemState outcome) {
    return counter("asyncops.items", "Items that ended")
        .tag("outcome", outcome.name())
        .register(registry);
  }

  private static <M> MeterPer<OperationState, M> perState(
      boolean terminal, Function<OperationState, M> meter) {
    List<OperationState> states =
        Stream.of(OperationState.values()).filter(s -> s.isTerminal() == terminal).toList();
    return new MeterPer<>(OperationState.class, states, meter);
  }

  private Counter.Builder counter(String name, String description) {
    return Counter.builder(name).description(description).tag("kind", kind);
  }

  private Timer.Builder timer(String name, String description) {
    return Timer.builder(name).description(description).tag("kind", kind);
  }

  private AtomicLong gauge(String name, String description, String... tags) {
    AtomicLong value = new AtomicLong();
    Gauge.builder(name, () -> value)
        .description(description)
        .tag("kind", kind)
        .tags(tags)
        .register(registry);
    return value;
  }

  private static boolean isLive(OperationSnapshot operation) {
    return !operation.state().isTerminal();
  }

  private static long ended(OperationSnapshot operation, ItemState outcome) {
    return switch (outcome) {
      case SUCCEEDED -> operation.succeeded();
      case FAILED -> operation.failed();
      case SKIPPED -> operation.skipped();
      case CANCELLED -> operation.cancelled();
    };
  }

  /** Never negative: the clock of the wall may be set back meanwhile. */
  private static Duration between(Instant from, Instant to) {
    Duration between = Duration.between(from, to);
    return between.isNegative() ? Duration.ZERO : between;
  }
}
