package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks that run a function in a thread. */
@Timeout(60)
class TaskThreadTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  @RegisterExtension final LogCapture log = new LogCapture(Task.class);
  private final MainContext context = loop.context();
  private final Cancellable cancellable = new Cancellable();
  private final Object owner = new Object();
  private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @Test
  void r1_function_runsOnceOffTheLoopWithTheTaskInHand() {
    Task<String> task = task();
    task.setData("data", data -> {});
    context.post(() ->
        task.runInThread(running -> {
          ran.add("owner " + context.isOwner());
          ran.add(running.data(String.class) + " " + owner.equals(running.owner()));
          running.returnValue("value");
        }));

    untilCompleted(task);

    assertThat(ran).containsExactly("owner false", "data true", "value");
  }

  @Test
  void r1_function_runsAlsoIfCancelledAlready() {
    cancellable.cancel();
    Task<String> task = task();

    task.runInThread(running -> {
      ran.add("function");
      if (!running.returnErrorIfCancelled()) {
        running.returnValue("value");
      }
    });
    untilCompleted(task);

    assertThat(ran).containsExactly("function", "CANCELLED");
  }

  @Test
  void r2_delivery_waitsForTheFunctionToEnd() throws InterruptedException {
    Task<String> task = task();
    task.runInThread(running -> {
      running.returnValue("value");
      inside.countDown();
      OtherThread.await(goOn);
      ran.add("function ended");
    });
    OtherThread.await(inside);

    cancellable.cancel();
    boolean dispatchedTooEarly = loop.iterate();
    assertThatIllegalStateException().isThrownBy(task::propagate);
    goOn.countDown();
    untilCompleted(task);

    assertThat(dispatchedTooEarly).isFalse();
    assertThat(ran).containsExactly("function ended", "CANCELLED");
  }

  @Test
  void r3_returnOnCancel_deliversAtOnceAndReleasesWhatComesLate() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Task<String> task = task();
    task.setValueRelease(value -> ran.add(value + " released"));
    task.setReturnOnCancel(true);
    task.addCompletedListener(() -> ran.add("completed"));
    task.runInThread(running -> {
      inside.countDown();
      OtherThread.await(goOn);
      ran.add("late return " + running.returnValue("late"));
      ran.add("even later " + running.returnValue("later"));
      ended.countDown();
    });
    OtherThread.await(inside);

    cancellable.cancel();
    loop.drain();
    List<String> whileRunning = List.copyOf(ran);
    goOn.countDown();
    OtherThread.await(ended);
    loop.drain();

    assertThat(whileRunning).containsExactly("CANCELLED", "completed");
    assertThat(ran.subList(2, ran.size()))
        .containsExactly(
            "late released", "late return false", "later released", "even later false");
    assertThat(log.records()).isEmpty();
  }

  @Test
  void r3_cancelRacingWithTheReturn_deliversOnceAndAccountsForTheValue() {
    for (int i = 0; i < 500; i++) {
      Cancellable raced = new Cancellable();
      AtomicInteger deliveries = new AtomicInteger();
      AtomicInteger taken = new AtomicInteger();
      CountDownLatch released = new CountDownLatch(1);
      Task<String> task =
          loop.task(
              owner,
              raced,
              (o, result) -> {
                deliveries.incrementAndGet();
                if (outcome(result).equals("value")) {
                  taken.incrementAndGet();
                  released.countDown();
                }
              });
      AtomicInteger hooks = new AtomicInteger();
      task.setValueRelease(value -> {
        hooks.incrementAndGet();
        released.countDown();
      });
      task.setReturnOnCancel(true);
      task.runInThread(running -> running.returnValue("value"));

      raced.cancel();
      untilCompleted(task);
      awaitUnchecked(released);

      assertThat(deliveries).hasValue(1);
      assertThat(taken.get() + hooks.get()).isEqualTo(1);
    }
  }

  @Test
  void r4_switchingOffInside_isTheCommitPoint() throws InterruptedException {
    AtomicBoolean committed = new AtomicBoolean();
    Task<String> task = task();
    task.setReturnOnCancel(true);
    task.runInThread(running -> {
      committed.set(running.setReturnOnCancel(false));
      inside.countDown();
      OtherThread.await(goOn);
      ran.add("function ended");
      running.returnValue("value");
    });
    OtherThread.await(inside);

    cancellable.cancel();
    boolean dispatchedTooEarly = loop.iterate();
    goOn.countDown();
    untilCompleted(task);

    assertThat(committed).isTrue();
    assertThat(dispatchedTooEarly).isFalse();
    assertThat(ran.getFirst()).isEqualTo("function ended");
  }

  @Test
  void r4_t15_committedFunction_succeedsAlsoIfCancelledLater() throws InterruptedException {
    Task<String> task = task();
    task.setReturnOnCancel(true);
    task.runInThread(running -> {
      if (running.setReturnOnCancel(false)) {
        running.setCheckCancellable(false);
      }
      inside.countDown();
      OtherThread.await(goOn);
      running.returnValue("committed");
    });
    OtherThread.await(inside);

    cancellable.cancel();
    goOn.countDown();
    untilCompleted(task);

    assertThat(ran).containsExactly("committed");
  }

  @Test
  void r4_switchingOffAfterTheCancel_tellsNotToCommit() {
    AtomicBoolean committed = new AtomicBoolean(true);
    Task<String> task = task();
    task.setReturnOnCancel(true);
    cancellable.cancel();

    task.runInThread(running -> {
      committed.set(running.setReturnOnCancel(false));
      inside.countDown();
    });
    awaitUnchecked(inside);
    untilCompleted(task);

    assertThat(committed).isFalse();
    assertThat(ran).containsExactly("CANCELLED");
  }

  @Test
  void r4_r3_commitRacingWithCancel_isNeverBothCommittedAndEndedEarly() {
    for (int i = 0; i < 500; i++) {
      Cancellable raced = new Cancellable();
      AtomicBoolean committed = new AtomicBoolean();
      AtomicBoolean ended = new AtomicBoolean();
      List<Boolean> endedAtDelivery = new ArrayList<>();
      CountDownLatch over = new CountDownLatch(1);
      Task<String> task = loop.task(owner, raced, (o, result) -> endedAtDelivery.add(ended.get()));
      task.setReturnOnCancel(true);
      task.runInThread(running -> {
        committed.set(running.setReturnOnCancel(false));
        Thread.onSpinWait();
        ended.set(true);
        over.countDown();
      });

      raced.cancel();
      untilCompleted(task);
      awaitUnchecked(over);

      if (committed.get()) {
        assertThat(endedAtDelivery).containsExactly(true);
      } else {
        assertThat(endedAtDelivery).hasSize(1);
      }
    }
  }

  @Test
  void r5_switchingOnAfterTheCancel_endsTheTaskAtThatMoment() throws InterruptedException {
    AtomicBoolean answer = new AtomicBoolean(true);
    CountDownLatch cancelled = new CountDownLatch(1);
    Task<String> task = task();
    task.runInThread(running -> {
      OtherThread.await(cancelled);
      answer.set(running.setReturnOnCancel(true));
      inside.countDown();
      OtherThread.await(goOn);
    });

    cancellable.cancel();
    boolean dispatchedTooEarly = loop.iterate();
    cancelled.countDown();
    OtherThread.await(inside);
    loop.drain();

    assertThat(dispatchedTooEarly).isFalse();
    assertThat(answer).isFalse();
    assertThat(ran).containsExactly("CANCELLED");
    goOn.countDown();
  }

  @Test
  void r6_cancelledBeforehand_isDeliveredRightAwayAndTheFunctionStillRuns()
      throws InterruptedException {
    Task<String> task = task();
    task.setReturnOnCancel(true);
    cancellable.cancel();

    task.runInThread(running -> {
      OtherThread.await(goOn);
      inside.countDown();
    });
    List<String> atOnce = List.copyOf(ran);
    loop.drain();

    assertThat(atOnce).isEmpty();
    assertThat(ran).containsExactly("CANCELLED");
    goOn.countDown();
    OtherThread.await(inside);
  }

  @Test
  void r7_returnOnCancelWithoutChecking_isRefusedInEitherOrder() {
    Task<String> first = task();
    Task<String> second = task();

    first.setReturnOnCancel(true);
    assertThatIllegalStateException().isThrownBy(() -> first.setCheckCancellable(false));
    second.setCheckCancellable(false);
    assertThatIllegalStateException().isThrownBy(() -> second.setReturnOnCancel(true));

    first.returnValue("first");
    second.returnValue("second");
  }

  @Test
  void r7_withoutThread_theFlagHasNoEffect() {
    Task<String> task = task();
    cancellable.cancel();

    boolean on = task.setReturnOnCancel(true);
    boolean off = task.setReturnOnCancel(false);
    boolean delivered = loop.iterate();

    assertThat(List.of(on, off)).containsExactly(true, true);
    assertThat(delivered).isFalse();
    task.returnValue("value");
  }

  @Test
  void r8_functionWithoutResult_failsTheTask() {
    Task<String> task = task();

    task.runInThread(running -> {});
    untilCompleted(task);

    assertThat(ran).containsExactly("FAILED");
  }

  @Test
  void r8_exceptionOfTheFunction_becomesTheErrorWithItsCode() {
    Task<String> checked = task();
    Task<String> own = task();
    Task<String> error = task();

    checked.runInThread(running -> {
      throw new NoSuchFileException("a.txt");
    });
    untilCompleted(checked);
    own.runInThread(running -> {
      throw new OperationException(ErrorCode.NO_SPACE, "Full.");
    });
    untilCompleted(own);
    error.runInThread(running -> {
      throw new StackOverflowError();
    });
    untilCompleted(error);

    assertThat(ran).containsExactly("NOT_FOUND", "NO_SPACE", "FAILED");
  }

  @Test
  void r8_exceptionAfterTheReturn_doesNotReplaceTheResultAndIsLogged() {
    Task<String> task = task();

    task.runInThread(running -> {
      running.returnValue("value");
      throw new NoSuchFileException("a.txt");
    });
    untilCompleted(task);

    assertThat(ran).containsExactly("value");
    assertThat(log.records())
        .singleElement()
        .satisfies(line ->
            assertThat(line.getThrowableProxy().getClassName())
                .isEqualTo(OperationException.class.getName()));
  }

  @Test
  void r8_exceptionFromOurOwnClosing_isCancelledNotFailed() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      Task<String> task = task();
      task.setCheckCancellable(false);
      Registration closing = cancellable.connect(() -> closeUnchecked(socket));
      task.runInThread(running -> {
        inside.countDown();
        running.returnValue(Integer.toString(socket.getInputStream().read()));
      });
      OtherThread.await(inside);

      cancellable.cancel();
      untilCompleted(task);

      assertThat(ran).containsExactly("CANCELLED");
      closing.close();
    }
  }

  @Test
  void r8_sameExceptionWithoutCancel_isAFailure() {
    Task<String> task = task();

    task.runInThread(running -> {
      throw new InterruptedException("by a stranger");
    });
    untilCompleted(task);

    assertThat(ran).containsExactly("FAILED");
  }

  @Test
  void r9_secondRunInThread_isRefused() {
    Task<String> task = task();
    task.runInThread(running -> running.returnValue("value"));

    assertThatIllegalStateException().isThrownBy(() -> task.runInThread(running -> {}));
    OtherThread.run(
        () -> assertThatIllegalStateException().isThrownBy(() -> task.runInThreadSync(r -> {})));

    untilCompleted(task);
    assertThatIllegalStateException().isThrownBy(() -> task.runInThread(running -> {}));
  }

  @Test
  void r10_blockingVariant_completesWithoutTheCallbackBeforeItReturns() throws Exception {
    Task<String> task = task();
    task.setTag("tag");
    task.setData("data", ran::add);

    task.runInThreadSync(running -> running.returnValue("value"));

    assertThat(task.isCompleted()).isTrue();
    task.checkResultOf(owner, "tag");
    assertThat(task.propagate()).isEqualTo("value");
    assertThat(task.owner()).isNull();
    loop.drain();
    assertThat(ran).containsExactly("data");
  }

  @Test
  void r10_blockingVariant_isRefusedOnTheLoop() {
    Task<String> task = task();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    context.post(() -> thrown.set(catchThrowable(() -> task.runInThreadSync(running -> {}))));

    loop.drain();

    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    task.returnValue("value");
  }

  @Test
  void r10_blockingVariant_noticesACancelWithReturnOnCancel() throws InterruptedException {
    Task<String> task = task();
    task.setReturnOnCancel(true);
    OtherThread waiting =
        OtherThread.start(() ->
            task.runInThreadSync(running -> {
              inside.countDown();
              OtherThread.await(goOn);
            }));
    OtherThread.await(inside);

    cancellable.cancel();

    waiting.join();
    assertThat(outcome(task)).isEqualTo("CANCELLED");
    goOn.countDown();
  }

  @Test
  void r10_blockingVariant_returnsAlsoIfTheContextIsClosed() throws InterruptedException {
    MainContext closed = new MainContext("closed");
    closed.close();
    Task<String> task = Task.create(closed, owner, cancellable, null);
    task.addCompletedListener(() -> ran.add("never"));
    task.setData("data", ran::add);

    task.runInThreadSync(running -> running.returnValue("value"));

    assertThat(outcome(task)).isEqualTo("value");
    assertThat(ran).containsExactly("data");
  }

  @Test
  void r11_functionsThatWaitForOtherTasks_doNotStarveEachOther() {
    loop.runLoop();
    int chains = 50;
    int depth = 20;
    CountDownLatch over = new CountDownLatch(chains);

    for (int i = 0; i < chains; i++) {
      nested(depth, over);
    }

    awaitUnchecked(over);
  }

  private void nested(int depth, CountDownLatch over) {
    Task<String> task =
        Task.create(context, owner, Cancellable.none(), (o, result) -> over.countDown());
    task.runInThread(running -> {
      if (depth > 0) {
        CountDownLatch inner = new CountDownLatch(1);
        nested(depth - 1, inner);
        OtherThread.await(inner);
      }
      running.returnValue("value");
    });
  }

  @Test
  void r13_interruptOnCancel_reachesTheFunctionAndNothingAfterIt() {
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      Task<String> task = task();
      task.setCheckCancellable(false);
      task.setInterruptOnCancel(true);
      task.runInThread(
          pool,
          running -> {
            inside.countDown();
            new CountDownLatch(1).await();
          });
      awaitUnchecked(inside);

      cancellable.cancel();
      pool.execute(() -> ran.add("interrupted " + Thread.currentThread().isInterrupted()));
      untilCompleted(task);
    }

    assertThat(ran).containsExactlyInAnyOrder("CANCELLED", "interrupted false");
  }

  @Test
  void r13_cancelledBeforeTheFunctionBegan_interruptsItToo() {
    cancellable.cancel();
    Task<String> task = task();
    task.setInterruptOnCancel(true);
    task.setCheckCancellable(false);

    task.runInThread(running -> running.returnValue("" + Thread.currentThread().isInterrupted()));
    untilCompleted(task);

    assertThat(ran).containsExactly("true");
  }

  @Test
  void r13_withoutOptIn_aCancelDoesNotInterrupt() {
    Task<String> task = task();
    task.setCheckCancellable(false);
    task.runInThread(running -> {
      inside.countDown();
      OtherThread.await(goOn);
      running.returnValue("" + Thread.currentThread().isInterrupted());
    });
    awaitUnchecked(inside);

    cancellable.cancel();
    goOn.countDown();
    untilCompleted(task);

    assertThat(ran).containsExactly("false");
  }

  @Test
  void r13_cancelRacingWithTheEnd_neverInterruptsLaterWorkOfTheThread() {
    List<Boolean> interrupted = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 1_000; i++) {
        Cancellable raced = new Cancellable();
        Task<String> task = loop.task(owner, raced, null);
        task.setInterruptOnCancel(true);
        task.runInThread(pool, running -> running.returnValue("value"));
        pool.execute(() -> interrupted.add(Thread.interrupted()));
        raced.cancel();
        untilCompleted(task);
      }
    }

    assertThat(interrupted).hasSize(1_000).containsOnly(false);
  }

  @Test
  void a3_executorThatRefuses_failsTheTaskNotTheCaller() {
    Task<String> task = task();

    task.runInThread(
        work -> {
          throw new RejectedExecutionException("closed");
        },
        running -> ran.add("never"));
    loop.drain();

    assertThat(ran).containsExactly("CLOSED");
    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void c18_endedFunctions_leaveNoHandlerBehind() {
    for (int i = 0; i < 1_000; i++) {
      Task<String> task = loop.task(owner, cancellable, null);
      task.runInThread(running -> running.returnValue("value"));
      untilCompleted(task);
    }

    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void t27_name_isThatOfTheWorkersThread() {
    Task<String> task = task();
    task.setName("connect 1");

    task.runInThread(running -> running.returnValue(Thread.currentThread().getName()));
    untilCompleted(task);

    assertThat(ran).containsExactly("connect 1");
    assertThat(log.lines(Level.WARN)).isEmpty();
  }

  private Task<String> task() {
    return loop.task(owner, cancellable, (o, result) -> ran.add(outcome(result)));
  }

  private void untilCompleted(Task<?> task) {
    while (!task.isCompleted()) {
      context.iterate(true);
    }
  }

  private static String outcome(Task<String> task) {
    try {
      return task.propagate();
    } catch (OperationException e) {
      return e.code().name();
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      OtherThread.await(latch);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void closeUnchecked(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
