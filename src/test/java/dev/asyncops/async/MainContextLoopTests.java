package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who owns a context, how its loop sleeps, wakes and ends, and what a bad callback does to it. */
class MainContextLoopTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  @RegisterExtension final LogCapture log = new LogCapture(MainContext.class);
  private final MainContext context = loop.context();

  @Test
  void m1_acquire_isCountedAndRefusedToOthers() {
    assertThat(context.acquire()).isTrue();
    assertThat(context.acquire()).isTrue();

    context.release();
    OtherThread.run(() -> assertThat(context.acquire()).isFalse());
    context.release();

    OtherThread.run(() -> {
      assertThat(context.acquire()).isTrue();
      context.release();
    });
  }

  @Test
  void m1_releaseWithoutOwning_isRefused() {
    assertThatIllegalStateException().isThrownBy(context::release);

    context.acquire();
    OtherThread.run(() -> assertThatIllegalStateException().isThrownBy(context::release));
    context.release();
  }

  @Test
  void m1_callback_cannotGiveAwayTheOwnershipOfItsBatch() {
    loop.expectFailures(1);
    AtomicBoolean later = new AtomicBoolean();
    context.post(context::release);
    context.post(() -> later.set(context.isOwner()));

    loop.drain();

    assertThat(later).isTrue();
  }

  @Test
  void m2_isOwner_answersForTheCallingThread() {
    context.acquire();

    assertThat(context.isOwner()).isTrue();
    OtherThread.run(() -> assertThat(context.isOwner()).isFalse());
    context.release();

    assertThat(context.isOwner()).isFalse();
    assertThatIllegalStateException().isThrownBy(context::checkOwner);
  }

  @Test
  void m3_postToSleepingLoop_wakesIt() throws InterruptedException {
    OtherThread running = loop.runLoop();
    for (int i = 0; i < 200; i++) {
      CountDownLatch dispatched = new CountDownLatch(1);
      running.awaitWaiting();

      context.post(dispatched::countDown);

      OtherThread.await(dispatched);
    }
  }

  @Test
  void m3_postsRacingWithTheLoopFallingAsleep_areNeverLost() throws InterruptedException {
    loop.runLoop();
    for (int i = 0; i < 20_000; i++) {
      CountDownLatch dispatched = new CountDownLatch(1);

      context.post(dispatched::countDown);

      OtherThread.await(dispatched);
    }
  }

  @Test
  void m4_wakeup_endsTheBlockingIterationWithoutDispatching() {
    AtomicBoolean dispatched = new AtomicBoolean(true);
    OtherThread blocked = OtherThread.start(() -> dispatched.set(context.iterate(true)));
    blocked.awaitWaiting();

    context.wakeup();

    blocked.join();
    assertThat(dispatched).isFalse();
  }

  @Test
  void m4_wakeupBeforehand_endsTheNextBlockingIterationAlsoAfterOneThatDoesNotBlock() {
    context.wakeup();

    loop.iterate();
    boolean dispatched = context.iterate(true);

    assertThat(dispatched).isFalse();
  }

  @Test
  void m15_iteratingFromInsideCallback_isRefused() {
    List<Throwable> refused = new ArrayList<>();
    context.post(() -> {
      refused.add(catchThrowable(() -> context.iterate(false)));
      refused.add(catchThrowable(() -> context.iterate(true)));
      refused.add(catchThrowable(context::run));
    });

    loop.drain();

    assertThat(refused).hasSize(3).allMatch(IllegalStateException.class::isInstance);
  }

  @Test
  void m16_callbackThatThrows_isLoggedAndCountedAndStopsNothing() {
    loop.expectFailures(2);
    List<String> ran = new ArrayList<>();
    context.post(
        Priority.DEFAULT,
        "bad",
        () -> {
          throw new IllegalArgumentException("on purpose");
        });
    context.post(Priority.DEFAULT, "endless", MainContextLoopTests::recurse);
    context.post(Priority.DEFAULT, "peer", () -> ran.add("peer"));
    context.post(Priority.LOW, "later", () -> ran.add("later"));

    loop.drain();

    assertThat(ran).containsExactly("peer", "later");
    assertThat(log.lines(Level.ERROR)).hasSize(2).first().asString().contains("'bad'", "'test'");
    assertThat(context.failureCount()).isEqualTo(2);
    assertThat(context.fatalError()).isNull();
  }

  @SuppressWarnings("InfiniteRecursion")
  private static void recurse() {
    recurse();
  }

  @Test
  void m16_releaseHookThatThrows_stopsNothing() {
    loop.expectFailures(1);
    List<String> ran = new ArrayList<>();
    context.post(
        Priority.DEFAULT,
        "hooked",
        () -> ran.add("action"),
        () -> {
          throw new IllegalArgumentException("on purpose");
        });
    context.post(Priority.DEFAULT, "peer", () -> ran.add("peer"));

    loop.drain();

    assertThat(ran).containsExactly("action", "peer");
  }

  @Test
  void m16_fatalError_isKeptForHealthAndTheLoopGoesOn() {
    loop.expectFailures(2);
    OutOfMemoryError first = new OutOfMemoryError("on purpose");
    AtomicBoolean ran = new AtomicBoolean();
    context.post(() -> {
      throw first;
    });
    context.post(() -> {
      throw new InternalError("on purpose");
    });
    context.post(() -> ran.set(true));

    loop.drain();

    assertThat(context.fatalError()).isSameAs(first);
    assertThat(ran).isTrue();
  }

  @Test
  void m16_interruptOfSleepingLoop_isClearedAndTheLoopSleepsAgain() throws InterruptedException {
    OtherThread running = loop.runLoop();
    running.awaitWaiting();

    running.thread().interrupt();

    assertThat(interruptedInNextCallback()).isFalse();
    running.awaitWaiting();
    assertThat(running.thread().isAlive()).isTrue();
  }

  @Test
  void m16_interruptLeftByCallback_isClearedBeforeTheNextBatch() throws InterruptedException {
    loop.runLoop();
    context.post(Priority.HIGH, () -> Thread.currentThread().interrupt());

    assertThat(interruptedInNextCallback()).isFalse();
  }

  private boolean interruptedInNextCallback() throws InterruptedException {
    AtomicBoolean interrupted = new AtomicBoolean(true);
    CountDownLatch ran = new CountDownLatch(1);
    context.post(
        Priority.LOW,
        () -> {
          interrupted.set(Thread.currentThread().isInterrupted());
          ran.countDown();
        });
    OtherThread.await(ran);
    return interrupted.get();
  }

  @Test
  void m16_listenerThatThrows_losesNoEntry() {
    List<String> ran = new ArrayList<>();
    MainContext fragile =
        new MainContext(
            "fragile",
            loop.ticker(),
            new MainContextListener() {
              @Override
              public void batchTaken(Priority priority, long waitNanos) {
                throw new IllegalArgumentException("on purpose");
              }

              @Override
              public void entryRan(Priority priority, long runNanos) {
                throw new IllegalArgumentException("on purpose");
              }

              @Override
              public void callbackFailed() {
                throw new IllegalArgumentException("on purpose");
              }
            });
    fragile.post(() -> ran.add("first"));
    fragile.post(() -> ran.add("second"));

    fragile.iterate(false);

    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void m18_quitFromInsideCallback_finishesTheBatchAndKeepsTheRest() {
    List<String> ran = new ArrayList<>();
    context.post(Priority.DEFAULT, context::quit);
    context.post(Priority.DEFAULT, () -> ran.add("same batch"));
    context.post(Priority.LOW, () -> ran.add("rest"));

    context.run();
    List<String> afterQuit = List.copyOf(ran);
    loop.drain();

    assertThat(afterQuit).containsExactly("same batch");
    assertThat(ran).containsExactly("same batch", "rest");
  }

  @Test
  void m18_quitFromAnotherThread_wakesTheLoop() {
    OtherThread running = OtherThread.start(context::run);
    running.awaitWaiting();

    context.quit();

    running.join();
  }

  @Test
  void m18_quitBeforehand_endsTheNextRunOnly() {
    context.quit();
    context.run();
    OtherThread running = OtherThread.start(context::run);

    running.awaitWaiting();

    assertThat(running.thread().isAlive()).isTrue();
    context.quit();
    running.join();
  }

  @Test
  void m19_secondRunWhileOwned_isRefusedAndNonBlockingIterationIsFalse() {
    context.post(() -> {});
    context.acquire();

    OtherThread.run(() -> {
      assertThatIllegalStateException().isThrownBy(context::run);
      assertThatIllegalStateException().isThrownBy(() -> context.iterate(true));
      assertThat(context.iterate(false)).isFalse();
    });

    assertThat(loop.iterate()).isTrue();
    context.release();
  }

  @Test
  void m20_idleLoop_isParkedWithoutTimeLimit() {
    OtherThread running = loop.runLoop();

    running.awaitWaiting();

    assertThat(running.thread().getState()).isEqualTo(Thread.State.WAITING);
  }

  @Test
  void t26_iteration_countsUpAndIsTheOwnersAlone() {
    List<Long> seen = new ArrayList<>();
    context.post(() -> seen.add(context.iteration()));
    loop.iterate();
    context.post(() -> seen.add(context.iteration()));
    loop.iterate();

    assertThat(seen).hasSize(2).isSorted().doesNotHaveDuplicates();
    assertThatThrownBy(context::iteration).isInstanceOf(IllegalStateException.class);
  }
}
