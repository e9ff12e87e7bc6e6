package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.asyncops.async.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryDrainTests {

  private static final Duration GRACE = Duration.ofSeconds(10);

  private final RegistryRig rig = RegistryRig.of(2, 2000);
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void l10_drain_refusesStarts() {
    rig.admit(ScriptedOperation.ofItems(1));

    drain();

    assertThat(rig.refuse(Submitting.of(ScriptedOperation.ofItems(1))).error().code())
        .isEqualTo(ErrorCode.DRAINING);
    assertThat(rig.registry.isAccepting()).isFalse();
    assertThat(rig.heard.refusals).containsExactly(ErrorCode.DRAINING);
  }

  @Test
  void l10_drain_withNothingLive_isDoneInALaterIteration() {
    drain();

    assertThat(told).isEmpty();
    rig.settle();
    rig.advance(GRACE);
    assertThat(told).containsExactly("drained");
  }

  @Test
  void l10_drain_givesRunningWorkTheGracePeriodAndCancelsWhatWaitsAtOnce() {
    ScriptedOperation running = ScriptedOperation.ofItems(1);
    ScriptedOperation slow = ScriptedOperation.ofItems(1).obeyingCancel();
    ScriptedOperation queued = ScriptedOperation.ofItems(1);
    OperationId runningId = rig.admit(running);
    OperationId slowId = rig.admit(slow);
    OperationId queuedId = rig.admit(queued);

    drain();
    rig.advance(Duration.ofSeconds(9));
    running.succeedAll();
    rig.settle();

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.stateOf(slowId)).isEqualTo(OperationState.RUNNING);
    assertThat(rig.stateOf(queuedId)).isEqualTo(OperationState.CANCELLED);
    assertThat(told).isEmpty();

    rig.advance(Duration.ofSeconds(1));

    assertThat(rig.stateOf(slowId)).isEqualTo(OperationState.CANCELLED);
    assertThat(queued.isStarted()).isFalse();
    assertThat(told).containsExactly("drained");
  }

  @Test
  void l10_drain_whenNothingRunsAnyMore_doesNotWaitForTheGracePeriod() {
    ScriptedOperation one = ScriptedOperation.ofItems(1);
    ScriptedOperation other = ScriptedOperation.ofItems(1);
    rig.admit(one);
    rig.admit(other);

    drain();
    one.succeedAll();
    rig.settle();
    assertThat(told).isEmpty();
    other.succeedAll();
    rig.settle();

    assertThat(told).containsExactly("drained");
  }

  @Test
  void l10_drain_waitsForWhatDoesNotObeyAndForItsEndToBeSaved() {
    ScriptedOperation stubborn = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(stubborn);

    drain();
    rig.advance(GRACE);
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLING);
    rig.store.hold();
    stubborn.endCancelled();
    rig.settle();
    assertThat(told).isEmpty();
    rig.store.release();
    rig.settle();

    assertThat(told).containsExactly("drained");
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void l10_drain_endsEveryOperationOfALongQueue() {
    for (int i = 0; i < 1500; i++) {
      rig.registry.submit(
          Submitting.of(ScriptedOperation.ofItems(1).obeyingCancel()).now(), _ -> {});
    }
    rig.settle();

    drain();
    rig.advance(GRACE);

    assertThat(told).containsExactly("drained");
    assertThat(rig.registry.summary().byState())
        .containsEntry(OperationState.CANCELLED, 1500L)
        .containsEntry(OperationState.QUEUED, 0L)
        .containsEntry(OperationState.RUNNING, 0L);
  }

  @Test
  void l10_drain_withAnAdmissionOnItsWay_answersItAndEndsIt() {
    List<Admission> answers = new ArrayList<>();
    rig.registry.submit(Submitting.of(ScriptedOperation.ofItems(1)).now(), answers::add);

    drain();
    rig.settle();

    assertThat(answers).hasSize(1);
    assertThat(told).containsExactly("drained");
    assertThat(rig.registry.summary().byState()).containsEntry(OperationState.CANCELLED, 1L);
  }

  @Test
  void drain_twice_isRefused() {
    drain();

    assertThatIllegalStateException().isThrownBy(this::drain);
  }

  private void drain() {
    rig.registry.drain(GRACE, () -> told.add("drained"));
  }
}
