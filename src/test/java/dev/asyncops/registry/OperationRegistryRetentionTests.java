package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationRegistryRetentionTests {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void l9_aFinishedOperation_isForgottenAtItsExpireTime() {
    try (RegistryRig rig = RegistryRig.keeping(HOUR, 100)) {
      OperationId id = finish(rig);
      assertThat(rig.read(id).expireTime()).isEqualTo(ManualTime.START.plus(HOUR));

      rig.advance(HOUR.minusMillis(1));
      assertThat(rig.registry.find(id)).isPresent();
      rig.advance(Duration.ofMillis(1));

      assertThat(rig.registry.find(id)).isEmpty();
      assertThat(rig.store.find(id)).isEmpty();
      assertThat(rig.list(new Querying())).isEmpty();
      assertThat(rig.registry.summary().byState()).containsEntry(OperationState.SUCCEEDED, 0L);
      assertThat(rig.heard.forgotten).isEqualTo(1);
    }
  }

  @Test
  void l9_beyondTheNumber_theOldestAreForgotten() {
    try (RegistryRig rig = RegistryRig.keeping(HOUR, 3)) {
      List<OperationId> finished = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        finished.add(finish(rig));
      }
      rig.advance(Duration.ofSeconds(1));

      assertThat(finished.stream().filter(id -> rig.registry.find(id).isPresent()))
          .containsExactlyElementsOf(finished.subList(2, 5));
      assertThat(rig.registry.summary().byState()).containsEntry(OperationState.SUCCEEDED, 3L);
    }
  }

  @Test
  void l9_liveOperations_areNeverForgotten() {
    try (RegistryRig rig = RegistryRig.keeping(HOUR, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(1);
      OperationId id = rig.admit(operation);
      for (int i = 0; i < 5; i++) {
        finish(rig);
      }

      rig.advance(HOUR.multipliedBy(1000));

      assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
      operation.succeedAll();
      rig.settle();
      assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    }
  }

  @Test
  void l9_manyAtOnce_areForgottenInSmallSteps() {
    try (RegistryRig rig = RegistryRig.keeping(HOUR, 1000)) {
      for (int i = 0; i < 600; i++) {
        finish(rig);
      }
      rig.time.advance(HOUR);
      int before = rig.heard.forgotten;
      int largestStep = 0;

      for (int last = before; rig.context.iterate(false); last = rig.heard.forgotten) {
        largestStep = Math.max(largestStep, rig.heard.forgotten - last);
      }

      assertThat(rig.heard.forgotten - before).isEqualTo(600);
      assertThat(largestStep).isLessThanOrEqualTo(500);
    }
  }

  @Test
  void l9_whatIsYounger_isForgottenInItsOwnTime() {
    try (RegistryRig rig = RegistryRig.keeping(HOUR, 100)) {
      OperationId older = finish(rig);
      rig.advance(Duration.ofMinutes(30));
      OperationId younger = finish(rig);

      rig.advance(Duration.ofMinutes(30));
      assertThat(rig.registry.find(older)).isEmpty();
      assertThat(rig.registry.find(younger)).isPresent();
      rig.advance(Duration.ofMinutes(30));

      assertThat(rig.registry.find(younger)).isEmpty();
    }
  }

  private static OperationId finish(RegistryRig rig) {
    ScriptedOperation operation = ScriptedOperation.ofItems(1);
    OperationId id = rig.admit(operation);
    operation.succeedAll();
    rig.settle();
    return id;
  }
}
