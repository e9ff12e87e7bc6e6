package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationRegistryPublishingTests {

  @Test
  void k7_p11_changesThatComeTogether_arePublishedOnce() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(1000);
      OperationId id = rig.admit(operation);
      long before = rig.read(id).revision();

      operation.succeed(500);
      assertThat(rig.read(id).revision()).isEqualTo(before);
      rig.settle();
      operation.succeed(499);
      rig.settle();

      assertThat(rig.read(id).revision()).isEqualTo(before + 2);
      assertThat(rig.read(id).succeeded()).isEqualTo(999);
    }
  }

  @Test
  void k6_theLastProgress_isPublishedBeforeTheEnd() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(3);
      OperationId id = rig.admit(operation);

      operation.succeedAll();
      rig.settle();

      List<OperationSnapshot> published = rig.heard.of(id);
      OperationSnapshot lastProgress = published.get(published.size() - 2);
      assertThat(lastProgress.state()).isEqualTo(OperationState.RUNNING);
      assertThat(lastProgress.pending()).isZero();
    }
  }

  @Test
  void theStart_isSavedWithinASecond_andListedAtOnce() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      OperationId id = rig.admit(ScriptedOperation.ofItems(100));
      rig.store.came.clear();

      rig.advance(Duration.ofMillis(999));
      assertThat(rig.store.came).isEmpty();
      assertThat(rig.list(new Querying().states(OperationState.RUNNING)))
          .containsExactly(rig.read(id));
      assertThat(rig.list(new Querying().states(OperationState.QUEUED))).isEmpty();
      rig.advance(Duration.ofMillis(1));

      assertThat(rig.store.came)
          .extracting(OperationSnapshot::state)
          .containsExactly(OperationState.RUNNING);
    }
  }

  @Test
  void whatIsOverWithinASecond_isSavedOnce() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(100);
      rig.admit(operation);
      rig.store.came.clear();

      operation.succeedAll();
      rig.advance(Duration.ofSeconds(10));

      assertThat(rig.store.came)
          .extracting(OperationSnapshot::state)
          .containsExactly(OperationState.SUCCEEDED);
    }
  }

  @Test
  void progress_isSavedOnceASecondAtMost_andChangesOfStateAlways() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(100);
      rig.admit(operation);
      rig.store.came.clear();

      for (int i = 0; i < 25; i++) {
        rig.advance(Duration.ofMillis(100));
        operation.succeed(1);
        rig.settle();
      }
      assertThat(rig.store.came).hasSize(2);

      rig.store.came.clear();
      operation.succeedAll();
      rig.settle();
      assertThat(rig.store.came)
          .extracting(OperationSnapshot::state)
          .containsExactly(OperationState.SUCCEEDED);
    }
  }

  @Test
  void a7_find_fromAnotherThread_readsOneConsistentSnapshotWithoutTheMainContext()
      throws InterruptedException {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(10);
      OperationId id = rig.admit(operation);
      operation.succeed(4); // not published: the main context does not iterate
      AtomicReference<@Nullable OperationSnapshot> read = new AtomicReference<>();
      AtomicReference<@Nullable OperationSummary> summary = new AtomicReference<>();
      CountDownLatch done = new CountDownLatch(1);

      Thread.ofVirtual()
          .start(() -> {
            read.set(rig.registry.find(id).orElseThrow());
            summary.set(rig.registry.summary());
            done.countDown();
          });

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(read.get()).isNotNull().isSameAs(rig.read(id));
      assertThat(read.get().pending()).isEqualTo(10);
      assertThat(summary.get()).isNotNull();
      assertThat(summary.get().pending()).isEqualTo(10);
    }
  }

  @Test
  void a9_anOperationIsLive_exactlyAsLongAsItIsNotTerminal() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(2);
      OperationId id = rig.admit(Submitting.of(operation).claiming("data/a", true));
      List<Boolean> live = new ArrayList<>();

      live.add(rig.registry.summary().running() == 1);
      rig.cancelLater(id);
      live.add(rig.registry.summary().running() == 1);
      operation.endCancelled();
      live.add(rig.registry.summary().running() == 1);
      rig.settle();

      assertThat(live).containsOnly(true);
      assertThat(rig.registry.summary().running()).isZero();
      assertThat(rig.registry.summary().byKind().values()).allMatch(kind -> kind.operations() == 0);
    }
  }

  @Test
  void listeners_oneThatThrows_doesNotKeepTheOthersFromHearing() {
    OperationListener broken =
        new OperationListener() {
          @Override
          public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void itemEnded(OperationSnapshot operation, ItemResult item) {
            throw new AssertionError("broken");
          }

          @Override
          public void refused(String kind, ErrorCode reason) {
            throw new IllegalStateException("broken");
          }
        };
    try (RegistryRig rig = RegistryRig.of(1, 1, broken)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(2);
      OperationId id = rig.admit(operation);
      List<OperationSnapshot> told = new ArrayList<>();
      rig.registry.whenTerminal(
          id,
          _ -> {
            throw new IllegalStateException("broken");
          });
      rig.registry.whenTerminal(id, told::add);
      rig.admit(ScriptedOperation.ofItems(1));
      rig.refuse(Submitting.of(ScriptedOperation.ofItems(1)));

      operation.succeedAll();
      rig.settle();

      assertThat(told).hasSize(1);
      assertThat(rig.heard.items).hasSize(2);
      assertThat(rig.heard.refusals).containsExactly(ErrorCode.QUEUE_FULL);
      assertThat(rig.heard.statesOf(id)).contains(OperationState.SUCCEEDED);
    }
  }

  @Test
  void listeners_hearInOrder_alsoWhatOneOfThemBringsAbout() {
    AtomicReference<@Nullable OperationRegistry> registry = new AtomicReference<>();
    OperationListener canceller =
        new OperationListener() {
          @Override
          public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
            OperationRegistry there = registry.get();
            if (there != null && after.state() == OperationState.RUNNING) {
              there.cancel(after.id(), _ -> {});
            }
          }
        };
    try (RegistryRig rig = RegistryRig.of(1, 1, canceller)) {
      registry.set(rig.registry);
      ScriptedOperation operation = ScriptedOperation.ofItems(2).obeyingCancel();

      OperationId id = rig.admit(operation);

      assertThat(rig.heard.of(id)).extracting(OperationSnapshot::revision).isSorted();
      assertThat(rig.heard.statesOf(id))
          .containsExactly(
              OperationState.QUEUED,
              OperationState.RUNNING,
              OperationState.CANCELLING,
              OperationState.CANCELLED);
    }
  }

  @Test
  void progress_ofBytes_hasRateFractionAndTimeLeft() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofBytes(1, 10_000);
      OperationId id = rig.admit(operation);
      assertThat(rig.read(id).progress())
          .isEqualTo(new OperationSnapshot.Progress(0, 10_000L, null, 0.0, null));

      rig.time.advance(Duration.ofSeconds(1));
      operation.move(2_500);
      rig.settle();

      assertThat(rig.read(id).progress())
          .isEqualTo(new OperationSnapshot.Progress(2_500, 10_000L, 2_500L, 0.25, 3L));
    }
  }

  @Test
  void progress_rate_countsFromTheStartOfTheWork() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation first = ScriptedOperation.ofItems(1);
      rig.admit(first);
      ScriptedOperation operation = ScriptedOperation.ofBytes(1, 10_000);
      OperationId id = rig.admit(operation);
      rig.time.advance(Duration.ofHours(1));
      first.succeedAll();
      rig.settle();

      rig.time.advance(Duration.ofSeconds(1));
      operation.move(2_500);
      rig.settle();

      assertThat(rig.read(id).progress().bytesPerSecond()).isEqualTo(2_500);
    }
  }

  @Test
  void progress_ofItemsOnly_hasFractionAndTimeLeftOfThese() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(10);
      OperationId id = rig.admit(operation);

      rig.time.advance(Duration.ofSeconds(2));
      operation.succeed(4);
      rig.settle();

      assertThat(rig.read(id).progress())
          .isEqualTo(new OperationSnapshot.Progress(0, 0L, null, 0.4, 3L));
    }
  }

  @Test
  void progress_whileItemsAreStillLookedFor_knowsNoTotals() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofBytes(10, 1000).scanning();
      OperationId id = rig.admit(operation);

      rig.time.advance(Duration.ofSeconds(1));
      operation.move(100);
      operation.succeed(1);
      rig.settle();

      assertThat(rig.read(id).totalExact()).isFalse();
      assertThat(rig.read(id).progress())
          .isEqualTo(new OperationSnapshot.Progress(100, null, 100L, null, null));

      operation.scanned();
      rig.settle();

      assertThat(rig.read(id).totalExact()).isTrue();
      assertThat(rig.read(id).progress().bytesTotal()).isEqualTo(1000);
      assertThat(rig.read(id).progress().fraction()).isEqualTo(0.1);
    }
  }

  @Test
  void times_whenTheClockGoesBack_doNot() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(1);
      OperationId id = rig.admit(operation);

      rig.time.setClock(ManualTime.START.minusSeconds(3600));
      operation.succeedAll();
      rig.settle();

      assertThat(rig.read(id).endTime()).isEqualTo(ManualTime.START);
    }
  }

  @Test
  void phase_isPublished() {
    try (RegistryRig rig = RegistryRig.of(1, 1)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(1);
      OperationId id = rig.admit(operation);
      assertThat(rig.read(id).phase()).isNull();

      operation.progress().phase("DELETING");
      operation.progress().started(1);
      operation.progress().ended(ItemState.SUCCEEDED, 1);
      rig.settle();

      assertThat(rig.read(id).phase()).isEqualTo("DELETING");
    }
  }

  @Test
  void list_showsWhatWasPublishedLast_alsoWhereLessIsSaved() {
    try (RegistryRig rig = RegistryRig.of(1, 10)) {
      ScriptedOperation operation = ScriptedOperation.ofItems(10);
      OperationId id = rig.admit(operation);
      operation.succeed(3);
      rig.settle();

      assertThat(rig.store.find(id).orElseThrow().succeeded()).isZero();
      assertThat(rig.list(new Querying())).containsExactly(rig.read(id));
    }
  }

  @Test
  void list_byState_showsTheStateThatWasPublished_alsoWhereAnotherIsSaved() {
    try (RegistryRig rig = RegistryRig.of(10, 10)) {
      List<OperationId> running = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        running.addFirst(rig.admit(ScriptedOperation.ofItems(1)));
      }
      rig.store.hold();
      rig.cancelLater(running.get(0));
      rig.cancelLater(running.get(2));

      assertThat(rig.list(new Querying().states(OperationState.RUNNING).limit(3)))
          .extracting(OperationSnapshot::id)
          .containsExactly(running.get(1), running.get(3), running.get(4));
      assertThat(rig.list(new Querying().states(OperationState.CANCELLING)))
          .extracting(OperationSnapshot::id)
          .containsExactly(running.get(0), running.get(2));
      assertThat(rig.list(new Querying().states(OperationState.CANCELLING).limit(1)))
          .extracting(OperationSnapshot::id)
          .containsExactly(running.get(0));
      rig.store.release();
    }
  }

  @Test
  void summary_countsAlsoWhatIsRememberedFromBefore() {
    try (RegistryRig rig = RegistryRig.of(1, 10)) {
      RootSet roots = RootSet.of(List.of("data"));
      rig.registry.begin(
          List.of(
              new OperationStore.Finished(OperationState.SUCCEEDED, roots, 1_000_000),
              new OperationStore.Finished(OperationState.FAILED, roots, 3)));
      ScriptedOperation operation = ScriptedOperation.ofItems(1);
      rig.admit(operation);
      operation.succeedAll();
      rig.settle();

      assertThat(rig.registry.summary().byState())
          .containsEntry(OperationState.SUCCEEDED, 1_000_001L)
          .containsEntry(OperationState.FAILED, 3L);
    }
  }
}
