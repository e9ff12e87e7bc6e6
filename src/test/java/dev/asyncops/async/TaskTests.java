package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Returning, delivering, completing: tasks without a function in a thread. */
class TaskTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  @RegisterExtension final LogCapture log = new LogCapture(Task.class);
  private final MainContext context = loop.context();
  private final Cancellable cancellable = new Cancellable();
  private final List<String> ran = new ArrayList<>();
  private final Object owner = new Object();

  @Test
  void t1_callback_runsOnceForEachKindOfEnding() {
    task().returnValue("value");
    task().returnError(failed());
    cancellable.cancel();
    task().returnErrorIfCancelled();

    loop.drain();

    assertThat(ran).containsExactly("CANCELLED", "CANCELLED", "CANCELLED");
  }

  @Test
  void t1_returnRacingWithCancel_deliversOnce() {
    for (int i = 0; i < 1_000; i++) {
      Cancellable raced = new Cancellable();
      AtomicInteger deliveries = new AtomicInteger();
      Task<String> task = loop.task(owner, raced, (o, result) -> deliveries.incrementAndGet());
      raced.connect(task::returnErrorIfCancelled);
      OtherThread canceller = OtherThread.start(raced::cancel);

      task.returnValue("value");

      canceller.join();
      loop.drain();
      assertThat(deliveries).hasValue(1);
    }
  }

  @Test
  void a5_t2_withoutCallback_theWholeLifeHappens() {
    List<String> released = new ArrayList<>();
    Task<String> task = loop.task(null, Cancellable.none(), null);
    task.setData("data", released::add);
    task.setValueRelease(released::add);
    task.addCompletedListener(() -> ran.add("completed"));

    task.returnValue("value");
    loop.drain();

    assertThat(task.isCompleted()).isTrue();
    assertThat(ran).containsExactly("completed");
    assertThat(released).containsExactly("value", "data");
  }

  @Test
  void a5_callbackAndCancellable_areOptionalInEveryCombination() {
    List<Cancellable> cancellables = List.of(Cancellable.none(), new Cancellable());
    for (Cancellable each : cancellables) {
      loop.task(owner, each, null).returnValue("value");
      loop.<String>task(owner, each, (o, result) -> ran.add(outcome(result))).returnValue("value");
      loop.task(null, each, null).returnError(failed());
    }

    loop.drain();

    assertThat(ran).containsExactly("value", "value");
  }

  @Test
  void t3_taskReturnedInTheIterationThatMadeIt_isDeliveredInALaterOne() {
    List<Long> iterations = new ArrayList<>();
    context.post(
        Priority.DEFAULT,
        () -> {
          Task<String> task =
              loop.task(owner, cancellable, (o, result) -> iterations.add(context.iteration()));
          task.returnValue("cached");
          iterations.add(context.iteration());
        });

    loop.drain();

    assertThat(iterations).hasSize(2).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void t4_callback_neverRunsInsideTheReturn() {
    Task<String> task = task();
    context.post(() -> {
      task.returnValue("value");
      ran.add("after the return");
    });

    loop.drain();

    assertThat(ran).containsExactly("after the return", "value");
  }

  @Test
  void t4_chainOfTasks_doesNotRecurse() {
    chain(100_000);

    loop.drain();

    assertThat(ran).containsExactly("end of the chain");
  }

  private void chain(int left) {
    Task<String> link =
        Task.create(
            context,
            owner,
            cancellable,
            (o, result) -> {
              if (left > 0) {
                chain(left - 1);
              } else {
                ran.add("end of the chain");
              }
            });
    link.returnValue("link");
  }

  @Test
  void t5_cancelOnTheLoop_returnsBeforeTheDelivery() {
    Task<String> task = task();
    cancellable.connect(task::returnErrorIfCancelled);
    context.post(() -> {
      cancellable.cancel();
      ran.add("after the cancel");
    });

    loop.drain();

    assertThat(ran).containsExactly("after the cancel", "CANCELLED");
  }

  @Test
  void t6_callback_runsInItsContextWhereverItWasReturnedOrCancelled() {
    Task<String> returned = owned();
    Task<String> cancelled = owned();
    cancellable.connect(cancelled::returnErrorIfCancelled);

    OtherThread.run(() -> returned.returnValue("value"));
    OtherThread.run(cancellable::cancel);
    loop.drain();

    assertThat(ran).containsExactly("owner true", "owner true");
    assertThat(returned.context()).isSameAs(context);
  }

  private Task<String> owned() {
    return loop.task(owner, cancellable, (o, result) -> ran.add("owner " + context.isOwner()));
  }

  @Test
  void t7_duringTheCallback_theRunningThreadOwnsTheContext() {
    Task<String> outer =
        loop.task(
            owner,
            cancellable,
            (o, result) -> {
              context.checkOwner();
              owned().returnValue("inner");
            });

    outer.returnValue("outer");
    loop.drain();

    assertThat(ran).containsExactly("owner true");
  }

  @Test
  void t8_delivery_hasThePriorityOfTheTask() {
    Task<String> normal = task();
    Task<String> urgent = named("urgent");
    urgent.setPriority(Priority.HIGH);
    normal.returnValue("default");
    context.post(Priority.HIGH_IDLE, () -> ran.add("idle"));

    urgent.returnValue("urgent");
    loop.drain();

    assertThat(ran).containsExactly("urgent", "default", "idle");
    assertThat(normal.priority()).isEqualTo(Priority.DEFAULT);
  }

  @Test
  void t8_priorityChangedAfterTheReturn_changesNothing() {
    Task<String> task = task();
    task.returnValue("value");

    task.setPriority(Priority.HIGH);

    assertThat(task.priority()).isEqualTo(Priority.DEFAULT);
    assertThat(context.queueDepths())
        .containsEntry(Priority.DEFAULT, 1)
        .containsEntry(Priority.HIGH, 0);
  }

  @Test
  void t9_orderedReturnsOfEqualPriority_areDeliveredInThatOrder() {
    Task<String> second = task();
    Task<String> first = task();
    Task<String> third = task();

    OtherThread.run(() -> first.returnValue("first"));
    second.returnValue("second");
    OtherThread.run(() -> third.returnValue("third"));
    loop.drain();

    assertThat(ran).containsExactly("first", "second", "third");
  }

  @Test
  void t10_secondReturn_isRefusedAndReleasedAndLoggedOnce() {
    List<String> released = new ArrayList<>();
    Task<String> task = named("twice");
    task.setValueRelease(released::add);

    boolean first = task.returnValue("first");
    boolean second = task.returnValue("second");
    loop.drain();
    boolean third = task.returnValue("third");
    boolean fourth = task.returnError(failed());

    assertThat(List.of(first, second, third, fourth)).containsExactly(true, false, false, false);
    assertThat(ran).containsExactly("first");
    assertThat(released).containsExactly("second", "third");
    assertThat(log.lines(Level.WARN)).singleElement().asString().contains("'twice'");
  }

  @Test
  void t10_ofManyConcurrentReturns_exactlyOneWins() throws Exception {
    for (int round = 0; round < 300; round++) {
      Task<String> task = task();
      List<String> released = Collections.synchronizedList(new ArrayList<>());
      AtomicInteger wins = new AtomicInteger();
      task.setValueRelease(released::add);
      CyclicBarrier start = new CyclicBarrier(3);
      List<OtherThread> threads = new ArrayList<>();
      for (String value : List.of("a", "b", "c")) {
        threads.add(
            OtherThread.start(() -> {
              start.await();
              if (task.returnValue(value)) {
                wins.incrementAndGet();
              }
            }));
      }

      threads.forEach(OtherThread::join);
      loop.drain();

      assertThat(wins).hasValue(1);
      assertThat(released).hasSize(2).doesNotContain(ran.getLast());
    }
    assertThat(ran).hasSize(300);
  }

  @Test
  void t11_whatTheReturningThreadDid_isVisibleToCallbackAndListeners() {
    int[] plain = new int[2];
    List<Integer> seen = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      int round = i;
      Task<String> task =
          loop.task(
              owner,
              cancellable,
              (o, result) -> {
                seen.add(plain[0]);
                plain[1] = round;
              });
      task.addCompletedListener(() -> seen.add(plain[1]));
      OtherThread returning =
          OtherThread.start(() -> {
            plain[0] = round;
            task.returnValue("value");
          });

      context.iterate(true);

      assertThat(seen).containsExactly(round, round);
      seen.clear();
      returning.join();
    }
  }

  @Test
  void t12_propagate_handsTheResultOverOnce() {
    Task<String> value = loop.task(owner, cancellable, null);
    Task<String> error = loop.task(owner, cancellable, null);
    value.returnValue("value");
    error.returnError(failed());

    assertThat(outcome(value)).isEqualTo("value");
    assertThat(outcome(error)).isEqualTo("FAILED");

    assertThatIllegalStateException().isThrownBy(value::propagate);
    assertThatIllegalStateException().isThrownBy(error::propagate);
  }

  @Test
  void t12_propagateBeforeTheReturn_isRefused() {
    Task<String> task = task();

    assertThatIllegalStateException().isThrownBy(task::propagate);

    task.returnValue("value");
  }

  @Test
  void t13_valueThatNobodyTook_isReleasedOnceRightAfterCompletion() {
    Task<String> task = loop.task(owner, cancellable, (o, result) -> ran.add("callback"));
    task.setValueRelease(value -> ran.add(value + " released, completed " + task.isCompleted()));
    task.addCompletedListener(() -> ran.add("completed"));

    task.returnValue("value");
    loop.drain();

    assertThat(ran).containsExactly("callback", "completed", "value released, completed true");
  }

  @Test
  void t13_propagatedValue_isNotReleased() {
    Task<String> task = task();
    task.setValueRelease(value -> ran.add("released"));

    task.returnValue("value");
    loop.drain();

    assertThat(ran).containsExactly("value");
  }

  @Test
  void t13_t14_failedPropagate_leavesTheValueToItsHook() {
    Task<String> task = task();
    task.setValueRelease(value -> ran.add(value + " released"));
    task.returnValue("value");

    cancellable.cancel();
    loop.drain();

    assertThat(ran).containsExactly("CANCELLED", "value released");
  }

  @Test
  void c24_t14_cancelBetweenReturnAndPropagate_replacesWhateverWasReturnedAndRepeats() {
    Task<String> value =
        loop.task(
            owner, cancellable, (o, result) -> ran.add(outcome(result) + " " + outcome(result)));
    Task<String> error = task();
    value.returnValue("value");
    error.returnError(failed());

    cancellable.cancel();
    loop.drain();

    assertThat(ran).containsExactly("CANCELLED CANCELLED", "CANCELLED");
  }

  @Test
  void c24_cancelAfterDelivery_changesNothing() {
    Task<String> task = task();
    task.returnValue("value");
    loop.drain();

    cancellable.cancel();
    loop.drain();

    assertThat(ran).containsExactly("value");
    assertThat(task.isCompleted()).isTrue();
  }

  @Test
  void t15_withoutChecking_aCancelNeverReplacesTheResult() {
    Task<String> value = task();
    Task<String> error = task();
    value.setCheckCancellable(false);
    error.setCheckCancellable(false);
    cancellable.cancel();

    value.returnValue("committed");
    error.returnError(failed());
    loop.drain();

    assertThat(ran).containsExactly("committed", "FAILED");
    assertThat(value.hadError()).isFalse();
  }

  @Test
  void t16_returnErrorIfCancelled_returnsOnlyIfCancelledAlsoWithoutChecking() {
    Task<String> task = task();
    task.setCheckCancellable(false);
    Task<String> uncancellable = named("none", Cancellable.none());

    boolean before = task.returnErrorIfCancelled();
    cancellable.cancel();
    boolean after = task.returnErrorIfCancelled();
    boolean none = uncancellable.returnErrorIfCancelled();
    uncancellable.returnValue("value");
    loop.drain();

    assertThat(List.of(before, after, none)).containsExactly(false, true, false);
    assertThat(ran).containsExactly("CANCELLED", "value");
  }

  @Test
  void t17_hadError_staysTrueAndFollowsACheckedCancellable() {
    Task<String> error = loop.task(owner, Cancellable.none(), null);
    Task<String> value = loop.task(owner, cancellable, null);
    boolean before = error.hadError() || value.hadError();

    error.returnError(failed());
    value.returnValue("value");
    boolean returned = error.hadError() && !value.hadError();
    assertThat(outcome(error)).isEqualTo("FAILED");
    loop.drain();
    cancellable.cancel();

    assertThat(before).isFalse();
    assertThat(returned).isTrue();
    assertThat(error.hadError()).isTrue();
    assertThat(value.hadError()).isTrue();
  }

  @Test
  void a8_t18_completed_turnsTrueRightAfterTheCallbackBeforeAnythingElse() {
    Task<String> task =
        loop.task(owner, cancellable, (o, result) -> ran.add("during " + result.isCompleted()));
    task.addCompletedListener(() -> ran.add("listener " + task.isCompleted()));
    task.addCompletedListener(() -> ran.add("second listener"));
    ran.add("before " + task.isCompleted());

    task.returnValue("value");
    context.post(Priority.DEFAULT, () -> ran.add("peer"));
    ran.add("returned " + task.isCompleted());
    loop.drain();

    assertThat(ran)
        .containsExactly(
            "before false",
            "returned false",
            "during false",
            "listener true",
            "second listener",
            "peer");
  }

  @Test
  void t18_t25_callbackThatThrows_isLoggedOnceAndTheTaskCompletes() {
    loop.expectFailures(2);
    List<String> released = new ArrayList<>();
    Task<String> task =
        loop.task(
            owner,
            cancellable,
            (o, result) -> {
              throw new IllegalArgumentException("on purpose");
            });
    task.setName("bad");
    task.setData("data", released::add);
    task.setValueRelease(released::add);
    task.addCompletedListener(() -> {
      throw new IllegalArgumentException("here too");
    });
    task.addCompletedListener(() -> ran.add("completed"));
    Task<String> other = task();

    task.returnValue("value");
    other.returnValue("other");
    loop.drain();

    assertThat(ran).containsExactly("completed", "other");
    assertThat(released).containsExactly("value", "data");
  }

  @Test
  void t19_listenerAddedAfterCompletion_isPostedOnce() {
    Task<String> task = task();
    task.returnValue("value");
    loop.drain();

    task.addCompletedListener(() -> ran.add("late"));
    List<String> atOnce = List.copyOf(ran);
    loop.drain();

    assertThat(atOnce).containsExactly("value");
    assertThat(ran).containsExactly("value", "late");
  }

  @Test
  void a3_t20_reportError_isDeferredAndNeverCancelled() {
    cancellable.cancel();
    TaskCallback<String> callback =
        (o, result) -> ran.add(outcome(result) + " " + owner.equals(o) + " " + result.name());

    Task.reportError(
        context, owner, "connect", callback, new OperationException(ErrorCode.PENDING, "Busy."));
    Task.<String>reportError(context, null, "connect", null, failed());
    List<String> atOnce = List.copyOf(ran);
    loop.drain();

    assertThat(atOnce).isEmpty();
    assertThat(ran).containsExactly("PENDING true connect");
  }

  @Test
  void t21_null_isASuccessAsValueAndRefusedAsError() {
    Task<@Nullable String> task = loop.task(owner, cancellable, null);

    assertThatNullPointerException().isThrownBy(() -> task.returnError(noError()));
    boolean returned = task.returnValue(null);

    assertThat(returned).isTrue();
    assertThatCode(() -> assertThat(task.propagate()).isNull()).doesNotThrowAnyException();
    assertThat(task.hadError()).isFalse();
  }

  @SuppressWarnings("NullAway") // a caller that is wrong
  private static OperationException noError() {
    return null;
  }

  @Test
  void t27_name_labelsTheEntryAndTheLogLines() {
    loop.expectFailures(1);
    Task<String> task =
        loop.task(
            owner,
            cancellable,
            (o, result) -> {
              ran.add(String.valueOf(context.report().runningLabel()));
              throw new IllegalArgumentException("on purpose");
            });
    assertThat(task.name()).isEqualTo("task");

    task.setName("copy a to b");
    task.returnValue("value");
    loop.drain();

    assertThat(ran).containsExactly("copy a to b");
  }

  @Test
  void c17_oneCancellable_givesEachOfItsOperationsItsOwnEnding() {
    task().returnValue("before");
    loop.drain();
    for (int i = 0; i < 3; i++) {
      cancellable.connect(task()::returnErrorIfCancelled);
    }

    cancellable.cancel();
    loop.drain();

    assertThat(ran).containsExactly("before", "CANCELLED", "CANCELLED", "CANCELLED");
  }

  @Test
  void m21_t1_returnAfterTheContextClosed_isLoggedAndReleasesWhatTheTaskHeld() {
    MainContext closed = new MainContext("closed");
    Task<String> task = Task.create(closed, owner, cancellable, (o, result) -> ran.add("never"));
    task.setData("data", ran::add);
    task.setValueRelease(ran::add);
    closed.close();

    boolean won = task.returnValue("value");

    assertThat(won).isTrue();
    assertThat(ran).containsExactly("value", "data");
    assertThat(task.owner()).isNull();
    assertThat(task.isCompleted()).isFalse();
    assertThat(log.lines(Level.WARN)).hasSize(1);
  }

  @Test
  void m21_deliveryLeftAtTheDeadline_releasesWhatTheTaskHeld() {
    ManualTicker ticker = new ManualTicker();
    MainContext slow = new MainContext("slow", ticker, MainContextListener.NONE);
    Task<String> task = Task.create(slow, owner, cancellable, (o, result) -> ran.add("never"));
    task.setData("data", ran::add);
    task.setValueRelease(ran::add);
    task.setPriority(Priority.LOW);
    slow.post(Priority.HIGH, () -> ticker.advance(Duration.ofHours(1)));
    task.returnValue("value");

    slow.close();

    assertThat(ran).containsExactly("value", "data");
    assertThat(task.owner()).isNull();
  }

  private Task<String> task() {
    return named("task", cancellable);
  }

  private Task<String> named(String name) {
    return named(name, cancellable);
  }

  private Task<String> named(String name, Cancellable by) {
    Task<String> task = loop.task(owner, by, (o, result) -> ran.add(outcome(result)));
    task.setName(name);
    return task;
  }

  private static String outcome(Task<String> task) {
    try {
      return task.propagate();
    } catch (OperationException e) {
      return e.code().name();
    }
  }

  private static OperationException failed() {
    return new OperationException(ErrorCode.FAILED, "On purpose.");
  }
}
