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
  void l10_drain_givesRunningWorkTheGracePeriod_andLeavesTheRestForTheNextStart() {
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
    assertThat(slow.task().cancellable().isCancelled()).isFalse();
    assertThat(told).isEmpty();

    rig.advance(Duration.ofSeconds(1));

    assertThat(slow.task().cancellable().isCancelled()).isTrue();
    assertThat(savedState(slowId)).isEqualTo(OperationState.RUNNING);
    assertThat(savedState(queuedId)).isEqualTo(OperationState.QUEUED);
    assertThat(queued.isStarted()).isFalse();
    assertThat(told).containsExactly("drained");
  }

  @Test
  void l10_drain_ofWorkThatWinsTheRace_endsItAsItEnded() {
    ScriptedOperation running = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(running);

    drain();
    rig.advance(GRACE);
    running.succeedAll();
    rig.settle();

    assertThat(savedState(id)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(told).containsExactly("drained");
  }

  @Test
  void l10_drain_ofWhatIsBeingCancelled_endsItCancelled() {
    ScriptedOperation running = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(running);
    rig.cancel(id);

    drain();
    rig.advance(GRACE);
    assertThat(told).isEmpty();
    running.endCancelled();
    rig.settle();

    assertThat(savedState(id)).isEqualTo(OperationState.CANCELLED);
    assertThat(told).containsExactly("drained");
  }

  @Test
  void l10_drain_tellsThoseWhoWaitForASuspendedOperationHowItStands() {
    OperationId id = rig.admit(ScriptedOperation.ofItems(1).obeyingCancel());
    List<OperationSnapshot> heard = new ArrayList<>();
    rig.registry.whenTerminal(id, heard::add);

    drain();
    rig.advance(GRACE);

    assertThat(heard).extracting(OperationSnapshot::state).containsExactly(OperationState.RUNNING);
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
    assertThat(told).isEmpty();
    rig.store.hold();
    stubborn.succeedAll();
    rig.settle();
    assertThat(told).isEmpty();
    rig.store.release();
    rig.settle();

    assertThat(told).containsExactly("drained");
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void l10_drain_leavesALongQueueAsItIs() {
    for (int i = 0; i < 1500; i++) {
      rig.registry.submit(
          Submitting.of(ScriptedOperation.ofItems(1).obeyingCancel()).now(), _ -> {});
    }
    rig.settle();

    drain();
    rig.advance(GRACE);

    assertThat(told).containsExactly("drained");
    assertThat(rig.registry.summary().byState())
        .containsEntry(OperationState.QUEUED, 1498L)
        .containsEntry(OperationState.RUNNING, 2L);
    assertThat(rig.store.saved.unfinished()).hasSize(1500);
  }

  @Test
  void l10_drain_withAnAdmissionOnItsWay_answersItAndLeavesItQueued() {
    List<Admission> answers = new ArrayList<>();
    rig.registry.submit(Submitting.of(ScriptedOperation.ofItems(1)).now(), answers::add);

    drain();
    rig.settle();

    assertThat(answers).singleElement().isInstanceOf(Admission.Accepted.class);
    assertThat(told).containsExactly("drained");
    assertThat(rig.registry.summary().byState()).containsEntry(OperationState.QUEUED, 1L);
  }

  @Test
  void drain_twice_isRefused() {
    drain();

    assertThatIllegalStateException().isThrownBy(this::drain);
  }

  private OperationState savedState(OperationId id) {
    return rig.store.find(id).orElseThrow().state();
  }

  private void drain() {
    rig.registry.drain(GRACE, () -> told.add("drained"));
  }
}
