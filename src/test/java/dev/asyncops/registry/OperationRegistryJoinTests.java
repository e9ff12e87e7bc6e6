package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Operation.Join;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryJoinTests {

  private final RegistryRig rig = RegistryRig.of(2, 3);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void p2_aStartWithTheKeyOfARunningBatch_joinsIt() {
    ScriptedOperation batch = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(joining(batch));
    batch.succeed(1);

    Admission.Accepted joined =
        (Admission.Accepted) rig.submit(joining(ScriptedOperation.ofItems(5)));

    assertThat(joined.joined()).isTrue();
    assertThat(joined.operation().id()).isEqualTo(id);
    assertThat(joined.operation().total()).isEqualTo(8);
    assertThat(joined.operation().pending()).isEqualTo(7);
    assertThat(joined.operation().toStart()).isEqualTo(7);
    batch.succeedAll();
    rig.settle();
    assertThat(rig.read(id).succeeded()).isEqualTo(8);
  }

  @Test
  void p2_aStartWithTheKeyOfAQueuedBatch_joinsIt() {
    rig.admit(ScriptedOperation.ofItems(1));
    rig.admit(ScriptedOperation.ofItems(1));
    OperationId id = rig.admit(joining(ScriptedOperation.ofItems(3)));

    Admission.Accepted joined =
        (Admission.Accepted) rig.submit(joining(ScriptedOperation.ofItems(5)));

    assertThat(joined.joined()).isTrue();
    assertThat(rig.read(id).state()).isEqualTo(OperationState.QUEUED);
    assertThat(rig.read(id).total()).isEqualTo(8);
  }

  @Test
  void p2_join_isAnsweredOnlyWhenItIsSaved() {
    rig.admit(joining(ScriptedOperation.ofItems(3)));
    List<Admission> answers = new ArrayList<>();
    rig.store.hold();

    rig.registry.submit(joining(ScriptedOperation.ofItems(5)).now(), answers::add);
    rig.settle();
    assertThat(answers).isEmpty();

    rig.store.release();
    rig.settle();
    assertThat(answers).hasSize(1);
  }

  @Test
  void p2_join_alsoWhenTheQueueIsFull() {
    rig.admit(joining(ScriptedOperation.ofItems(3)));
    for (int i = 0; i < 4; i++) {
      rig.admit(ScriptedOperation.ofItems(1));
    }

    Admission answer = rig.submit(joining(ScriptedOperation.ofItems(5)));

    assertThat(answer).isInstanceOf(Admission.Accepted.class);
  }

  @Test
  void p2_anotherCreatorKindOrKey_beginsItsOwn() {
    OperationId first = rig.admit(joining(ScriptedOperation.ofItems(1)));

    OperationId another =
        rig.admit(joining(ScriptedOperation.ofItems(1)).createdBy("somebody else"));
    OperationId other = rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).joining("weekly"));
    OperationId copy = rig.admit(joining(ScriptedOperation.ofItems(1)).kind("copy"));

    assertThat(List.of(first, another, other, copy)).doesNotHaveDuplicates();
    assertThat(rig.read(first).total()).isEqualTo(1);
  }

  @Test
  void join_whenTheOperationSaysThatOptionsDiffer_isRefusedWithTheIdOfTheBatch() {
    OperationId id = rig.admit(joining(ScriptedOperation.ofItems(3).answeringJoin(Join.DIFFERS)));

    Admission.Refused refused = rig.refuse(joining(ScriptedOperation.ofItems(5)));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.PENDING);
    assertThat(refused.error().detail()).contains(id.toString());
    assertThat(refused.running()).isEqualTo(id);
    assertThat(rig.read(id).total()).isEqualTo(3);
  }

  @Test
  void join_withOtherLimitsPriorityOrReport_isRefused() {
    rig.admit(joining(ScriptedOperation.ofItems(3)));

    List<Submitting> others =
        List.of(
            joining(ScriptedOperation.ofItems(1)).priority(Priority.LOW),
            joining(ScriptedOperation.ofItems(1)).timeout(Duration.ofSeconds(1)),
            joining(ScriptedOperation.ofItems(1)).report(Submission.Report.ALL));

    assertThat(others)
        .allSatisfy(
            other -> assertThat(rig.refuse(other).error().code()).isEqualTo(ErrorCode.PENDING));
  }

  @Test
  void join_withOtherOptionsOfTheWork_isRefusedBeforeAnythingIsSaved() {
    OperationId id = rig.admit(joining(ScriptedOperation.ofItems(3)));

    Admission.Refused refused =
        rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).joining("nightly", "others"));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.PENDING);
    assertThat(rig.store.inputs(id).added()).isEmpty();
  }

  @Test
  void p2_join_savesItsWholeInputBeforeItsWorkBegins() {
    ScriptedOperation batch = ScriptedOperation.ofItems(3);
    OperationId id = rig.admit(joining(batch).input("[1]"));
    rig.store.hold();

    rig.registry.submit(joining(ScriptedOperation.ofItems(5)).input("[2]").now(), _ -> {});
    rig.settle();
    assertThat(batch.progress().total()).isEqualTo(3);
    rig.store.release();
    rig.settle();

    assertThat(batch.progress().total()).isEqualTo(8);
    assertThat(rig.store.inputs(id))
        .isEqualTo(new OperationStore.Inputs(new JsonText("[1]"), List.of(new JsonText("[2]"))));
  }

  @Test
  void p7_aStartWhenTheLastItemIsDone_beginsANewBatch() {
    ScriptedOperation first = ScriptedOperation.ofItems(2);
    OperationId over = rig.admit(joining(first));
    first.succeedAll();

    OperationId next = rig.admit(joining(ScriptedOperation.ofItems(5)));

    assertThat(next).isNotEqualTo(over);
    assertThat(rig.read(over).total()).isEqualTo(2);
    assertThat(rig.read(over).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(rig.read(next).total()).isEqualTo(5);
  }

  @Test
  void p7_aStartWhileTheEndIsBeingSaved_beginsANewBatchThatOthersJoin() {
    ScriptedOperation first = ScriptedOperation.ofItems(2);
    OperationId over = rig.admit(joining(first));
    rig.store.hold();
    first.succeedAll();
    rig.settle();
    List<Admission> answers = new ArrayList<>();

    rig.registry.submit(joining(ScriptedOperation.ofItems(5)).now(), answers::add);
    rig.store.release();
    rig.settle();

    OperationId next = ((Admission.Accepted) answers.getFirst()).operation().id();
    assertThat(next).isNotEqualTo(over);
    Admission.Accepted joined =
        (Admission.Accepted) rig.submit(joining(ScriptedOperation.ofItems(1)));
    assertThat(joined.operation().id()).isEqualTo(next);
    assertThat(rig.heard.statesOf(over).getLast()).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void p8_aStartWhileTheBatchIsCancelled_beginsANewOne() {
    ScriptedOperation first = ScriptedOperation.ofItems(2);
    OperationId cancelled = rig.admit(joining(first));
    rig.cancel(cancelled);

    OperationId next = rig.admit(joining(ScriptedOperation.ofItems(5)));
    first.endCancelled();
    rig.settle();

    assertThat(next).isNotEqualTo(cancelled);
    assertThat(rig.stateOf(cancelled)).isEqualTo(OperationState.CANCELLED);
    assertThat(rig.read(next).cancelled()).isZero();
    assertThat(((Admission.Accepted) rig.submit(joining(ScriptedOperation.ofItems(1)))).joined())
        .isTrue();
  }

  @Test
  void p6_aStartFromInsideTheAnnouncement_beginsANewBatch() {
    ScriptedOperation first = ScriptedOperation.ofItems(2);
    OperationId over = rig.admit(joining(first));
    List<Admission> answers = new ArrayList<>();
    rig.registry.whenTerminal(
        over, _ -> rig.registry.submit(joining(ScriptedOperation.ofItems(5)).now(), answers::add));

    first.succeedAll();
    rig.settle();

    Admission.Accepted answer = (Admission.Accepted) answers.getFirst();
    assertThat(answer.joined()).isFalse();
    assertThat(answer.operation().id()).isNotEqualTo(over);
    assertThat(answer.operation().total()).isEqualTo(5);
  }

  private static Submitting joining(ScriptedOperation operation) {
    return Submitting.of(operation).joining("nightly");
  }
}
