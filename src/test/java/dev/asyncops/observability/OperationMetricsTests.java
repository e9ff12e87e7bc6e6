package dev.asyncops.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The numbers an operator sees, after scripted lives of operations. */
class OperationMetricsTests {

  private static final Instant T0 = Snapshots.ADMITTED;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Clock clock = Clock.fixed(T0.plusSeconds(100), ZoneOffset.UTC);
  private final OperationMetrics metrics =
      new OperationMetrics(
          registry, clock, new KnownKinds(List.of("copy", "delete-batch", "connect")));

  private @Nullable OperationSnapshot last;

  @Test
  void everyCombinationOfTags_isThereAtZero() {
    for (String kind : List.of("copy", "delete-batch", "connect")) {
      assertThat(counter("asyncops.started", "kind", kind)).isZero();
      assertThat(timer("asyncops.queue.wait", "kind", kind).count()).isZero();
      assertThat(timer("asyncops.cancel.latency", "kind", kind).count()).isZero();
      assertThat(gauge("asyncops.items.pending", "kind", kind)).isZero();
      assertThat(gauge("asyncops.items.known", "kind", kind)).isZero();
      assertThat(gauge("asyncops.oldest.active", "kind", kind)).isZero();
      for (String outcome : List.of("SUCCEEDED", "PARTIAL", "FAILED", "CANCELLED")) {
        assertThat(counter("asyncops.completed", "kind", kind, "outcome", outcome)).isZero();
        assertThat(timer("asyncops.duration", "kind", kind, "outcome", outcome).count()).isZero();
      }
      for (String state : List.of("QUEUED", "RUNNING", "CANCELLING")) {
        assertThat(gauge("asyncops.active", "kind", kind, "state", state)).isZero();
      }
      for (String outcome : List.of("SUCCEEDED", "FAILED", "SKIPPED", "CANCELLED")) {
        assertThat(counter("asyncops.items", "kind", kind, "outcome", outcome)).isZero();
      }
    }
    for (String reason : List.of("QUEUE_FULL", "DRAINING", "PENDING")) {
      assertThat(counter("asyncops.rejected", "reason", reason)).isZero();
    }
    assertThat(counter("asyncops.copied")).isZero();
    assertThat(gauge("asyncops.queue.depth")).isZero();
  }

  @Test
  void anOperationThatSucceeds_isCountedOnceEverywhere() {
    Snapshots operation = new Snapshots("delete-batch", 1);

    publish(operation.admitted(10));
    publish(operation.started(T0.plusSeconds(2)));
    publish(operation.items(3, 1, 2, 0));
    publish(operation.items(4, 0, 0, 0));
    publish(operation.ended(OperationState.PARTIAL, T0.plusSeconds(7), null));

    String[] kind = {"kind", "delete-batch"};
    assertThat(counter("asyncops.started", kind)).isEqualTo(1);
    assertThat(counter("asyncops.completed", "kind", "delete-batch", "outcome", "PARTIAL"))
        .isEqualTo(1);
    assertThat(seconds(timer("asyncops.queue.wait", kind))).isEqualTo(2);
    assertThat(seconds(timer("asyncops.duration", "kind", "delete-batch", "outcome", "PARTIAL")))
        .isEqualTo(5);
    assertThat(timer("asyncops.cancel.latency", kind).count()).isZero();
    assertThat(items("SUCCEEDED")).isEqualTo(7);
    assertThat(items("FAILED")).isEqualTo(1);
    assertThat(items("SKIPPED")).isEqualTo(2);
    assertThat(items("CANCELLED")).isZero();
  }

  @Test
  void whatIsActive_isSeenWhileItIs() {
    Snapshots running = new Snapshots("delete-batch", 1);
    publish(running.admitted(10));
    publish(running.started(T0.plusSeconds(1)));
    publish(running.items(4, 0, 0, 0));
    OperationSnapshot lastOfRunning = last;
    Snapshots queued = new Snapshots("delete-batch", 2).admittedAt(T0.plusSeconds(40));
    last = null;
    publish(queued.admitted(5));

    assertThat(active("QUEUED")).isEqualTo(1);
    assertThat(active("RUNNING")).isEqualTo(1);
    assertThat(gauge("asyncops.queue.depth")).isEqualTo(1);
    assertThat(gauge("asyncops.items.pending", "kind", "delete-batch")).isEqualTo(11);
    assertThat(gauge("asyncops.items.known", "kind", "delete-batch")).isEqualTo(15);
    assertThat(gauge("asyncops.oldest.active", "kind", "delete-batch")).isEqualTo(100);

    last = lastOfRunning;
    publish(running.ended(OperationState.SUCCEEDED, T0.plusSeconds(9), null));

    assertThat(active("RUNNING")).isZero();
    assertThat(gauge("asyncops.items.pending", "kind", "delete-batch")).isEqualTo(5);
    assertThat(gauge("asyncops.items.known", "kind", "delete-batch")).isEqualTo(5);
    assertThat(gauge("asyncops.oldest.active", "kind", "delete-batch")).isEqualTo(60);
  }

