package dev.asyncops.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

/** Whether a process whose main context is stuck is found out. */
class MainContextHealthIndicatorTests {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean threadAlive = new AtomicBoolean(true);
  private final MainContext context = new MainContext("test");
  private final MainContextHealthIndicator indicator =
      new MainContextHealthIndicator(context, threadAlive::get, nanos::get);

  @Test
  void aContextThatAnswers_isUpForEver() {
    for (int look = 0; look < 5; look++) {
      assertThat(status()).isEqualTo(Status.UP);
      context.iterate(false);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }
  }

  @Test
  void onePing_isUnderWayAtATime() {
    status();
    status();
    status();

    assertThat(context.queueDepths()).containsEntry(Priority.HIGH, 1);
  }

  @Test
  void m16_aStuckCallback_isDownAfterTenSecondsAndUpWhenItEnds() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread loop = Thread.ofPlatform().start(context::run);
    context.post(() -> {
      stuck.countDown();
      awaitQuietly(release);
    });
    assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(status()).isEqualTo(Status.UP);
    nanos.set(Duration.ofSeconds(10).toNanos());
    assertThat(status()).isEqualTo(Status.UP);
    nanos.set(Duration.ofSeconds(11).toNanos());
    assertThat(status()).isEqualTo(Status.DOWN);
    assertThat(indicator.health().getDetails()).containsValue("A ping is unanswered for 11 s.");

    release.countDown();
    CountDownLatch dispatched = new CountDownLatch(1);
    context.post(Priority.LOW, dispatched::countDown);
    assertThat(dispatched.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(status()).isEqualTo(Status.UP);

    context.close();
    assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aDeadThread_isDown() {
    threadAlive.set(false);

    assertThat(status()).isEqualTo(Status.DOWN);
  }

  @Test
  void aClosedContext_isDown() {
    context.close();

    assertThat(status()).isEqualTo(Status.DOWN);
  }

  @Test
  void m16_aFatalError_isDownForGood() {
    context.post(() -> {
      throw new OutOfMemoryError("made up");
    });

    context.iterate(false);

    assertThat(status()).isEqualTo(Status.DOWN);
  }

  private Status status() {
    return indicator.health().getStatus();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
