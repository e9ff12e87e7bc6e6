package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.OperationSummary.KindSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationRegistrySchedulingTests {

  @Test
  void operations_startByPriorityThenInTheOrderOfAdmission() {
    try (RegistryRig rig = RegistryRig.of(1, 100)) {
      ScriptedOperation running = ScriptedOperation.ofItems(1);
      rig.admit(running);
      List<OperationId> expected = new ArrayList<>();
      List<ScriptedOperation> waiting = new ArrayList<>();
      for (Priority priority : List.of(Priority.LOW, Priority.DEFAULT, Priority.HIGH)) {
        List<OperationId> ofPriority = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          ScriptedOperation operation = ScriptedOperation.ofItems(1);
          waiting.add(operation);
          ofPriority.add(rig.admit(Submitting.of(operation).priority(priority)));
        }
        expected.addAll(0, ofPriority);
      }

      List<OperationId> started = new ArrayList<>();
      running.succeedAll();
      for (int i = 0; i < 9; i++) {
        rig.settle();
        ScriptedOperation next =
            waiting.stream().filter(ScriptedOperation::isStarted).findFirst().orElseThrow();
        waiting.remove(next);
        started.add(OperationId.parse(next.id()).orElseThrow());
        next.succeedAll();
      }
      rig.settle();

      assertThat(started).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void operations_neverMoreThanTheLimitRunAtOnce() {
    try (RegistryRig rig = RegistryRig.of(3, 100)) {
      List<ScriptedOperation> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ScriptedOperation operation = ScriptedOperation.ofItems(1);
        all.add(operation);
        rig.admit(operation);
      }

      for (int done = 0; done < 20; done++) {
        assertThat(rig.registry.summary().running()).isEqualTo(Math.min(3, 20 - done));
        all.get(done).succeedAll();
        rig.settle();
      }

      assertThat(rig.registry.summary().running()).isZero();
      assertThat(rig.registry.summary().byState()).containsEntry(OperationState.SUCCEEDED, 20L);
    }
  }

  @Test
  void placeThatHangs_leavesRoomForTheOthers() {
    try (RegistryRig rig = RegistryRig.of(16, 100)) {
      List<ScriptedOperation> hanging = admit(rig, 20, "dead");
      List<ScriptedOperation> others = admit(rig, 5, "alive");
      List<ScriptedOperation> third = admit(rig, 1, "third");

      assertThat(hanging).filteredOn(ScriptedOperation::isStarted).hasSize(16);
      assertThat(others)
          .extracting(ScriptedOperation::isStarted)
          .containsExactly(true, true, false, false, false);
      assertThat(third).allMatch(ScriptedOperation::isStarted);

      for (ScriptedOperation other : others) {
        assertThat(other.isStarted()).isTrue();
        other.succeedAll();
        rig.settle();
      }
      assertThat(hanging).filteredOn(ScriptedOperation::isStarted).hasSize(16);

      Stream.concat(hanging.stream(), third.stream())
          .forEach(operation -> {
            operation.succeedAll();
            rig.settle();
          });
      assertThat(rig.registry.summary().running()).isZero();
      assertThat(rig.registry.summary().byState()).containsEntry(OperationState.SUCCEEDED, 26L);
    }
  }

  @Test
  void placeThatHangs_itsWaitingOperationsCanBeCancelled_andNeverStart() {
    try (RegistryRig rig = RegistryRig.of(8, 100)) {
      List<ScriptedOperation> hanging = admit(rig, 8, "dead");
      ScriptedOperation waiting = ScriptedOperation.ofItems(1).at("dead");
      OperationId id = rig.admit(waiting);

      rig.registry.cancel(id, answered -> {});
      hanging.forEach(ScriptedOperation::succeedAll);
      rig.settle();

      assertThat(rig.stateOf(id)).isEqualTo(OperationState.CANCELLED);
      assertThat(waiting.isStarted()).isFalse();
      assertThat(admit(rig, 8, "dead")).allMatch(ScriptedOperation::isStarted);
    }
  }

  private static List<ScriptedOperation> admit(RegistryRig rig, int number, String place) {
    List<ScriptedOperation> admitted = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      ScriptedOperation operation = ScriptedOperation.ofItems(1).at(place);
      rig.admit(operation);
      admitted.add(operation);
    }
    return admitted;
  }

  @Test
  void t27_t15_task_isNamedAfterTheOperationAndLeavesTheCancelToIt() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(1);
      OperationId id = rig.admit(operation);

      assertThat(operation.task().name()).isEqualTo("copy " + id);

      rig.cancelLater(id);
      operation.succeedAll();
      rig.settle();

      assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    }
  }

  @Test
  void m22_hundredThousandQueuedOperations_areAdmittedAndTakenOutOneByOne() {
    try (RegistryRig rig = RegistryRig.of(1, 100_000)) {
      ScriptedOperation running = ScriptedOperation.ofItems(1);
      rig.admit(running);
      List<OperationId> admitted = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        rig.registry.submit(
            Submitting.of(ScriptedOperation.ofItems(1)).claiming("data/" + i, true).now(),
            answer -> admitted.add(((Admission.Accepted) answer).operation().id()));
      }
      rig.settle();
      assertThat(admitted).hasSize(100_000);
      assertThat(rig.registry.summary().queued()).isEqualTo(100_000);
      assertThat(rig.refuse(Submitting.of(ScriptedOperation.ofItems(1))).error().code())
          .isEqualTo(ErrorCode.QUEUE_FULL);

      admitted.forEach(rig::cancelLater);
      rig.settle();

      assertThat(rig.registry.summary().queued()).isZero();
      running.succeedAll();
      rig.settle();
    }
  }

  @Test
  void summary_addsUpWhatIsPublished() {
    try (RegistryRig rig = RegistryRig.of(1, 10)) {
      ScriptedOperation running = ScriptedOperation.ofItems(4);
      rig.admit(running);
      rig.admit(ScriptedOperation.ofItems(5));
      rig.admit(Submitting.of(ScriptedOperation.ofItems(3)).kind("connect"));
      running.succeed(1);
      rig.settle();

      OperationSummary summary = rig.registry.summary();

      assertThat(summary.pending()).isEqualTo(11);
      assertThat(summary.total()).isEqualTo(12);
      assertThat(summary.queued()).isEqualTo(2);
      assertThat(summary.running()).isEqualTo(1);
      assertThat(summary.byKind())
          .containsEntry("copy", new KindSummary(8, 9, 2))
          .containsEntry("connect", new KindSummary(3, 3, 1))
          .containsEntry("delete-batch", new KindSummary(0, 0, 0));
      assertThat(summary.byState())
          .containsOnlyKeys(OperationState.values())
          .containsEntry(OperationState.QUEUED, 2L)
          .containsEntry(OperationState.RUNNING, 1L)
          .containsEntry(OperationState.SUCCEEDED, 0L);
    }
  }

  @Test
  void summary_atEveryPublication_isTheSumOfWhatWasPublished() {
    List<String> wrong = new ArrayList<>();
    List<OperationRegistry> registry = new ArrayList<>();
    OperationListener checker =
        new OperationListener() {
          @Override
          public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
            long pending = registry.getFirst().summary().pending();
            if (!after.state().isTerminal() && pending != after.pending()) {
              wrong.add(pending + " instead of " + after.pending());
            }
          }
        };
    try (RegistryRig rig = RegistryRig.of(1, 10, checker)) {
      registry.add(rig.registry);
      ScriptedOperation operation = ScriptedOperation.ofItems(3);
      rig.admit(operation);
      for (int i = 0; i < 3; i++) {
        operation.succeed(1);
        rig.advance(Duration.ofMillis(10));
      }
      operation.finish();
      rig.settle();

      assertThat(wrong).isEmpty();
      assertThat(rig.registry.summary().total()).isZero();
    }
  }
}
