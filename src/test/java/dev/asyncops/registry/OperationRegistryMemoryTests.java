package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is not over takes a bounded amount of memory, whatever it consists of. */
class OperationRegistryMemoryTests {

  private static final long ROOM = 1_000_000;

  private final RegistryRig rig = RegistryRig.ofMemory(ROOM);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void manySmallOnes_areRefusedInTheEnd_andAdmittedAgainWhenOneIsOver() {
    ScriptedOperation first = ScriptedOperation.ofItems(1);
    rig.admit(first);
    int admitted = 1;
    while (rig.registry.isAccepting()) {
      rig.admit(ScriptedOperation.ofItems(1));
      admitted++;
    }

    assertThat(admitted).isBetween(100, 999);
    assertThat(rig.refuse(one()).error().code()).isEqualTo(ErrorCode.QUEUE_FULL);

    first.succeedAll();
    rig.settle();

    assertThat(rig.registry.isAccepting()).isTrue();
    rig.admit(one());
  }

  @Test
  void oneThatIsLarge_keepsOthersOutUntilItIsOver() {
    ScriptedOperation large = ScriptedOperation.ofItems(1).taking(ROOM);
    rig.admit(large);

    assertThat(rig.refuse(one()).error().code()).isEqualTo(ErrorCode.QUEUE_FULL);

    large.succeedAll();
    rig.settle();

    rig.admit(one());
  }

  @Test
  void whatHasJoined_countsUntilTheBatchIsOver() {
    ScriptedOperation batch = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(Submitting.of(batch).joining("nightly"));
    Admission joined =
        rig.submit(Submitting.of(ScriptedOperation.ofItems(1).taking(ROOM)).joining("nightly"));

    assertThat(((Admission.Accepted) joined).operation().id()).isEqualTo(id);
    assertThat(rig.refuse(one()).error().code()).isEqualTo(ErrorCode.QUEUE_FULL);
    assertThat(rig.refuse(one().joining("nightly")).error().code()).isEqualTo(ErrorCode.QUEUE_FULL);

    rig.cancel(id);
    batch.endCancelled();
    rig.settle();

    rig.admit(one());
  }

  @Test
  void textsOfTheClient_count() {
    rig.admit(one().userData(new JsonText("x".repeat((int) ROOM))));

    assertThat(rig.refuse(one()).error().code()).isEqualTo(ErrorCode.QUEUE_FULL);
  }

  private static Submitting one() {
    return Submitting.of(ScriptedOperation.ofItems(1));
  }
}
