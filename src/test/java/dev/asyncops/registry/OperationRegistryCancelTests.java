package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryCancelTests {

  private final RegistryRig rig = RegistryRig.of(1, 10);
  private final ScriptedOperation running = ScriptedOperation.ofItems(5);
  private final OperationId runningId = rig.admit(running);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void p10_cancel_ofAQueuedOperation_endsItAtOnceAndItNeverStarts() {
    ScriptedOperation queued = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(Submitting.of(queued).claiming("data/a", true));
    rig.time.advance(Duration.ofSeconds(1));

    OperationSnapshot cancelled = rig.registry.cancel(id).orElseThrow();

    assertThat(cancelled.state()).isEqualTo(OperationState.CANCELLED);
    assertThat(cancelled.pending()).isZero();
    assertThat(cancelled.toStart()).isZero();
    assertThat(cancelled.cancelled()).isEqualTo(3);
    assertThat(cancelled.cancelRequestTime()).isEqualTo(ManualTime.START.plusSeconds(1));
    assertThat(cancelled.endTime()).isEqualTo(ManualTime.START.plusSeconds(1));
    assertThat(cancelled.startTime()).isNull();
    assertThat(cancelled.error()).isNotNull();
    assertThat(rig.read(id)).isEqualTo(cancelled);
    rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true));
    running.succeedAll();
    rig.settle();
    assertThat(queued.isStarted()).isFalse();
  }

  @Test
  void cancel_ofAQueuedOperationThatIsNotSavedYet_isAnsweredAsCancelled() {
    List<Admission> answers = new ArrayList<>();
    ScriptedOperation early = ScriptedOperation.ofItems(3);
    running.succeedAll();
    rig.settle();
    rig.registry.submit(Submitting.of(early).now(), answers::add);

    rig.registry.cancel(OperationId.parse(early.id()).orElseThrow());
    rig.settle();

    Admission.Accepted answer = (Admission.Accepted) answers.getFirst();
    assertThat(answer.operation().state()).isEqualTo(OperationState.CANCELLED);
    assertThat(early.isStarted()).isFalse();
    assertThat(rig.store.find(answer.operation().id()).orElseThrow().state())
        .isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void k4_cancel_ofARunningOperation_isAnsweredAtOnceAndEndsLater() {
    running.succeed(2);
    rig.time.advance(Duration.ofSeconds(1));

    OperationSnapshot asked = rig.registry.cancel(runningId).orElseThrow();

    assertThat(asked.state()).isEqualTo(OperationState.CANCELLING);
    assertThat(asked.cancelRequestTime()).isEqualTo(ManualTime.START.plusSeconds(1));
    assertThat(running.task().cancellable().isCancelled()).isTrue();

    running.endCancelled();
    rig.settle();

    OperationSnapshot end = rig.read(runningId);
    assertThat(end.state()).isEqualTo(OperationState.CANCELLED);
    assertThat(end.succeeded()).isEqualTo(2);
    assertThat(end.cancelled()).isEqualTo(3);
    assertThat(end.error()).isNotNull();
    assertThat(end.error().code()).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void cancel_repeated_changesNothing() {
    OperationSnapshot first = rig.registry.cancel(runningId).orElseThrow();
    rig.time.advance(Duration.ofSeconds(1));

    OperationSnapshot second = rig.registry.cancel(runningId).orElseThrow();

    assertThat(second).isSameAs(first);
  }

  @Test
  void k4_cancel_ofAFinishedOperation_changesNothing() {
    running.succeedAll();
    rig.settle();
    OperationSnapshot end = rig.read(runningId);

    assertThat(rig.registry.cancel(runningId)).containsSame(end);
  }

  @Test
  void cancel_thatTheWorkWon_isNotShownAsCancelled() {
    rig.registry.cancel(runningId);

    running.fail(ErrorCode.NOT_FOUND, "Gone.");
    running.succeedAll();
    rig.settle();

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.PARTIAL);
    assertThat(rig.read(runningId).cancelRequestTime()).isNotNull();
  }

  @Test
  void cancel_ofWhatFailsMeanwhile_isShownAsFailed() {
    rig.registry.cancel(runningId);

    running.endWith(new OperationException(ErrorCode.NO_SPACE, "The disk is full."));
    rig.settle();

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.FAILED);
  }

  @Test
  void cancel_whileTheEndIsBeingSaved_comesTooLate() {
    rig.store.hold();
    running.succeedAll();
    rig.settle();

    OperationSnapshot asked = rig.registry.cancel(runningId).orElseThrow();
    rig.store.release();
    rig.settle();

    assertThat(asked.cancelRequestTime()).isNull();
    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void cancel_ofOneOperation_leavesTheOthersAlone() {
    ScriptedOperation queued = ScriptedOperation.ofItems(1);
    OperationId other = rig.admit(queued);

    rig.registry.cancel(runningId);
    running.endCancelled();
    rig.settle();

    assertThat(rig.stateOf(other)).isEqualTo(OperationState.RUNNING);
    assertThat(queued.task().cancellable().isCancelled()).isFalse();
  }
}
