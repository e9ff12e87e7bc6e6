package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.OperationRegistry.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationRegistryAdmissionTests {

  private final RegistryRig rig = RegistryRig.of(2, 3);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void submit_answersWithTheWholeOperation_queuedAndCounted() {
    Submitting submission =
        Submitting.of(ScriptedOperation.ofBytes(3, 900))
            .priority(Priority.HIGH)
            .timeout(Duration.ofMillis(1500))
            .label("team", "a")
            .userData(new JsonText("{}"));

    OperationSnapshot admitted = ((Admission.Accepted) rig.submit(submission)).operation();

    assertThat(admitted.state()).isEqualTo(OperationState.QUEUED);
    assertThat(admitted.revision()).isEqualTo(1);
    assertThat(admitted.pending()).isEqualTo(3);
    assertThat(admitted.toStart()).isEqualTo(3);
    assertThat(admitted.total()).isEqualTo(3);
    assertThat(admitted.progress().bytesTotal()).isEqualTo(900);
    assertThat(admitted.priority()).isEqualTo(Priority.HIGH);
    assertThat(admitted.timeoutSeconds()).isEqualTo(1.5);
    assertThat(admitted.labels()).containsExactly(Map.entry("team", "a"));
    assertThat(admitted.userData()).isEqualTo(new JsonText("{}"));
    assertThat(admitted.createdBy()).isEqualTo("ci");
    assertThat(admitted.createTime()).isEqualTo(ManualTime.START);
    assertThat(admitted.createTime()).isEqualTo(admitted.id().time());
    assertThat(admitted.startTime()).isNull();
  }

  @Test
  void t3_submit_neverAnswersInsideTheCall() {
    List<Admission> answers = new ArrayList<>();
    Submission competing =
        Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true).now();

    rig.registry.submit(competing, answers::add);
    rig.registry.submit(competing, answers::add);

    assertThat(answers).isEmpty();
    rig.settle();
    assertThat(answers).hasSize(2);
  }

  @Test
  void submit_isAnsweredAndStarted_onlyWhenTheStoreHasSavedIt() {
    List<Admission> answers = new ArrayList<>();
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    rig.store.hold();

    rig.registry.submit(Submitting.of(operation).now(), answers::add);
    rig.settle();

    assertThat(rig.store.came).hasSize(1);
    assertThat(answers).isEmpty();
    assertThat(operation.isStarted()).isFalse();

    rig.store.release();
    rig.settle();

    assertThat(answers).hasSize(1);
    assertThat(operation.isStarted()).isTrue();
  }

  @Test
  void submit_givesTheOperationItsId() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);

    OperationId id = rig.admit(operation);

    assertThat(operation.id()).isEqualTo(id.toString());
  }

  @Test
  void m22_submit_withAFullQueue_isRefusedAndNothingIsCreated() {
    IntStream.range(0, 5).forEach(_ -> rig.admit(ScriptedOperation.ofItems(1)));
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    int published = rig.heard.published.size();

    Admission.Refused refused = rig.refuse(Submitting.of(operation).claiming("data/x", true));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.QUEUE_FULL);
    assertThat(refused.running()).isNull();
    assertThat(rig.heard.published).hasSize(published);
    assertThat(rig.heard.refusals).containsExactly(ErrorCode.QUEUE_FULL);
    assertThat(rig.registry.summary().queued()).isEqualTo(3);
    assertThat(rig.registry.isAccepting()).isFalse();
  }

  @Test
  void submit_whenAPlaceGotFree_isAdmittedAgain() {
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    rig.admit(first);
    IntStream.range(0, 4).forEach(_ -> rig.admit(ScriptedOperation.ofItems(1)));
    assertThat(rig.registry.isAccepting()).isFalse();

    first.succeedAll();
    rig.settle();

    assertThat(rig.registry.isAccepting()).isTrue();
    rig.admit(ScriptedOperation.ofItems(1));
    assertThat(rig.registry.isAccepting()).isFalse();
  }

  @Test
  void k1_submit_withACompetingClaim_isRefusedAndTheFirstIsNotDisturbed() {
    OperationId first =
        rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/in", true));
    OperationSnapshot before = rig.read(first);

    Admission.Refused refused =
        rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/in/2026", true));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.PENDING);
    assertThat(refused.error().detail()).contains(first.toString());
    assertThat(refused.running()).isEqualTo(first);
    assertThat(rig.read(first)).isEqualTo(before);
  }

  @Test
  void s3_submit_severalAtOnceWithOneClaim_exactlyOneWins() {
    List<Admission> answers = new ArrayList<>();

    for (int i = 0; i < 10; i++) {
      rig.registry.submit(
          Submitting.of(ScriptedOperation.ofItems(3)).kind("connect").claiming("a", false).now(),
          answers::add);
    }
    rig.settle();

    assertThat(answers).hasSize(10);
    assertThat(answers.stream().filter(Admission.Accepted.class::isInstance)).hasSize(1);
  }

  @Test
  void k1_claimOfAQueuedOperation_countsToo() {
    rig.admit(ScriptedOperation.ofItems(1));
    rig.admit(ScriptedOperation.ofItems(1));
    OperationId queued =
        rig.admit(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true));

    Admission.Refused refused =
        rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true));

    assertThat(refused.running()).isEqualTo(queued);
  }

  @Test
  void submit_whenTheOperationCannotBePrepared_isRefusedAndNothingIsLeft() {
    ScriptedOperation broken =
        ScriptedOperation.ofItems(1).failingToPrepare(new IllegalStateException("broken"));

    Admission.Refused refused =
        rig.refuse(Submitting.of(broken).claiming("data/a", true).joining("nightly"));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.FAILED);
    assertThat(rig.heard.published).isEmpty();
    rig.admit(
        Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/a", true).joining("nightly"));
  }

  @Test
  void submit_ofAnUnknownKind_throwsAtOnce() {
    Submission submission = Submitting.of(ScriptedOperation.ofItems(1)).kind("move").now();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.registry.submit(submission, _ -> {}))
        .withMessageContaining("move");
  }

  @Test
  void m2_everythingButReading_isRefusedOffTheMainContext() {
    MainContext foreign = new MainContext("foreign");
    OperationRegistry registry =
        new OperationRegistry(
            foreign,
            new Limits(1, 1, Long.MAX_VALUE, Duration.ofDays(1), 1),
            List.of("copy"),
            rig.time,
            rig.time,
            new OperationIds(rig.time, new Random(1)),
            new InMemoryOperationStore(foreign),
            List.of());
    OperationId id = new OperationIds(rig.time, new Random(2)).next();
    Submission submission = Submitting.of(ScriptedOperation.ofItems(1)).now();

    assertThatIllegalStateException().isThrownBy(() -> registry.submit(submission, _ -> {}));
    assertThatIllegalStateException().isThrownBy(() -> registry.cancel(id, _ -> {}));
    assertThatIllegalStateException().isThrownBy(() -> registry.whenTerminal(id, _ -> {}));
    assertThatIllegalStateException().isThrownBy(() -> registry.drain(Duration.ZERO, () -> {}));
    assertThat(registry.find(id)).isEmpty();
    assertThat(registry.isAccepting()).isTrue();
    assertThat(registry.summary().byKind()).containsOnlyKeys("copy");
  }

  @Test
  void limits_mustBePositive() {
    Duration day = Duration.ofDays(1);

    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(0, 1, 1, day, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 0, 1, day, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 0, day, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 1, Duration.ZERO, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 1, day, 0));
  }
}