  @Test
  void cancelWhileRunning_countsItsLatency() {
    Snapshots operation = new Snapshots("copy", 1);
    publish(operation.admitted(1));
    publish(operation.started(T0));
    publish(operation.cancelRequested(T0.plusSeconds(3)));
    assertThat(gauge("asyncops.active", "kind", "copy", "state", "CANCELLING")).isEqualTo(1);

    publish(operation.ended(OperationState.CANCELLED, T0.plusMillis(3_250), null));

    assertThat(timer("asyncops.cancel.latency", "kind", "copy").totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(250);
    assertThat(gauge("asyncops.active", "kind", "copy", "state", "CANCELLING")).isZero();
    assertThat(counter("asyncops.completed", "kind", "copy", "outcome", "CANCELLED")).isEqualTo(1);
  }

  @Test
  void cancelWhileQueued_waitedForNothing() {
    Snapshots operation = new Snapshots("connect", 1);
    publish(operation.admitted(3));

    publish(operation.cancelledWhileQueued(T0.plusSeconds(8)));

    assertThat(timer("asyncops.queue.wait", "kind", "connect").count()).isZero();
    Timer duration = timer("asyncops.duration", "kind", "connect", "outcome", "CANCELLED");
    assertThat(duration.count()).isEqualTo(1);
    assertThat(seconds(duration)).isZero();
    assertThat(gauge("asyncops.queue.depth")).isZero();
    assertThat(gauge("asyncops.items.pending", "kind", "connect")).isZero();
  }

  @Test
  void aChangeAfterTheEnd_countsNothing() {
    Snapshots operation = new Snapshots("copy", 1);
    publish(operation.admitted(1));
    publish(operation.ended(OperationState.FAILED, T0.plusSeconds(1), null));

    publish(operation.ended(OperationState.FAILED, T0.plusSeconds(1), null));

    assertThat(counter("asyncops.completed", "kind", "copy", "outcome", "FAILED")).isEqualTo(1);
    assertThat(timer("asyncops.duration", "kind", "copy", "outcome", "FAILED").count())
        .isEqualTo(1);
  }

  @Test
  void bytes_areCountedForCopiesOnly() {
    Snapshots copy = new Snapshots("copy", 1);
    publish(copy.admitted(1));
    publish(copy.bytes(1_000));
    publish(copy.bytes(500));
    last = null;
    Snapshots connect = new Snapshots("connect", 2);
    publish(connect.admitted(3));
    publish(connect.bytes(128));

    assertThat(counter("asyncops.copied")).isEqualTo(1_500);
  }

  @Test
  void aClockThatWasSetBack_givesZeroAndNothingNegative() {
    Snapshots operation = new Snapshots("copy", 1).admittedAt(T0.plusSeconds(1_000));
    publish(operation.admitted(1));
    publish(operation.started(T0));

    assertThat(gauge("asyncops.oldest.active", "kind", "copy")).isZero();
    assertThat(seconds(timer("asyncops.queue.wait", "kind", "copy"))).isZero();
  }

  @Test
  void refusals_areCountedByReason() {
    metrics.refused("copy", ErrorCode.QUEUE_FULL);
    metrics.refused("connect", ErrorCode.QUEUE_FULL);
    metrics.refused("copy", ErrorCode.PENDING);

    assertThat(counter("asyncops.rejected", "reason", "QUEUE_FULL")).isEqualTo(2);
    assertThat(counter("asyncops.rejected", "reason", "PENDING")).isEqualTo(1);
    assertThat(counter("asyncops.rejected", "reason", "DRAINING")).isZero();
  }

  private void publish(OperationSnapshot after) {
    metrics.published(last, after);
    last = after;
  }

  private double items(String outcome) {
    return counter("asyncops.items", "kind", "delete-batch", "outcome", outcome);
  }

  private double active(String state) {
    return gauge("asyncops.active", "kind", "delete-batch", "state", state);
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private Timer timer(String name, String... tags) {
    return registry.get(name).tags(tags).timer();
  }

  private static double seconds(Timer timer) {
    return timer.totalTime(TimeUnit.SECONDS);
  }
}
