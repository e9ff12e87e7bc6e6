package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryPauseTests {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RegistryRig rig = RegistryRig.of(1, 100);
  private final ScriptedOperation work = ScriptedOperation.ofItems(5).holdable();
  private final ScriptedOperation other = ScriptedOperation.ofItems(1);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void queuedOperation_isPausedAtOnce_andLeavesTheQueue() {
    OperationId running = rig.admit(other);
    OperationId id = rig.admit(work);

    OperationSnapshot paused = rig.pause(id, true);

    assertThat(paused.state()).isEqualTo(OperationState.PAUSED);
    assertThat(paused.paused()).isTrue();
    assertThat(rig.store.find(id)).contains(paused);
    other.succeedAll();
    rig.settle();
    assertThat(rig.stateOf(running)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(work.isStarted()).isFalse();
    assertThat(rig.registry.summary().queued()).isZero();
    assertThat(rig.registry.summary().running()).isZero();
    assertThat(rig.registry.summary().byState()).containsEntry(OperationState.PAUSED, 1L);
  }

  @Test
  void pausedInTheQueue_itStarts_whenItIsToldToGoOn() {
    rig.admit(other);
    OperationId id = rig.admit(work);
    rig.pause(id, true);
    other.succeedAll();
    rig.settle();

    rig.pause(id, false);

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
    assertThat(work.releases()).isZero();
    work.succeedAll();
    rig.settle();
    assertThat(rig.heard.statesOf(id))
        .containsExactly(
            OperationState.QUEUED,
            OperationState.PAUSED,
            OperationState.RUNNING,
            OperationState.SUCCEEDED);
  }

  @Test
  void runningOperation_isPausedWhenNothingIsUnderWay_andGivesItsPlaceBack() {
    OperationId id = rig.admit(work);
    OperationId next = rig.admit(other);
    work.succeed(2);

    OperationSnapshot asked = rig.pause(id, true);

    assertThat(asked.state()).isEqualTo(OperationState.RUNNING);
    assertThat(asked.paused()).isTrue();
    assertThat(rig.store.find(id)).contains(asked);
    assertThat(work.isHeld()).isTrue();
    assertThat(other.isStarted()).isFalse();
    work.succeed(1);
    work.rest();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.PAUSED);
    assertThat(rig.store.find(id)).contains(rig.read(id));
    assertThat(rig.stateOf(next)).isEqualTo(OperationState.RUNNING);
    assertThat(rig.registry.summary().running()).isEqualTo(1);
  }

  @Test
  void pausedOperation_goesOnWhereItWas_whenAPlaceIsFree() {
    OperationId id = rig.admit(work);
    rig.admit(other);
    work.succeed(2);
    pauseAndRest(id);
    OperationSnapshot paused = rig.read(id);
    rig.time.advance(SECOND);

    assertThat(rig.pause(id, false).state()).isEqualTo(OperationState.QUEUED);
    assertThat(work.releases()).isZero();
    other.succeedAll();
    rig.settle();

    assertThat(work.releases()).isEqualTo(1);
    OperationSnapshot again = rig.read(id);
    assertThat(again.state()).isEqualTo(OperationState.RUNNING);
    assertThat(again.paused()).isFalse();
    assertThat(again.startTime()).isEqualTo(paused.startTime());
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.succeeded()).isEqualTo(2);
    work.succeedAll();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.read(id).succeeded()).isEqualTo(5);
    assertThat(rig.heard.statesOf(id))
        .containsExactly(
            OperationState.QUEUED,
            OperationState.RUNNING,
            OperationState.PAUSED,
            OperationState.SUCCEEDED);
  }

  @Test
  void pauseThatWasTakenBack_beforeAllRested_isNone() {
    OperationId id = rig.admit(work);
    rig.pause(id, true);

    assertThat(rig.pause(id, false).state()).isEqualTo(OperationState.RUNNING);
    assertThat(work.releases()).isEqualTo(1);
    work.rest();
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
  }

  @Test
  void answerToAPauseBeforeTheLast_countsForNothing() {
    OperationId id = rig.admit(work);
    rig.pause(id, true);
    Runnable tooLate = work.held();
    rig.pause(id, false);
    rig.pause(id, true);

    tooLate.run();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
    work.rest();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.PAUSED);
  }

  @Test
  void workThatEndsBeforeItRests_endsAsItEnded() {
    OperationId id = rig.admit(work);
    rig.pause(id, true);

    work.succeedAll();
    work.rest();
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.read(id).paused()).isFalse();
  }

  @Test
  void workThatCannotBeHeld_isNotPausedOnceItRuns() {
    ScriptedOperation short3 = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(short3);
    OperationSnapshot before = rig.read(id);

    Change answer =
        rig.change(id, now -> new OperationSettings(now.priority(), 7L, true, now.labels()));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Change.Refused.class,
            refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
    assertThat(rig.read(id)).isEqualTo(before);
    assertThat(short3.bytesPerSecond()).isNull();
  }

  @Test
  void cancelOfWhatWasPausedInTheQueue_isCancelledAtOnce() {
    rig.admit(other);
    OperationId id = rig.admit(work);
    rig.pause(id, true);

    assertThat(rig.cancel(id).state()).isEqualTo(OperationState.CANCELLED);

    assertThat(work.isStarted()).isFalse();
    assertThat(rig.read(id).cancelled()).isEqualTo(5);
  }

  @Test
  void cancelOfWhatRan_isAnsweredWhenItHasCleanedUp() {
    OperationId id = rig.admit(work);
    work.succeed(2);
    pauseAndRest(id);

    List<Cancellation> answers = rig.cancelLater(id);
    rig.advance(RegistryRig.CANCEL_SAVED);
    assertThat(answers).isEmpty();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLING);
    assertThat(rig.registry.summary().running()).isEqualTo(1);
    work.endCancelled();
    rig.settle();

    assertThat(answers)
        .singleElement()
        .isInstanceOfSatisfying(
            Cancellation.Asked.class,
            asked -> assertThat(asked.operation().state()).isEqualTo(OperationState.CANCELLED));
    assertThat(rig.read(id).succeeded()).isEqualTo(2);
    assertThat(rig.read(id).cancelled()).isEqualTo(3);
    rig.admit(other);
    assertThat(other.isStarted()).isTrue();
  }

  @Test
  void cancelOfWhatRan_doesNotWaitForLongForItsEnd() {
    OperationId id = rig.admit(work);
    pauseAndRest(id);

    List<Cancellation> answers = rig.cancelLater(id);
    rig.advance(SECOND);

    assertThat(answers).hasSize(1);
    assertThat(rig.store.find(id).orElseThrow().state()).isEqualTo(OperationState.CANCELLING);
    work.endCancelled();
    rig.settle();
  }

  @Test
  void timeLimit_standsStillWhileItIsPaused() {
    OperationId id = rig.admit(Submitting.of(work.obeyingCancel()).timeout(Duration.ofSeconds(10)));
    rig.advance(Duration.ofSeconds(7));
    pauseAndRest(id);
    rig.advance(Duration.ofSeconds(100));
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.PAUSED);
    rig.pause(id, false);

    rig.advance(Duration.ofMillis(2999));
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
    rig.advance(Duration.ofMillis(1));

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.FAILED);
    assertThat(rig.read(id).error()).extracting("code").isEqualTo(ErrorCode.TIMED_OUT);
  }

  @Test
  void p2_pausedBatch_isJoined() {
    OperationId id = rig.admit(Submitting.of(work).joining("nightly"));
    pauseAndRest(id);

    Admission answer = rig.submit(Submitting.of(other).joining("nightly"));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Admission.Accepted.class, accepted -> assertThat(accepted.joined()).isTrue());
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.PAUSED);
    assertThat(rig.read(id).total()).isEqualTo(6);
  }

  @Test
  void l10_drain_leavesWhatIsPausedAsItIs() {
    OperationId id = rig.admit(work);
    pauseAndRest(id);
    List<String> told = new ArrayList<>();

    rig.registry.drain(Duration.ofSeconds(10), () -> told.add("drained"));
    rig.settle();

    assertThat(told).containsExactly("drained");
    assertThat(work.task().cancellable().isCancelled()).isFalse();
    assertThat(rig.store.find(id).orElseThrow().state()).isEqualTo(OperationState.PAUSED);
  }

  @Test
  void whatWasPaused_isPausedAfterARestart_withItsSettings() {
    OperationId id = rig.admit(work);
    work.succeed(2);
    pauseAndRest(id);
    rig.changed(id, now -> new OperationSettings(Priority.LOW, 9L, now.paused(), Map.of("a", "b")));
    OperationSnapshot stored = rig.store.find(id).orElseThrow();
    try (RegistryRig after = RegistryRig.of(1, 1)) {
      ScriptedOperation again = ScriptedOperation.ofItems(5);
      after.store.admit(stored, null, _ -> {});

      after.registry.recover(
          List.of(new Recovered(stored, Submitting.of(again).now().as(stored), Recovery.RESUMED)));
      after.settle();

      OperationSnapshot shown = after.read(id);
      assertThat(shown.state()).isEqualTo(OperationState.PAUSED);
      assertThat(shown.attempt()).isEqualTo(2);
      assertThat(OperationSettings.of(shown)).isEqualTo(OperationSettings.of(stored));
      assertThat(again.isStarted()).isFalse();
      assertThat(again.priority()).isEqualTo(Priority.LOW);
      assertThat(again.bytesPerSecond()).isEqualTo(9);
      after.pause(id, false);
      assertThat(again.isStarted()).isTrue();
      assertThat(after.stateOf(id)).isEqualTo(OperationState.RUNNING);
    }
  }

  @Test
  void whatWasPausedBeforeARestart_cleansUp_whenItIsCancelled() {
    OperationId id = rig.admit(work);
    pauseAndRest(id);
    OperationSnapshot stored = rig.store.find(id).orElseThrow();
    try (RegistryRig after = RegistryRig.of(1, 1)) {
      ScriptedOperation again = ScriptedOperation.ofItems(5).obeyingCancel();
      after.store.admit(stored, null, _ -> {});
      after.registry.recover(
          List.of(new Recovered(stored, Submitting.of(again).now().as(stored), Recovery.RESUMED)));
      after.settle();

      after.cancel(id);

      assertThat(again.isStarted()).isTrue();
      assertThat(after.stateOf(id)).isEqualTo(OperationState.CANCELLED);
    }
  }

  private void pauseAndRest(OperationId id) {
    rig.pause(id, true);
    work.rest();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.PAUSED);
  }
}
