package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextWatchdog;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.IoPools;
import dev.asyncops.registry.InMemoryOperationStore;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** That the service ends in bounded time, whatever hangs. */
@Timeout(30)
class LifecyclesTests {

  private static final Duration SHORT = Duration.ofMillis(50);

  private final MainContext context = new MainContext("test-context");
  private final IoPools pools = new IoPools(List.of(), 1);
  private final MainContextLifecycle loop =
      new MainContextLifecycle(
          context,
          new MainContextWatchdog(context, Duration.ofSeconds(10), Ticker.system()),
          pools,
          SHORT);
  private final OperationRegistry registry =
      new OperationRegistry(
          context,
          new OperationRegistry.Limits(1, 1, Long.MAX_VALUE, Duration.ofHours(1), 1),
          List.of("copy"),
          Clock.systemUTC(),
          Ticker.system(),
          new OperationIds(Clock.systemUTC(), new Random(1)),
          new InMemoryOperationStore(context),
          List.of());
  private final DrainLifecycle drain = new DrainLifecycle(context, registry, Duration.ZERO, SHORT);
  private final CountDownLatch hang = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    hang.countDown();
    context.close();
  }

  @Test
  void l10_theOrderIsDrainThenWebServerThenContext() {
    assertThat(drain.getPhase()).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
    assertThat(loop.getPhase()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    assertThat(drain.isPauseable()).isFalse();
    assertThat(loop.isPauseable()).isFalse();
  }

  @Test
  void m19_theContextRunsOnOneThreadOfItsNameThatKeepsTheProcessAlive() throws Exception {
    loop.start();

    Thread thread = threadOfContext();

    assertThat(thread.getName()).isEqualTo("test-context");
    assertThat(thread.isDaemon()).isFalse();
    assertThat(loop.isAlive()).isTrue();
    assertThat(loop.isRunning()).isTrue();
  }

  @Test
  void m21_stoppingDeliversWhatIsQueuedAndEndsTheThread() throws Exception {
    loop.start();
    Thread thread = threadOfContext();
    CountDownLatch delivered = new CountDownLatch(1);
    context.post(Priority.LOW, delivered::countDown);

    loop.stop();

    assertThat(delivered.getCount()).isZero();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(loop.isRunning()).isFalse();
    assertThat(loop.isAlive()).isFalse();
  }

  @Test
  void aContextThatWasNeverStarted_stopsToo() {
    loop.stop();

    assertThat(context.isClosed()).isTrue();
  }

  @Test
  void l10_drainingARegistryWithoutWork_refusesStartsFromThenOn() {
    loop.start();
    drain.start();
    assertThat(drain.isRunning()).isTrue();

    drain.stop();

    assertThat(registry.isAccepting()).isFalse();
    assertThat(drain.isRunning()).isFalse();
  }

  @Test
  void aCallbackThatHangs_delaysTheEndAndDoesNotPreventIt() throws Exception {
    loop.start();
    drain.start();
    hangTheContext();

    drain.stop();
    loop.stop();

    assertThat(context.isClosed()).isTrue();
  }

  @Test
  void aClosedContext_isNotWaitedFor() {
    context.close();

    drain.stop();

    assertThat(drain.isRunning()).isFalse();
  }

  private Thread threadOfContext() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch ran = new CountDownLatch(1);
    context.post(() -> {
      thread.set(Thread.currentThread());
      ran.countDown();
    });
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    return thread.get();
  }

  private void hangTheContext() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    context.post(() -> {
      hanging.countDown();
      assertThat(awaitQuietly()).isTrue();
    });
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private boolean awaitQuietly() {
    try {
      return hang.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
