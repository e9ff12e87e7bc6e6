package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TimeoutTests {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  private final MainContext context = loop.context();
  private final List<String> ran = new ArrayList<>();

  @Test
  void m12_timeout_runsOnceAndNeverEarly() {
    context.after(SECOND, "t", () -> ran.add("t"));

    loop.advance(SECOND.minusNanos(1));
    List<String> early = List.copyOf(ran);
    loop.advance(Duration.ofNanos(1));
    loop.advance(SECOND.multipliedBy(10));

    assertThat(early).isEmpty();
    assertThat(ran).containsExactly("t");
  }

  @Test
  void m12_repeating_beginsAfterOneIntervalAndDoesNotCatchUp() {
    AtomicInteger runs = new AtomicInteger();
    Registration tick = context.every(SECOND, Priority.DEFAULT, "tick", runs::incrementAndGet);

    loop.drain();
    assertThat(runs).hasValue(0);
    loop.advance(SECOND.multipliedBy(5));
    assertThat(runs).hasValue(1);
    loop.advance(SECOND.minusNanos(1));
    assertThat(runs).hasValue(1);
    loop.advance(Duration.ofNanos(1));

    assertThat(runs).hasValue(2);
    tick.close();
  }

  @Test
  void m12_nextRun_isDueOneIntervalAfterTheEndOfTheLast() {
    AtomicInteger runs = new AtomicInteger();
    Runnable slow =
        () -> {
          runs.incrementAndGet();
          loop.ticker().advance(SECOND.dividedBy(2));
        };
    Registration tick = context.every(SECOND, Priority.DEFAULT, "tick", slow);

    loop.advance(SECOND);
    loop.advance(SECOND.minusNanos(1));
    int tooEarly = runs.get();
    loop.advance(Duration.ofNanos(1));

    assertThat(tooEarly).isEqualTo(1);
    assertThat(runs).hasValue(2);
    tick.close();
  }

  @Test
  void m12_longestInterval_doesNotOverflow() {
    context.after(Duration.ofSeconds(Long.MAX_VALUE), "never", () -> ran.add("never"));
    context.after(Duration.ofNanos(Long.MAX_VALUE), "never", () -> ran.add("never"));
    context.after(SECOND, "t", () -> ran.add("t"));

    loop.advance(Duration.ofDays(10_000));

    assertThat(ran).containsExactly("t");
  }

  @Test
  void m6_m12_zeroInterval_isAlwaysReadyAndStarvesWorsePriorities() {
    AtomicInteger runs = new AtomicInteger();
    Registration busy =
        context.every(Duration.ZERO, Priority.DEFAULT, "busy", runs::incrementAndGet);
    context.post(Priority.LOW, () -> ran.add("low"));

    for (int i = 0; i < 100; i++) {
      loop.iterate();
    }

    assertThat(runs).hasValue(100);
    assertThat(ran).isEmpty();
    busy.close();
    loop.drain();
    assertThat(ran).containsExactly("low");
  }

  @Test
  void m12_negativeInterval_isRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> context.after(Duration.ofNanos(-1), "t", () -> {}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> context.every(Duration.ofNanos(-1), Priority.LOW, "t", () -> {}));
  }

  @Test
  void m12_repeatingThatThrows_runsAgain() {
    loop.expectFailures(2);
    Registration bad =
        context.every(
            SECOND,
            Priority.DEFAULT,
            "bad",
            () -> {
              throw new IllegalArgumentException("on purpose");
            });

    loop.advance(SECOND);
    loop.advance(SECOND);

    assertThat(context.failureCount()).isEqualTo(2);
    bad.close();
  }

  @Test
  void m13_overdueTimeouts_runByDeadlineThenByAttachment() {
    context.after(SECOND.multipliedBy(2), "late", () -> ran.add("late"));
    context.after(SECOND, "first attached", () -> ran.add("first attached"));
    context.after(SECOND, "then attached", () -> ran.add("then attached"));
    context.after(Duration.ZERO, "early", () -> ran.add("early"));

    loop.advance(SECOND.multipliedBy(3));

    assertThat(ran).containsExactly("early", "first attached", "then attached", "late");
  }

  @Test
  void m5_m13_dueTimeouts_takePartInTheOrderOfPriorities() {
    context.post(Priority.DEFAULT, () -> ran.add("posted default"));
    context.after(SECOND, Priority.HIGH, "t", () -> ran.add("high timeout"));
    context.after(SECOND, Priority.LOW, "t", () -> ran.add("low timeout"));
    context.post(Priority.DEFAULT_IDLE, () -> ran.add("posted idle"));

    loop.advance(SECOND);

    assertThat(ran).containsExactly("high timeout", "posted default", "posted idle", "low timeout");
  }

  @Test
  void m14_closedTimeout_neverRuns() {
    Registration timeout = context.after(SECOND, "t", () -> ran.add("t"));

    timeout.close();
    timeout.close();
    loop.advance(SECOND);

    assertThat(ran).isEmpty();
  }

  @Test
  void m14_dueTimeoutClosedBeforeItsTurn_neverRuns() {
    Registration timeout = context.after(SECOND, Priority.LOW, "t", () -> ran.add("t"));
    context.after(SECOND, Priority.HIGH, "closer", timeout::close);

    loop.advance(SECOND);

    assertThat(ran).isEmpty();
  }

  @Test
  void m14_repeatingClosedFromInside_doesNotRunAgain() {
    List<Registration> self = new ArrayList<>();
    self.add(
        context.every(
            SECOND,
            Priority.DEFAULT,
            "t",
            () -> {
              ran.add("t");
              self.getFirst().close();
            }));

    loop.advance(SECOND);
    loop.advance(SECOND);

    assertThat(ran).containsExactly("t");
    assertThat(context.queue().timeoutCount()).isZero();
  }

  @Test
  void m14_m23_closedTimeouts_areSweptWithoutBeingDue() {
    for (int i = 0; i < 10_000; i++) {
      context.after(Duration.ofDays(1), "request", () -> {}).close();
    }

    assertThat(context.queue().timeoutCount()).isLessThan(200);
  }

  @Test
  void m14_sweeping_keepsTheOpenOnes() {
    List<Registration> closed = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String name = "t" + i;
      Registration timeout = context.after(SECOND, name, () -> ran.add(name));
      if (i % 10 != 0) {
        closed.add(timeout);
      }
    }

    closed.forEach(Registration::close);
    loop.advance(SECOND);

    assertThat(ran).hasSize(100).startsWith("t0", "t10", "t20").endsWith("t990");
  }

  @Test
  void m3_timeoutThatIsSooner_wakesTheSleepingLoop() throws InterruptedException {
    MainContext real = new MainContext("real");
    OtherThread running = OtherThread.start(real::run);
    CountDownLatch ran = new CountDownLatch(1);
    real.after(Duration.ofDays(1), "late", () -> {});
    running.awaitWaiting();

    real.after(Duration.ofMillis(1), "soon", ran::countDown);

    OtherThread.await(ran);
    real.close();
    running.join();
  }
}
