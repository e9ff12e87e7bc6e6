package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of operations below roots that somebody does not reach nothing is told to that somebody. */
class OperationRegistryReachTests {

  private final RegistryRig rig = RegistryRig.of(5, 5);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aJoinWithOtherRoots_makesTheirsThoseOfTheBatch() {
    OperationId id = rig.admit(batch().below("data").reaching("data", "archive"));

    rig.admit(batch().below("archive").reaching("data", "archive"));

    assertThat(rig.read(id).roots()).isEqualTo(RootSet.of(List.of("archive", "data")));
    assertThat(rig.list(new Querying().reaching("data"))).isEmpty();
    assertThat(rig.list(new Querying().reaching("data", "archive"))).hasSize(1);
  }

  @Test
  void aBatchThatIsNotReached_isNotJoined() {
    OperationId hidden = rig.admit(batch().below("data", "archive"));

    OperationId own = rig.admit(batch().below("data").reaching("data"));
    OperationId joined = rig.admit(batch().below("data").reaching("data"));

    assertThat(own).isNotEqualTo(hidden).isEqualTo(joined);
    assertThat(rig.read(hidden).total()).isEqualTo(1);
    assertThat(rig.read(own).total()).isEqualTo(2);
  }

  @Test
  void aCompetitorThatIsNotReached_isNotNamed() {
    OperationId id = rig.admit(copy().below("data", "archive").claiming("data/x", true));

    Admission.Refused blind =
        rig.refuse(copy().below("data").reaching("data").claiming("data/x", true));
    Admission.Refused seeing = rig.refuse(copy().below("data").claiming("data/x", true));

    assertThat(blind.error().code()).isEqualTo(ErrorCode.PENDING);
    assertThat(blind.error().detail()).doesNotContain(id.toString());
    assertThat(blind.running()).isNull();
    assertThat(seeing.running()).isEqualTo(id);
  }

  @Test
  void aKeyOfAnOperationThatIsNotReached_isTakenAndSaysNoMore() {
    OperationId id = rig.admit(copy().below("data", "archive").keyed("k", "0a"));

    for (String fingerprint : List.of("0a", "0b")) {
      Admission.Refused refused =
          rig.refuse(copy().below("data").reaching("data").keyed("k", fingerprint));

      assertThat(refused.error().code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
      assertThat(refused.error().detail()).doesNotContain(id.toString());
    }
    assertThat(rig.submit(copy().keyed("k", "0a"))).isInstanceOf(Admission.Replayed.class);
  }

  @Test
  void theSummary_countsWhatIsReached() {
    ScriptedOperation hidden = ScriptedOperation.ofItems(3);
    rig.admit(Submitting.of(hidden).below("archive"));
    rig.admit(Submitting.of(ScriptedOperation.ofItems(2)).below("data"));

    OperationSummary seen = rig.registry.summary(Reach.of(List.of("data")));

    assertThat(seen.total()).isEqualTo(2);
    assertThat(seen.running()).isEqualTo(1);
    assertThat(rig.registry.summary().total()).isEqualTo(5);
    assertThat(rig.registry.summary(Reach.of(List.of())).total()).isZero();
    hidden.succeedAll();
    rig.settle();
    assertThat(rig.registry.summary(Reach.of(List.of("archive"))).byState())
        .containsEntry(OperationState.SUCCEEDED, 1L)
        .containsEntry(OperationState.RUNNING, 0L);
    assertThat(rig.registry.summary(Reach.of(List.of("data"))).byState())
        .containsEntry(OperationState.SUCCEEDED, 0L);
  }

  @Test
  void theSummary_afterAJoinWithOtherRoots_countsItOnce() {
    rig.admit(batch().below("data"));

    rig.admit(batch().below("archive"));

    assertThat(rig.registry.summary().total()).isEqualTo(2);
    assertThat(rig.registry.summary(Reach.of(List.of("data"))).total()).isZero();
    assertThat(rig.registry.summary(Reach.of(List.of("data", "archive"))).total()).isEqualTo(2);
  }

  private static Submitting copy() {
    return Submitting.of(ScriptedOperation.ofItems(1));
  }

  private static Submitting batch() {
    return Submitting.of(ScriptedOperation.ofItems(1)).joining("nightly");
  }
}
