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

    OperationSnapshot cancelled = rig.cancel(id);

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
  void cancel_ofAnOperationThatIsNotSavedYet_findsNone() {
    List<Admission> answers = new ArrayList<>();
    ScriptedOperation early = ScriptedOperation.ofItems(3);
    rig.registry.submit(Submitting.of(early).now(), answers::add);
    OperationId id = OperationId.parse(early.id()).orElseThrow();

    assertThat(rig.cancelLater(id)).containsExactly(new Cancellation.NotLive());
    rig.settle();

    assertThat(answers).hasSize(1);
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.QUEUED);
  }

  @Test
  void cancel_isAnsweredWhenItIsSaved_andWorksAtOnce() {
    rig.store.hold();

    List<Cancellation> answers = rig.cancelLater(runningId);
    rig.settle();
    assertThat(answers).isEmpty();
    assertThat(running.task().cancellable().isCancelled()).isTrue();
    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.CANCELLING);
    rig.store.release();
    rig.advance(RegistryRig.CANCEL_SAVED);

    assertThat(answers).hasSize(1);
  }

  @Test
  void cancel_ofWhatStopsSoon_isSavedWithItsEnd() {
    rig.store.came.clear();

    List<Cancellation> answers = rig.cancelLater(runningId);
    rig.advance(RegistryRig.CANCEL_SAVED.minusMillis(1));
    assertThat(answers).isEmpty();
    running.endCancelled();
    rig.settle();

    assertThat(answers).containsExactly(new Cancellation.Asked(rig.read(runningId)));
    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.CANCELLED);
    rig.advance(Duration.ofSeconds(10));
    assertThat(rig.store.came).containsExactly(rig.read(runningId));
  }

  @Test
  void cancel_ofAQueuedOperation_isShownOnlyWhenItIsSaved() {
    ScriptedOperation queued = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(queued);
    rig.store.hold();

    rig.cancelLater(id);
    running.succeedAll();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.QUEUED);
    rig.store.release();
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLED);
    assertThat(queued.isStarted()).isFalse();
  }

  @Test
  void k4_cancel_ofARunningOperation_isAnsweredAtOnceAndEndsLater() {
    running.succeed(2);
    rig.time.advance(Duration.ofSeconds(1));

    OperationSnapshot asked = rig.cancel(runningId);

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
    OperationSnapshot first = rig.cancel(runningId);
    rig.time.advance(Duration.ofSeconds(1));

    OperationSnapshot second = rig.cancel(runningId);

    assertThat(second).isSameAs(first);
  }

  @Test
  void k4_cancel_ofAFinishedOperation_changesNothing() {
    running.succeedAll();
    rig.settle();
    OperationSnapshot end = rig.read(runningId);

    assertThat(rig.cancel(runningId)).isSameAs(end);
  }

  @Test
  void cancel_thatTheWorkWon_isNotShownAsCancelled() {
    rig.cancel(runningId);

    running.fail(ErrorCode.NOT_FOUND, "Gone.");
    running.succeedAll();
    rig.settle();

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.PARTIAL);
    assertThat(rig.read(runningId).cancelRequestTime()).isNotNull();
  }

  @Test
  void cancel_ofWhatFailsMeanwhile_isShownAsFailed() {
    rig.cancel(runningId);

    running.endWith(new OperationException(ErrorCode.NO_SPACE, "The disk is full."));
    rig.settle();

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.FAILED);
  }

  @Test
  void cancel_whileTheEndIsBeingSaved_comesTooLate() {
    rig.store.hold();
    running.succeedAll();
    rig.settle();

    List<Cancellation> asked = rig.cancelLater(runningId);
    rig.settle();
    assertThat(asked).isEmpty();
    rig.store.release();
    rig.settle();

    assertThat(asked).containsExactly(new Cancellation.Asked(rig.read(runningId)));
    assertThat(rig.read(runningId).cancelRequestTime()).isNull();
    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void cancel_ofOneOperation_leavesTheOthersAlone() {
    ScriptedOperation queued = ScriptedOperation.ofItems(1);
    OperationId other = rig.admit(queued);

    rig.cancel(runningId);
    running.endCancelled();
    rig.settle();

    assertThat(rig.stateOf(other)).isEqualTo(OperationState.RUNNING);
    assertThat(queued.task().cancellable().isCancelled()).isFalse();
  }
}
