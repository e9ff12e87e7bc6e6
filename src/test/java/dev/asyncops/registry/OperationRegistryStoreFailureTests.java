package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens while nothing can be saved, and when it can again. */
class OperationRegistryStoreFailureTests {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private final RegistryRig rig = RegistryRig.of(2, 3);
  private final ScriptedOperation running = ScriptedOperation.ofItems(5);
  private final OperationId runningId =
      rig.admit(Submitting.of(running).claiming("data/running", true));

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void submit_thatCannotBeSaved_isRefusedAndLeavesNothing() {
    rig.store.saved.fail(true);
    int published = rig.heard.published.size();

    Admission.Refused refused =
        rig.refuse(
            Submitting.of(ScriptedOperation.ofItems(1))
                .claiming("data/a", true)
                .joining("nightly"));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(refused.running()).isNull();
    assertThat(rig.heard.published).hasSize(published);
    assertThat(rig.heard.refusals).containsExactly(ErrorCode.STORE_UNAVAILABLE);
    assertThat(rig.registry.summary().queued()).isZero();
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);
    OperationId next =
        rig.admit(
            Submitting.of(ScriptedOperation.ofItems(1))
                .claiming("data/a", true)
                .joining("nightly"));
    assertThat(rig.list(new Querying()))
        .extracting(OperationSnapshot::id)
        .containsExactly(next, runningId);
  }

  @Test
  void submit_whileItIsKnownThatNothingCanBeSaved_asksTheStoreNothing() {
    rig.store.saved.fail(true);
    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)));
    rig.store.came.clear();

    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)));

    assertThat(rig.store.came).isEmpty();
  }

  @Test
  void join_thatCannotBeSaved_isRefusedAndItsWorkIsNotDone() {
    ScriptedOperation batch = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(Submitting.of(batch).joining("nightly"));
    rig.store.saved.fail(true);

    Admission.Refused refused =
        rig.refuse(Submitting.of(ScriptedOperation.ofItems(5)).joining("nightly"));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(batch.progress().total()).isEqualTo(3);
    assertThat(rig.read(id).total()).isEqualTo(3);
  }

  @Test
  void a8_anEndThatCannotBeSaved_isNotShownUntilItIs() {
    List<OperationSnapshot> told = new ArrayList<>();
    rig.registry.whenTerminal(runningId, told::add);
    rig.store.saved.fail(true);

    running.succeedAll();
    rig.advance(Duration.ofSeconds(30));

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.RUNNING);
    assertThat(told).isEmpty();
    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/running", true));
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);

    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.store.find(runningId).orElseThrow().state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(told).hasSize(1);
  }

  @Test
  void runningWork_goesOnAndItsNewestSnapshotIsSavedWhenTheDiskHeals() {
    rig.store.saved.fail(true);

    running.succeed(1);
    rig.advance(Duration.ofSeconds(2));
    running.succeed(2);
    rig.advance(Duration.ofSeconds(2));
    assertThat(rig.read(runningId).succeeded()).isEqualTo(3);
    assertThat(rig.store.find(runningId).orElseThrow().succeeded()).isZero();
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);

    assertThat(rig.store.find(runningId).orElseThrow()).isEqualTo(rig.read(runningId));
  }

  @Test
  void cancel_thatCannotBeSaved_stopsTheWorkAllTheSame() {
    rig.store.saved.fail(true);

    List<Cancellation> answers = rig.cancelLater(runningId);
    rig.advance(RegistryRig.CANCEL_SAVED);

    assertThat(answers).singleElement().isInstanceOf(Cancellation.Unsaved.class);
    assertThat(running.task().cancellable().isCancelled()).isTrue();
    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.CANCELLING);
    running.endCancelled();
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);
    assertThat(rig.stateOf(runningId)).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void cancel_ofAQueuedOperationThatCannotBeSaved_neverStartsIt() {
    rig.admit(ScriptedOperation.ofItems(1));
    ScriptedOperation queued = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(queued);
    rig.store.saved.fail(true);

    rig.cancelLater(id);
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.QUEUED);
    running.succeedAll();
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLED);
    assertThat(queued.isStarted()).isFalse();
  }

  @Test
  void storeFailure_saysWhyAndHealsByItself_alsoWithoutAnyWork() {
    running.succeedAll();
    rig.settle();
    assertThat(rig.registry.storeFailure()).isNull();
    rig.store.saved.fail(true);

    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)));
    assertThat(rig.registry.storeFailure()).isNotNull();
    assertThat(rig.registry.storeFailure().detail()).isEqualTo("The disk is full.");
    rig.advance(Duration.ofMinutes(1));
    assertThat(rig.registry.storeFailure()).isNotNull();
    rig.store.saved.fail(false);
    rig.advance(Duration.ofSeconds(5));

    assertThat(rig.registry.storeFailure()).isNull();
  }

  @Test
  void retries_areFurtherAndFurtherApart() {
    rig.store.saved.fail(true);
    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)));

    int before = rig.store.checks;
    rig.advance(Duration.ofMillis(250));
    assertThat(rig.store.checks).isEqualTo(before + 1);
    rig.advance(Duration.ofMillis(499));
    assertThat(rig.store.checks).isEqualTo(before + 1);
    rig.advance(Duration.ofMillis(1));
    assertThat(rig.store.checks).isEqualTo(before + 2);
    for (int i = 0; i < 100; i++) {
      rig.advance(Duration.ofSeconds(1));
    }

    assertThat(rig.store.checks).isBetween(before + 20, before + 25);
  }
}
