package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.Submission.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is stored of an operation's items, and when. */
class OperationRegistryItemsTests {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private final RegistryRig rig = RegistryRig.of(2, 3);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void failures_areStoredInBlocksInTheirOrder_andNothingElse() {
    ScriptedOperation operation = ScriptedOperation.ofItems(700);
    OperationId id = admit(operation, Report.FAILURES);

    fail(operation, 600);
    operation.succeed(60);
    operation.skip(40);
    operation.finish();
    rig.settle();

    assertThat(blocks(id)).extracting(block -> block.items().size()).containsExactly(256, 256, 88);
    assertThat(blocks(id)).extracting(ItemBlock::number).containsExactly(0L, 1L, 2L);
    assertThat(paths(id, ItemState.FAILED)).isEqualTo(items(1, 600));
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.PARTIAL);
  }

  @Test
  void all_areStoredByState_eachStateInItsOrder() {
    ScriptedOperation operation = ScriptedOperation.ofItems(1000);
    OperationId id = admit(operation, Report.ALL);

    operation.succeed(300);
    fail(operation, 300);
    operation.skip(10);
    operation.succeed(390);
    operation.finish();
    rig.settle();

    List<String> succeeded = new ArrayList<>(items(1, 300));
    succeeded.addAll(items(611, 1000));
    assertThat(paths(id, ItemState.SUCCEEDED)).isEqualTo(succeeded);
    assertThat(paths(id, ItemState.FAILED)).isEqualTo(items(301, 600));
    assertThat(paths(id, ItemState.SKIPPED)).isEqualTo(items(601, 610));
    assertThat(blocks(id)).allSatisfy(block -> assertThat(block.items()).hasSizeBetween(1, 256));
  }

  @Test
  void none_areStored_whenNoneAreWanted() {
    ScriptedOperation operation = ScriptedOperation.ofItems(2);
    OperationId id = admit(operation, Report.NONE);

    fail(operation, 1);
    operation.succeed(1);
    operation.finish();
    rig.settle();

    assertThat(blocks(id)).isEmpty();
    assertThat(rig.read(id).firstErrors()).hasSize(1);
  }

  @Test
  void items_areStoredWithinASecond_alsoIfNothingMoreHappens() {
    ScriptedOperation operation = ScriptedOperation.ofItems(5);
    OperationId id = admit(operation, Report.FAILURES);
    rig.advance(Duration.ofMillis(300));

    fail(operation, 2);
    rig.settle();
    assertThat(blocks(id)).isEmpty();
    rig.advance(Duration.ofMillis(700));

    assertThat(paths(id, ItemState.FAILED)).isEqualTo(items(1, 2));
    assertThat(rig.store.find(id).orElseThrow().failed()).isEqualTo(2);
  }

  @Test
  void manyItems_areStoredAtOnce_withASnapshotThatCountsThem() {
    ScriptedOperation operation = ScriptedOperation.ofItems(10_000);
    OperationId id = admit(operation, Report.ALL);

    operation.succeed(5_000);
    rig.settle();

    assertThat(paths(id, ItemState.SUCCEEDED)).hasSize(5_000);
    assertThat(rig.store.find(id).orElseThrow().succeeded()).isEqualTo(5_000);
  }

  @Test
  void end_waitsUntilWhatWasTakenBeforeIsStored() {
    ScriptedOperation operation = ScriptedOperation.ofItems(5_001);
    OperationId id = admit(operation, Report.ALL);
    rig.store.hold();
    operation.succeed(5_000);
    rig.settle();

    operation.succeedAll();
    rig.settle();

    assertThat(rig.store.came).noneMatch(snapshot -> snapshot.state().isTerminal());
    rig.store.release();
    rig.settle();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.SUCCEEDED);
    assertThat(paths(id, ItemState.SUCCEEDED)).isEqualTo(items(1, 5_001));
  }

  @Test
  void whatCannotBeStored_isStoredOnce_whenTheDiskHeals() {
    ScriptedOperation operation = ScriptedOperation.ofItems(400);
    OperationId id = admit(operation, Report.FAILURES);
    rig.store.saved.fail(true);

    fail(operation, 300);
    rig.advance(Duration.ofSeconds(2));
    fail(operation, 100);
    operation.finish();
    rig.advance(Duration.ofSeconds(2));
    assertThat(blocks(id)).isEmpty();
    assertThat(rig.stateOf(id)).isEqualTo(OperationState.RUNNING);
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);

    assertThat(rig.stateOf(id)).isEqualTo(OperationState.FAILED);
    assertThat(paths(id, ItemState.FAILED)).isEqualTo(items(1, 400));
  }

  @Test
  void operationThatBringsMoreThanMayWait_endsWithStoreUnavailable_andLosesNothing() {
    int most = WaitingItems.MAX_WHILE_FAILING;
    ScriptedOperation other = ScriptedOperation.ofItems(10);
    OperationId otherId = admit(other, Report.FAILURES);
    ScriptedOperation operation = ScriptedOperation.ofItems(most + 10).obeyingCancel();
    OperationId id = admit(operation, Report.FAILURES);
    rig.store.saved.fail(true);
    rig.advance(Duration.ofSeconds(1));
    fail(operation, most);
    rig.advance(Duration.ofSeconds(1));
    assertThat(operation.task().cancellable().isCancelled()).isFalse();

    fail(operation, 1);
    rig.advance(Duration.ofSeconds(1));

    assertThat(operation.task().cancellable().isCancelled()).isTrue();
    assertThat(other.task().cancellable().isCancelled()).isFalse();
    rig.store.saved.fail(false);
    rig.advance(LONG_ENOUGH);
    OperationSnapshot ended = rig.read(id);
    assertThat(ended.state()).isEqualTo(OperationState.FAILED);
    assertThat(ended.error()).isNotNull();
    assertThat(ended.error().code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(ended.cancelled()).isEqualTo(9);
    assertThat(paths(id, ItemState.FAILED)).isEqualTo(items(1, most + 1));
    fail(other, 1);
    rig.advance(LONG_ENOUGH);
    assertThat(rig.stateOf(otherId)).isEqualTo(OperationState.RUNNING);
  }

  @Test
  void slowStore_mayFallFurtherBehindThanOneThatFails() {
    ScriptedOperation operation = ScriptedOperation.ofItems(WaitingItems.MAX + 2).obeyingCancel();
    admit(operation, Report.ALL);
    rig.store.hold();

    operation.succeed(WaitingItems.MAX);
    rig.settle();
    assertThat(operation.task().cancellable().isCancelled()).isFalse();
    operation.succeed(1);
    rig.settle();

    assertThat(operation.task().cancellable().isCancelled()).isTrue();
    rig.store.release();
    rig.settle();
  }

  @Test
  void whatIsResumed_beginsItsReportAnew() {
    OperationSnapshot stored = interrupted();
    ScriptedOperation again = ScriptedOperation.ofItems(3);

    recover(stored, Recovery.RESUMED, again);
    assertThat(blocks(stored.id())).isEmpty();
    fail(again, 3);
    again.finish();
    rig.settle();

    assertThat(paths(stored.id(), ItemState.FAILED)).isEqualTo(items(1, 3));
  }

  @Test
  void whatIsOnlyBroughtToItsEnd_keepsItsReport() {
    OperationSnapshot stored = interrupted();

    ScriptedOperation last = ScriptedOperation.ofItems(0);
    recover(stored, Recovery.INTERRUPTED, last);
    last.endWith(new OperationException(ErrorCode.INTERRUPTED, "The service ended."));
    rig.settle();

    assertThat(rig.stateOf(stored.id())).isEqualTo(OperationState.FAILED);
    assertThat(paths(stored.id(), ItemState.FAILED)).isEqualTo(List.of("data:before"));
  }

  /** An operation of another service, of which an item had failed. */
  private OperationSnapshot interrupted() {
    OperationId id = new OperationIds(rig.time, new Random(9)).next();
    OperationSnapshot queued = Snapshots.of(id, "copy");
    OperationSnapshot running = Snapshots.with(queued, OperationState.RUNNING);
    ItemResult failed =
        ItemResult.failed("data:before", new OperationException(ErrorCode.NOT_FOUND, "Gone."));
    rig.store.admit(queued, null, _ -> {});
    rig.store.save(
        running,
        Attachments.of(
            new ItemChanges(0, List.of(new ItemBlock(7, ItemState.FAILED, List.of(failed))))),
        _ -> {});
    rig.settle();
    return running;
  }

  private void recover(OperationSnapshot stored, Recovery how, ScriptedOperation work) {
    Submission submission = Submitting.of(work).now().as(stored);
    rig.registry.recover(List.of(new Recovered(stored, submission, how)));
    rig.settle();
  }

  private OperationId admit(ScriptedOperation operation, Report report) {
    return rig.admit(Submitting.of(operation).report(report));
  }

  private static void fail(ScriptedOperation operation, int times) {
    for (int i = 0; i < times; i++) {
      operation.fail(ErrorCode.NOT_FOUND, "Gone.");
    }
  }

  private List<ItemBlock> blocks(OperationId id) {
    return rig.store.items(id, Set.of(), 0, Integer.MAX_VALUE);
  }

  private List<String> paths(OperationId id, ItemState state) {
    return rig.store.items(id, Set.of(state), 0, Integer.MAX_VALUE).stream()
        .flatMap(block -> block.items().stream())
        .map(ItemResult::path)
        .toList();
  }

  private static List<String> items(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> "data:item-" + i).toList();
  }
}
