package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How it goes on with what one registry left in the store, in another one. */
class OperationRegistryRecoveryTests {

  private final RegistryRig before = RegistryRig.of(1, 10);
  private final ScriptedOperation running = ScriptedOperation.ofItems(5);
  private final OperationId id =
      before.admit(Submitting.of(running).label("team", "a").claiming("data/a", true));
  private final RegistryRig rig = RegistryRig.of(1, 10);

  @BeforeEach
  void later() {
    rig.time.advance(Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    before.close();
    rig.close();
  }

  @Test
  void whatRan_runsAgainUnderItsId_withOneAttemptMore() {
    progressBefore();
    ScriptedOperation again = ScriptedOperation.ofItems(5);

    recover(Recovery.RESUMED, again);

    assertThat(again.isStarted()).isTrue();
    assertThat(again.id()).isEqualTo(id.toString());
    OperationSnapshot shown = rig.read(id);
    assertThat(shown.state()).isEqualTo(OperationState.RUNNING);
    assertThat(shown.attempt()).isEqualTo(2);
    assertThat(shown.createTime()).isEqualTo(before.read(id).createTime());
    assertThat(shown.revision()).isGreaterThan(before.read(id).revision());
    assertThat(shown.labels()).containsEntry("team", "a");
    assertThat(shown.total()).isEqualTo(5);
    assertThat(shown.succeeded()).isZero();
    assertThat(rig.heard.recoveries).containsExactly(Recovery.RESUMED);
    again.succeedAll();
    rig.settle();
    assertThat(rig.store.find(id).orElseThrow().state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.store.find(id).orElseThrow().attempt()).isEqualTo(2);
  }

  @Test
  void noRevisionThatWasShown_isShownAgain_alsoOfThoseThatWereNotSaved() {
    for (int i = 0; i < 100; i++) {
      running.progress().phase("PHASE " + i);
      before.settle();
    }
    assertThat(before.read(id).revision())
        .isGreaterThan(before.store.find(id).orElseThrow().revision() + 90);

    recover(Recovery.RESUMED, ScriptedOperation.ofItems(5));

    assertThat(rig.heard.published)
        .allSatisfy(
            shown -> assertThat(shown.revision()).isGreaterThan(before.read(id).revision()));
  }

  @Test
  void whatIsResumed_hasItsClaimsAndWaitsForAPlace() {
    rig.admit(ScriptedOperation.ofItems(1));
    ScriptedOperation again = ScriptedOperation.ofItems(5);

    recover(Recovery.RESUMED, again);

    assertThat(again.isStarted()).isFalse();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.QUEUED);
    assertThat(
            rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a/b", true))
                .running())
        .isEqualTo(id);
  }

  @Test
  void whatIsResumed_isStartedToCleanUp_whenItIsCancelledWhileItWaits() {
    rig.admit(ScriptedOperation.ofItems(1));
    ScriptedOperation again = ScriptedOperation.ofItems(5);
    recover(Recovery.RESUMED, again);

    rig.cancel(id);

    assertThat(again.isStarted()).isTrue();
    assertThat(again.task().cancellable().isCancelled()).isTrue();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLING);
    assertThat(rig.registry.summary().running()).isEqualTo(2);
    again.endCancelled();
    rig.settle();
    assertThat(rig.read(id).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(rig.read(id).cancelled()).isEqualTo(5);
    assertThat(rig.registry.summary().running()).isEqualTo(1);
  }

  @Test
  void whatWasBeingCancelled_isCleanedUpAtOnceAndEndsCancelledWithItsCounts() {
    progressBefore();
    before.cancel(id);
    rig.admit(ScriptedOperation.ofItems(1));
    ScriptedOperation cleanUp = ScriptedOperation.ofItems(0);

    recover(Recovery.CANCELLED, cleanUp);

    assertThat(cleanUp.isStarted()).isTrue();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLING);
    rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true));
    cleanUp.task().returnError(OperationException.cancelled());
    rig.settle();

    OperationSnapshot end = rig.read(id);
    assertThat(end.state()).isEqualTo(OperationState.CANCELLED);
    assertThat(end.cancelRequestTime()).isEqualTo(before.read(id).cancelRequestTime());
    assertThat(end.total()).isEqualTo(5);
    assertThat(end.succeeded()).isEqualTo(2);
    assertThat(end.failed()).isEqualTo(1);
    assertThat(end.cancelled()).isEqualTo(2);
    assertThat(end.firstErrors()).extracting(ItemResult::code).containsExactly(ErrorCode.NOT_FOUND);
    assertThat(rig.store.find(id)).contains(end);
    assertThat(rig.registry.summary().running()).isEqualTo(1);
  }

  @Test
  void whatCannotGoOn_endsFailed() {
    ScriptedOperation last = ScriptedOperation.ofItems(0);

    recover(Recovery.INTERRUPTED, last);
    last.task().returnError(new OperationException(ErrorCode.INTERRUPTED, "Interrupted."));
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.FAILED);
    assertThat(rig.read(id).error())
        .isEqualTo(new OperationError(ErrorCode.INTERRUPTED, "Interrupted.", null));
    assertThat(rig.read(id).cancelled()).isEqualTo(5);
  }

  @Test
  void anOperationOfAKindThatIsUnknown_isBroughtToItsEnd() {
    OperationSnapshot stored = Snapshots.with(Snapshots.of(id, "move"), OperationState.RUNNING);
    OperationException error = new OperationException(ErrorCode.NOT_SUPPORTED, "Unknown.");
    rig.store.admit(stored, null, _ -> {});

    rig.registry.recover(
        List.of(new Recovered(stored, Submission.toEnd(stored, error), Recovery.FAILED)));
    rig.settle();

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.FAILED);
    assertThat(rig.registry.summary().running()).isZero();
  }

  @Test
  void whatIsResumed_cannotBePreparedAnyMore_endsFailed() {
    recover(
        Recovery.RESUMED,
        ScriptedOperation.ofItems(1).failingToPrepare(new IllegalStateException("broken")));

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.FAILED);
    assertThat(rig.store.find(id).orElseThrow().state()).isEqualTo(OperationState.FAILED);
  }

  @Test
  void l9_whatEndedBefore_isForgottenInItsTime() {
    running.succeedAll();
    before.settle();
    OperationSnapshot over = before.read(id);
    rig.store.admit(over, null, _ -> {});

    rig.registry.begin(
        List.of(
            new OperationStore.Finished(OperationState.SUCCEEDED, RootSet.of(List.of("data")), 1)));
    rig.advance(RegistryRig.MAX_AGE.minusSeconds(61));
    assertThat(rig.store.find(id)).contains(over);
    rig.advance(Duration.ofSeconds(1));

    assertThat(rig.store.find(id)).isEmpty();
    assertThat(rig.registry.summary().byState()).containsEntry(OperationState.SUCCEEDED, 0L);
  }

  private void progressBefore() {
    running.succeed(2);
    running.fail(ErrorCode.NOT_FOUND, "Gone.");
    before.advance(Duration.ofSeconds(1));
    before.advance(Duration.ofSeconds(1));
    running.progress().phase("WORKING");
    before.settle();
  }

  private void recover(Recovery how, ScriptedOperation work) {
    OperationSnapshot stored = before.store.find(id).orElseThrow();
    rig.store.admit(stored, null, _ -> {});
    Submission submission = Submitting.of(work).claiming("data/a", true).now().as(stored);
    rig.registry.recover(List.of(new Recovered(stored, submission, how)));
    rig.settle();
  }
}
