package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a context: from another thread, from inside a callback, and without a loop. */
class MainContextCloseTests {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @RegisterExtension final LogCapture log = new LogCapture(MainContext.class);
  private final ManualTicker ticker = new ManualTicker();
  private final MainContext context = new MainContext("closing", ticker, MainContextListener.NONE);
  private final List<String> ran = new ArrayList<>();

  @Test
  void m21_closeWithoutLoop_drainsInTheCall() {
    post(Priority.LOW, "low");
    post(Priority.HIGH, "high");

    context.close();

    assertThat(ran).containsExactly("high", "low");
    assertThat(context.isOwner()).isFalse();
  }

  @Test
  void m21_closeByTheOwner_drainsInTheCall() {
    context.acquire();
    post(Priority.DEFAULT, "entry");

    context.close();

    assertThat(ran).containsExactly("entry");
    context.release();
  }

  @Test
  void m21_closeFromAnotherThread_hasTheLoopDrainAndWaitsForIt() throws InterruptedException {
    OtherThread running = OtherThread.start(context::run);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    context.post(
        Priority.HIGH,
        () -> {
          busy.countDown();
          awaitUnchecked(goOn);
        });
    OtherThread.await(busy);
    context.post(
        Priority.LOW, () -> ran.add(Thread.currentThread() == running.thread() ? "" : "!"));
    OtherThread closer = OtherThread.start(context::close);
    closer.awaitWaiting();

    goOn.countDown();

    closer.join();
    assertThat(ran).containsExactly("");
    running.join();
  }

  @Test
  void m21_closeFromInsideCallback_returnsAtOnceAndTheLoopDrainsAfterwards() {
    context.post(
        Priority.HIGH,
        () -> {
          context.close();
          ran.add("closed");
        });
    post(Priority.LOW, "low");
    context.after(SECOND, "timeout", () -> ran.add("timeout"));

    context.run();

    assertThat(ran).containsExactly("closed", "low");
    assertThat(context.queue().timeoutCount()).isZero();
  }

  @Test
  void m21_closeFromInsideCallbackDrivenByHand_isDrainedByThatIteration() {
    context.post(Priority.HIGH, context::close);
    post(Priority.LOW, "low");

    context.iterate(false);

    assertThat(ran).containsExactly("low");
  }

  @Test
  void m21_closedContext_refusesPostsAndRunsTheirHooks() {
    AtomicInteger released = new AtomicInteger();

    context.close();

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> context.post(() -> {}));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(
            () -> context.post(Priority.LOW, "e", () -> ran.add("e"), released::incrementAndGet));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> context.after(SECOND, "t", () -> {}));
    assertThat(released).hasValue(1);
    assertThat(ran).isEmpty();
  }

  @Test
  void m21_postFromTheDrain_isRefusedSoTheDrainEnds() {
    List<@Nullable Throwable> refused = new ArrayList<>();
    context.post(() -> refused.add(catchThrowable(() -> context.post(() -> {}))));

    context.close();

    assertThat(refused).singleElement().isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void m21_deadlinePassed_theRestIsReleasedAndLogged() {
    post(Priority.HIGH, "in time");
    context.post(Priority.HIGH, () -> ticker.advance(SECOND));
    AtomicInteger released = new AtomicInteger();
    context.post(Priority.LOW, "late", () -> ran.add("late"), released::incrementAndGet);

    context.close(SECOND);

    assertThat(ran).containsExactly("in time");
    assertThat(released).hasValue(1);
    assertThat(log.lines(Level.WARN)).singleElement().asString().contains("1 entries");
  }

  @Test
  void m21_repeatingTimeoutThatIsDue_runsOnceMoreAndEnds() {
    context.every(SECOND, Priority.DEFAULT, "tick", () -> ran.add("tick"));
    ticker.advance(SECOND);
    context.post(Priority.HIGH, context::close);

    context.run();

    assertThat(ran).containsExactly("tick");
    assertThat(context.queue().timeoutCount()).isZero();
  }

  @Test
  void m21_closingTwice_doesNothingMore() {
    context.close();
    context.close();

    assertThat(context.isClosed()).isTrue();
    assertThat(log.records()).isEmpty();
  }

  @Test
  void m21_runAfterClose_returns() {
    context.close();

    context.run();

    assertThat(context.isOwner()).isFalse();
  }

  @Test
  void m21_ownerThatStaysBusy_isReportedAfterTheDeadline() throws InterruptedException {
    CountDownLatch owned = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    OtherThread holder =
        OtherThread.start(() -> {
          context.acquire();
          owned.countDown();
          OtherThread.await(goOn);
          context.release();
        });
    OtherThread.await(owned);
    post(Priority.LOW, "entry");

    context.close(Duration.ofMillis(1));
    int ranBefore = ran.size();
    goOn.countDown();
    holder.join();

    assertThat(ranBefore).isZero();
    assertThat(log.lines(Level.WARN)).singleElement().asString().contains("busy");
    assertThat(ran).containsExactly("entry");
  }

  @Test
  void c20_m21_cancelAfterClose_isHarmless() {
    Cancellable cancellable = new Cancellable();
    context.onCancelled(cancellable, Priority.DEFAULT, "c", () -> ran.add("c"));
    context.close();

    assertThat(cancellable.cancel()).isTrue();

    assertThat(ran).isEmpty();
  }

  private void post(Priority priority, String what) {
    context.post(priority, what, () -> ran.add(what));
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      OtherThread.await(latch);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
