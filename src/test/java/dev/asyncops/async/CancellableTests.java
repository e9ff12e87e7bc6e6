package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CancellableTests {

  @RegisterExtension final LogCapture log = new LogCapture(Cancellable.class);
  private final Cancellable cancellable = new Cancellable();
  private final List<String> ran = new ArrayList<>();

  @Test
  void c1_onlyTheFirstCancel_hasAnEffect() {
    connect("handler");

    boolean first = cancellable.cancel();
    boolean second = cancellable.cancel();

    assertThat(first).isTrue();
    assertThat(second).isFalse();
    assertThat(ran).containsExactly("handler");
    assertThat(cancellable.isCancelled()).isTrue();
  }

  @Test
  void c1_ofManyConcurrentCancels_exactlyOneWins() throws Exception {
    for (int round = 0; round < 500; round++) {
      Cancellable shared = new Cancellable();
      AtomicInteger runs = new AtomicInteger();
      AtomicInteger wins = new AtomicInteger();
      shared.connect(runs::incrementAndGet);
      CyclicBarrier start = new CyclicBarrier(3);
      List<OtherThread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(
            OtherThread.start(() -> {
              start.await();
              if (shared.cancel()) {
                wins.incrementAndGet();
              }
            }));
      }

      threads.forEach(OtherThread::join);

      assertThat(wins).hasValue(1);
      assertThat(runs).hasValue(1);
    }
  }

  @Test
  void c2_flag_isSetAndVisibleToAllBeforeTheFirstHandlerRuns() {
    List<Boolean> seen = new ArrayList<>();
    cancellable.connect(() -> {
      seen.add(cancellable.isCancelled());
      OtherThread.run(() -> seen.add(cancellable.isCancelled()));
    });

    cancellable.cancel();

    assertThat(seen).containsExactly(true, true);
  }

  @Test
  void c3_handlers_runInTheCancellingThreadInTheOrderOfConnection() {
    List<Thread> threads = new ArrayList<>();
    cancellable.connect(() -> threads.add(Thread.currentThread()));
    connect("first");
    connect("second");
    connect("third");

    OtherThread canceller = OtherThread.start(cancellable::cancel);
    canceller.join();

    assertThat(ran).containsExactly("first", "second", "third");
    assertThat(threads).containsExactly(canceller.thread());
  }

  @Test
  void c4_cancelThatLost_doesNotWaitForTheWinnersHandlers() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    cancellable.connect(blocking(inside, goOn));
    OtherThread winner = OtherThread.start(cancellable::cancel);
    OtherThread.await(inside);

    boolean lost = cancellable.cancel();

    assertThat(lost).isFalse();
    assertThat(winner.thread().isAlive()).isTrue();
    goOn.countDown();
    winner.join();
  }

  @Test
  void c5_cancelInsideHandler_isHarmless() {
    cancellable.connect(() -> ran.add(Boolean.toString(cancellable.cancel())));

    cancellable.cancel();

    assertThat(ran).containsExactly("false");
  }

  @Test
  void c6_c13_none_cannotBeCancelledAndHoldsNothing() throws OperationException {
    AtomicInteger released = new AtomicInteger();
    Cancellable none = Cancellable.none();

    Registration registration = none.connect(() -> ran.add("handler"), released::incrementAndGet);
    boolean cancelled = none.cancel();
    none.throwIfCancelled();
    registration.close();
    registration.close();

    assertThat(cancelled).isFalse();
    assertThat(none.isCancelled()).isFalse();
    assertThat(none.handlerCount()).isZero();
    assertThat(ran).isEmpty();
    assertThat(released).hasValue(1);
  }

  @Test
  void c7_connectingToCancelled_runsTheHandlerInThisCall() {
    cancellable.cancel();

    Registration registration =
        cancellable.connect(() -> ran.add("handler"), () -> ran.add("released"));
    List<String> before = List.copyOf(ran);
    registration.close();

    assertThat(before).containsExactly("handler", "released");
    assertThat(ran).isEqualTo(before);
    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void c8_connectRacingWithCancel_runsTheHandlerExactlyOnceInEachOfManyRounds() throws Exception {
    int rounds = 100_000;
    List<Cancellable> cancellables = new ArrayList<>();
    List<AtomicInteger> runs = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      cancellables.add(new Cancellable());
      runs.add(new AtomicInteger());
    }
    CyclicBarrier start = new CyclicBarrier(2);

    OtherThread canceller =
        OtherThread.start(() -> {
          start.await();
          cancellables.forEach(Cancellable::cancel);
        });
    start.await();
    for (int i = 0; i < rounds; i++) {
      cancellables.get(i).connect(runs.get(i)::incrementAndGet);
    }
    canceller.join();

    assertThat(runs).allMatch(count -> count.get() == 1);
  }

  @Test
  void c9_otherThreads_mayUseTheCancellableWhileHandlerOrHookRuns() {
    Runnable useIt =
        () ->
            OtherThread.run(() -> {
              cancellable.connect(() -> ran.add("other")).close();
              cancellable.cancel();
            });
    cancellable.connect(useIt, useIt);

    cancellable.cancel();

    assertThat(ran).containsExactly("other", "other");
  }

  @Test
  void c10_insideHandler_everythingReturnsPromptly() {
    List<Registration> registrations = new ArrayList<>();
    AtomicInteger released = new AtomicInteger();
    registrations.add(
        cancellable.connect(
            () -> {
              registrations.forEach(Registration::close);
              cancellable.connect(() -> ran.add("connected inside"));
              ran.add("cancelled " + cancellable.isCancelled() + cancellable.cancel());
            },
            released::incrementAndGet));
    registrations.add(cancellable.connect(() -> ran.add("never"), released::incrementAndGet));

    cancellable.cancel();

    assertThat(ran).containsExactly("connected inside", "cancelled truefalse");
    assertThat(released).hasValue(2);
  }

  @Test
  void c11_disconnectFromAnotherThread_waitsForThatHandlerToEnd() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Registration registration = cancellable.connect(blocking(inside, goOn), () -> ended.set(true));
    OtherThread canceller = OtherThread.start(cancellable::cancel);
    OtherThread.await(inside);
    AtomicBoolean endedWhenClosed = new AtomicBoolean();
    OtherThread closer =
        OtherThread.start(() -> {
          registration.close();
          endedWhenClosed.set(ended.get());
        });
    closer.awaitWaiting();

    goOn.countDown();

    closer.join();
    canceller.join();
    assertThat(endedWhenClosed).isTrue();
  }

  @Test
  void c11_disconnect_doesNotWaitForOtherHandlers() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    cancellable.connect(blocking(inside, goOn));
    Registration second = connect("second");
    OtherThread canceller = OtherThread.start(cancellable::cancel);
    OtherThread.await(inside);

    second.close();
    goOn.countDown();

    canceller.join();
    assertThat(ran).isEmpty();
  }

  @Test
  void c12_whoHoldsTheHandlersLock_waitsForTheHandlerButDoesNotBlockItsRegistrationsPeers()
      throws InterruptedException {
    Object lock = new Object();
    CountDownLatch inside = new CountDownLatch(1);
    Registration hazardous =
        cancellable.connect(() -> {
          inside.countDown();
          synchronized (lock) {
            ran.add("handler");
          }
        });
    OtherThread canceller;
    synchronized (lock) {
      canceller = OtherThread.start(cancellable::cancel);
      OtherThread.await(inside);
      canceller.awaitWaiting(); // closing here would wait for ever; that is the hazard
      cancellable.connect(() -> ran.add("peer")).close();
    }

    hazardous.close();

    canceller.join();
    assertThat(ran).containsExactly("peer", "handler");
  }

  @Test
  void c13_c14_disconnectingTwice_releasesOnce() {
    AtomicInteger released = new AtomicInteger();
    Registration registration =
        cancellable.connect(() -> ran.add("handler"), released::incrementAndGet);

    registration.close();
    registration.close();
    cancellable.cancel();
    registration.close();
    Registration.inert().close();

    assertThat(ran).isEmpty();
    assertThat(released).hasValue(1);
  }

  @Test
  void c14_hook_runsOnceAfterTheHandler() {
    cancellable.connect(() -> ran.add("handler"), () -> ran.add("released"));

    cancellable.cancel();

    assertThat(ran).containsExactly("handler", "released");
  }

  @Test
  void c14_disconnectRacingWithCancel_releasesOnce() {
    for (int i = 0; i < 2_000; i++) {
      Cancellable raced = new Cancellable();
      AtomicInteger released = new AtomicInteger();
      Registration registration = raced.connect(() -> {}, released::incrementAndGet);
      OtherThread canceller = OtherThread.start(raced::cancel);

      registration.close();

      assertThat(released).hasValue(1);
      canceller.join();
      assertThat(released).hasValue(1);
    }
  }

  @Test
  void c15_handlerThatThrows_isLoggedAndTheOthersRun() {
    cancellable.connect(
        () -> {
          throw new IllegalArgumentException("on purpose");
        },
        () -> {
          throw new IllegalArgumentException("in the hook too");
        });
    connect("second");

    assertThatCode(cancellable::cancel).doesNotThrowAnyException();

    assertThat(ran).containsExactly("second");
    assertThat(log.lines(Level.ERROR)).hasSize(2);
  }

  @Test
  void c16_reset_doesNotExist() {
    assertThat(Arrays.stream(Cancellable.class.getMethods()).map(Method::getName))
        .doesNotContain("reset", "uncancel", "clear");
  }

  @Test
  void c18_operationsThatEnded_leaveNoHandlerBehind() {
    for (int i = 0; i < 1_000_000; i++) {
      cancellable.connect(() -> {}).close();
    }

    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void c18_disconnecting_takesConstantTimeInAnyOrder() {
    List<Registration> registrations = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      registrations.add(cancellable.connect(() -> ran.add("never")));
    }

    for (int i = 0; i < registrations.size(); i += 2) {
      registrations.get(i).close();
    }
    registrations.reversed().forEach(Registration::close);
    connect("last");
    cancellable.cancel();

    assertThat(cancellable.handlerCount()).isZero();
    assertThat(ran).containsExactly("last");
  }

  @Test
  void c22_throwIfCancelled_throwsOnlyThen() throws OperationException {
    cancellable.throwIfCancelled();

    cancellable.cancel();

    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(cancellable::throwIfCancelled)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED))
        .matches(OperationException::isCancelled);
  }

  @Test
  void c23_child_isCancelledWithItsParent() {
    LinkedCancellable child = cancellable.linked();

    cancellable.cancel();
    LinkedCancellable lateChild = cancellable.linked();

    assertThat(child.isCancelled()).isTrue();
    assertThat(lateChild.isCancelled()).isTrue();
  }

  @Test
  void c23_child_doesNotCancelItsParentAndLeavesNothingThereWhenClosed() {
    LinkedCancellable child = cancellable.linked();
    LinkedCancellable closed = cancellable.linked();

    child.cancel();
    child.close();
    closed.close();
    boolean parentUntouched = !cancellable.isCancelled();
    int handlersLeft = cancellable.handlerCount();
    cancellable.cancel();

    assertThat(parentUntouched).isTrue();
    assertThat(handlersLeft).isZero();
    assertThat(closed.isCancelled()).isFalse();
  }

  @Test
  void c23_childOfNone_livesItsOwnLife() {
    LinkedCancellable child = Cancellable.none().linked();

    child.cancel();
    child.close();

    assertThat(child.isCancelled()).isTrue();
    assertThat(Cancellable.none().isCancelled()).isFalse();
  }

  @Test
  void c25_slowHandlerOfOneCancellable_doesNotDelayAnother() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    cancellable.connect(blocking(inside, goOn));
    OtherThread slow = OtherThread.start(cancellable::cancel);
    OtherThread.await(inside);
    Cancellable other = new Cancellable();
    other.connect(() -> ran.add("other"));

    other.cancel();

    assertThat(ran).containsExactly("other");
    goOn.countDown();
    slow.join();
  }

  private Registration connect(String what) {
    return cancellable.connect(() -> ran.add(what));
  }

  private static Runnable blocking(CountDownLatch inside, CountDownLatch goOn) {
    return () -> {
      inside.countDown();
      try {
        OtherThread.await(goOn);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    };
  }
}
