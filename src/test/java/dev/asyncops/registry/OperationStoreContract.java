package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextListener;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationStore.KeyedOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every store does, whatever it writes to. */
public abstract class OperationStoreContract {

  private final ManualTime time = new ManualTime();
  private final OperationIds ids = new OperationIds(time, new Random(3));
  private final MainContext context = new MainContext("test", time, MainContextListener.NONE);
  private @Nullable OperationStore opened;

  /** Opens an empty store that answers on the context. */
  protected abstract OperationStore open(MainContext main) throws Exception;

  /** Closes what was opened. */
  protected abstract void close();

  @BeforeEach
  void own() throws Exception {
    context.acquire();
    opened = open(context);
  }

  @AfterEach
  void disown() {
    close();
    assertThat(context.failureCount()).isZero();
    context.release();
    context.close();
  }

  private OperationStore store() {
    return Objects.requireNonNull(opened);
  }

  @Test
  void admit_tellsLaterAndOnce() throws OperationException {
    List<@Nullable OperationException> told = new ArrayList<>();
    OperationSnapshot operation = operation("copy", OperationState.QUEUED);

    store().admit(operation, null, told::add);

    assertThat(told).isEmpty();
    settle();
    assertThat(told).hasSize(1).containsOnlyNulls();
    assertThat(store().find(operation.id())).contains(operation);
    assertThat(store().find(ids.next())).isEmpty();
  }

  @Test
  void save_ofAnOlderSnapshot_changesNothing() throws OperationException {
    OperationSnapshot queued = saved(operation("copy", OperationState.QUEUED));
    OperationSnapshot running = Snapshots.with(queued, OperationState.RUNNING);
    OperationSnapshot over = saved(Snapshots.with(running, OperationState.SUCCEEDED));

    saved(running);

    assertThat(store().find(queued.id())).contains(over);
  }

  @Test
  void save_ofANewState_movesTheOperationInEveryList() throws Exception {
    OperationSnapshot queued = saved(operation("copy", OperationState.QUEUED));
    OperationSnapshot running = saved(Snapshots.with(queued, OperationState.RUNNING));

    assertThat(list(query().states(OperationState.QUEUED))).isEmpty();
    assertThat(list(query().states(OperationState.RUNNING))).containsExactly(running);
    assertThat(list(query())).containsExactly(running);
  }

  @Test
  void list_ofAStoreThatHasNothing_isEmpty() throws Exception {
    assertThat(list(query().states(OperationState.RUNNING))).isEmpty();
  }

  @Test
  void list_mergesKindsAndStates_newestFirst() throws Exception {
    List<OperationSnapshot> all = new ArrayList<>();
    OperationState[] states = OperationState.values();
    for (int i = 0; i < 60; i++) {
      all.addFirst(saved(operation(i % 2 == 0 ? "copy" : "connect", states[i % states.length])));
    }

    assertThat(list(query())).containsExactlyElementsOf(all);
    assertThat(list(query().kinds("copy")))
        .containsExactlyElementsOf(of(all, Set.of("copy"), Set.of(states)));
    assertThat(list(query().kinds("connect").states(OperationState.QUEUED, OperationState.FAILED)))
        .containsExactlyElementsOf(
            of(all, Set.of("connect"), Set.of(OperationState.QUEUED, OperationState.FAILED)));
    assertThat(list(query().kinds("delete-batch"))).isEmpty();
  }

  @Test
  void list_inPages_showsEachOperationOnceAlsoWhenNewOnesCome() throws Exception {
    List<OperationSnapshot> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      all.addFirst(saved(operation(i % 3 == 0 ? "copy" : "connect", OperationState.SUCCEEDED)));
    }
    List<OperationSnapshot> read = new ArrayList<>();

    @Nullable OperationId before = null;
    for (List<OperationSnapshot> page = list(query().limit(7));
        !page.isEmpty();
        page = list(query().limit(7).before(before))) {
      read.addAll(page);
      before = page.getLast().id();
      saved(operation("copy", OperationState.QUEUED));
    }

    assertThat(read).containsExactlyElementsOf(all);
  }

  @Test
  void list_byLabels_showsWhatHasAllOfThem() throws Exception {
    OperationSnapshot both =
        saved(operation("copy", OperationState.QUEUED, Map.of("team", "a", "env", "x")));
    saved(operation("copy", OperationState.QUEUED, Map.of("team", "a")));
    saved(operation("copy", OperationState.QUEUED, Map.of("team", "b", "env", "x")));

    assertThat(list(query().labels(Map.of("team", "a", "env", "x")))).containsExactly(both);
    assertThat(list(query().labels(Map.of("team", "a")))).hasSize(2);
  }

  @Test
  void otherLabels_replaceThoseBefore_andAreFound() throws Exception {
    OperationSnapshot before =
        saved(operation("copy", OperationState.SUCCEEDED, Map.of("team", "a", "env", "x")));
    OperationSnapshot after = before.labelled(Map.of("team", "b", "new", "y"));

    store().save(after, Attachments.LABELS, _ -> {});
    settle();

    assertThat(store().find(before.id()).orElseThrow().labels()).isEqualTo(after.labels());
    assertThat(idsOf(query().labels(Map.of("team", "b", "new", "y")))).containsExactly(before.id());
    assertThat(idsOf(query().labels(Map.of("team", "a")))).isEmpty();
    assertThat(idsOf(query().labels(Map.of("env", "x")))).isEmpty();
    store().save(before, Attachments.LABELS, _ -> {});
    settle();
    assertThat(store().find(before.id()).orElseThrow().labels()).isEqualTo(after.labels());
    assertThat(idsOf(query().labels(Map.of("env", "x")))).isEmpty();
  }

  @ParameterizedTest(name = "after {0}, before {1}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, 0 1 2 3",
        "2026-11-01T12:00:00.001Z, -, 2 3",
        "2026-11-01T12:00:00.001000001Z, -, 2 3",
        "2026-11-01T12:00:00.000999999Z, -, 1 2 3",
        "-, 2026-11-01T12:00:00.002Z, 0 1",
        "-, 2026-11-01T12:00:00.002000001Z, 0 1 2",
        "2026-11-01T12:00:00.000Z, 2026-11-01T12:00:00.003Z, 1 2",
        "2026-11-01T12:00:00.003Z, 2026-11-01T12:00:00.001Z, ''",
        "-1000000000-01-01T00:00:00Z, +1000000000-12-31T23:59:59.999999999Z, 0 1 2 3",
        "1969-12-31T23:59:59.999Z, -, 0 1 2 3",
        "+1000000000-12-31T23:59:59.999999999Z, -, ''",
        "-, -1000000000-01-01T00:00:00Z, ''",
      })
  void list_byTimes_leavesTheBoundsOut(
      @Nullable Instant after, @Nullable Instant before, String expected) throws Exception {
    List<OperationSnapshot> made = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      made.add(saved(operation("copy", OperationState.QUEUED)));
      time.advance(Duration.ofMillis(1));
    }

    List<OperationSnapshot> found = list(query().created(after, before));

    assertThat(found.reversed().stream().map(made::indexOf).map(String::valueOf))
        .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void list_belowAnOperationAndBeforeATime_holdsBoth() throws Exception {
    OperationSnapshot first = saved(operation("copy", OperationState.QUEUED));
    time.advance(Duration.ofMillis(1));
    OperationSnapshot second = saved(operation("copy", OperationState.QUEUED));
    time.advance(Duration.ofMillis(1));
    OperationSnapshot third = saved(operation("copy", OperationState.QUEUED));

    assertThat(list(query().created(null, third.createTime()).before(second.id())))
        .containsExactly(first);
    assertThat(list(query().created(null, second.createTime()).before(third.id())))
        .containsExactly(first);
  }

  @Test
  void forget_takesTheOldestThatAreDue_andSaysWhenTheNextIs() throws OperationException {
    List<OperationSnapshot> finished = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      finished.add(saved(operation("copy", OperationState.SUCCEEDED)));
      time.advance(Duration.ofSeconds(1));
    }
    OperationSnapshot live = saved(operation("copy", OperationState.RUNNING));

    assertThat(forget(finished.get(2).expireTime(), 0, 2)).isEqualTo(finished.subList(0, 2));
    assertThat(nextExpiry).isEqualTo(finished.get(2).expireTime());
    assertThat(forget(finished.get(2).expireTime(), 0, 2)).isEqualTo(finished.subList(2, 3));
    assertThat(forget(Instant.EPOCH, 1, 2)).isEqualTo(finished.subList(3, 4));
    assertThat(list(query())).containsExactly(live, finished.get(4));
    assertThat(forget(Instant.MAX, 9, 500)).isEqualTo(finished.subList(4, 5));
    assertThat(nextExpiry).isNull();
    assertThat(store().find(finished.get(0).id())).isEmpty();
  }

  @Test
  void aKey_leadsToTheOperationItWasSavedWith_asItWasSavedLast() {
    OperationSnapshot first = operation("copy", OperationState.QUEUED);
    store().admit(first, null, keyed("a", "0a"), _ -> {});
    store().admit(operation("copy", OperationState.QUEUED), null, keyed("b", "0b"), _ -> {});

    assertThat(found("a")).isEqualTo(new KeyedOperation(first, "0a"));
    OperationSnapshot over = saved(Snapshots.with(first, OperationState.SUCCEEDED));
    assertThat(found("a")).isEqualTo(new KeyedOperation(over, "0a"));
    assertThat(found("c")).isNull();
    assertThat(found(new IdempotencyKey("somebody else", "/ops/copy", "a"))).isNull();
    assertThat(found(new IdempotencyKey("ci", "/ops/connect", "a"))).isNull();
  }

  @Test
  void severalKeys_mayLeadToOneOperation_andAreForgottenWithIt() throws OperationException {
    OperationSnapshot batch = operation("delete-batch", OperationState.QUEUED);
    store().admit(batch, null, keyed("a", "0a"), _ -> {});
    store().addInput(batch.id(), OperationInput.of(new JsonText("[1]")), keyed("b", "0b"), _ -> {});
    OperationSnapshot over = saved(Snapshots.with(batch, OperationState.SUCCEEDED));
    assertThat(found("a")).isEqualTo(new KeyedOperation(over, "0a"));
    assertThat(found("b")).isEqualTo(new KeyedOperation(over, "0b"));

    assertThat(forget(Instant.MAX, 0, 9)).containsExactly(over);

    assertThat(found("a")).isNull();
    assertThat(found("b")).isNull();
  }

  @Test
  void aKey_isLookedForInTheOrderOfTheWrites() {
    List<@Nullable KeyedOperation> found = new ArrayList<>();
    OperationSnapshot operation = operation("copy", OperationState.QUEUED);

    store().findKey(keyed("a", "0a").key(), (known, _) -> found.add(known));
    store().admit(operation, null, keyed("a", "0a"), _ -> {});
    store().findKey(keyed("a", "0a").key(), (known, _) -> found.add(known));
    assertThat(found).isEmpty();
    settle();

    assertThat(found).containsExactly(null, new KeyedOperation(operation, "0a"));
  }

  @Test
  void aKeyThatIsReleased_leadsNowhere_unlessItLeadsElsewhereByThen() {
    OperationSnapshot batch = operation("delete-batch", OperationState.RUNNING);
    store().admit(batch, null, keyed("a", "0a"), _ -> {});
    store().addInput(batch.id(), OperationInput.of(new JsonText("[1]")), keyed("b", "0b"), _ -> {});
    store().addInput(batch.id(), OperationInput.of(new JsonText("[2]")), keyed("c", "0c"), _ -> {});
    OperationSnapshot next = operation("delete-batch", OperationState.QUEUED);
    store().admit(next, null, keyed("c", "0d"), _ -> {});
    OperationSnapshot over = Snapshots.with(batch, OperationState.SUCCEEDED);

    List<IdempotencyKey> released = List.of(keyed("b", "0b").key(), keyed("c", "0c").key());
    store().save(over, new Attachments(ItemChanges.NONE, released, false), _ -> {});

    assertThat(found("a")).isEqualTo(new KeyedOperation(over, "0a"));
    assertThat(found("b")).isNull();
    assertThat(found("c")).isEqualTo(new KeyedOperation(next, "0d"));
  }

  private static KeyedRequest keyed(String key, String fingerprint) {
    return new KeyedRequest(new IdempotencyKey("ci", "/ops/copy", key), fingerprint);
  }

  private @Nullable KeyedOperation found(String key) {
    return found(keyed(key, "").key());
  }

  private @Nullable KeyedOperation found(IdempotencyKey key) {
    List<@Nullable KeyedOperation> found = new ArrayList<>();
    store()
        .findKey(
            key,
            (known, failure) -> {
              assertThat(failure).isNull();
              found.add(known);
            });
    settle();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void list_showsOnlyWhatIsReached_inEachOfItsForms() throws OperationException {
    List<OperationSnapshot> seen = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      OperationState state = i == 0 ? OperationState.RUNNING : OperationState.QUEUED;
      seen.add(below(operation("copy", state), "data"));
      below(operation("copy", state), "archive", "data");
      seen.add(below(operation("connect", state), "more"));
      below(operation("copy", state), "archive");
    }

    List<OperationSnapshot> newestFirst = seen.reversed();
    assertThat(store().list(new Querying().reaching("data", "more").now()))
        .containsExactlyElementsOf(newestFirst);
    assertThat(store().list(new Querying().reaching("data", "more").limit(2).now()))
        .containsExactlyElementsOf(newestFirst.subList(0, 2));
    assertThat(
            store()
                .list(
                    new Querying()
                        .reaching("data", "more")
                        .before(newestFirst.get(1).id())
                        .limit(2)
                        .now()))
        .containsExactlyElementsOf(newestFirst.subList(2, 4));
    assertThat(store().list(new Querying().reaching("data", "more").kinds("copy").now()))
        .containsExactly(seen.get(4), seen.get(2), seen.get(0));
    assertThat(
            store()
                .list(new Querying().reaching("data", "more").states(OperationState.RUNNING).now()))
        .containsExactly(seen.get(1), seen.get(0));
    assertThat(store().list(new Querying().reaching("data").labels(Map.of("roots", "data")).now()))
        .containsExactly(seen.get(4), seen.get(2), seen.get(0));
    assertThat(
            store()
                .list(
                    new Querying().reaching("data").labels(Map.of("roots", "archive,data")).now()))
        .isEmpty();
    assertThat(store().list(new Querying().reaching("none").now())).isEmpty();
    assertThat(store().list(new Querying().reaching().now())).isEmpty();
    assertThat(store().list(new Querying().now())).hasSize(12);
  }

  @Test
  void addInput_withOtherRoots_changesWhoSeesIt() throws OperationException {
    OperationSnapshot batch = below(operation("delete-batch", OperationState.RUNNING), "data");
    RootSet more = RootSet.of(List.of("archive", "data"));

    store().addInput(batch.id(), OperationInput.of(new JsonText("[1]")), more, null, _ -> {});
    settle();

    assertThat(store().find(batch.id()).orElseThrow().roots()).isEqualTo(more);
    assertThat(store().list(new Querying().reaching("data").now())).isEmpty();
    assertThat(store().list(new Querying().reaching("archive", "data").now())).hasSize(1);
  }

  private OperationSnapshot below(OperationSnapshot operation, String... roots) {
    RootSet all = RootSet.of(List.of(roots));
    return saved(Snapshots.below(operation, all, Map.of("roots", all.text())));
  }

  @Test
  void items_areReadAsTheyWereSaved_inTheOrderOfTheirNumbers() throws OperationException {
    OperationSnapshot operation = saved(operation("copy", OperationState.RUNNING));
    OperationSnapshot other = saved(operation("copy", OperationState.RUNNING));
    ItemBlock failed = block(2, ItemState.FAILED, 3);
    ItemBlock succeeded = block(1, ItemState.SUCCEEDED, 2);
    ItemBlock later = block(1L << 33, ItemState.FAILED, 1);

    save(operation, new ItemChanges(0, List.of(failed, succeeded, later)));
    save(other, new ItemChanges(0, List.of(block(1, ItemState.SKIPPED, 1))));

    assertThat(store().items(operation.id(), Set.of(), 0, 9))
        .containsExactly(succeeded, failed, later);
    assertThat(store().items(operation.id(), Set.of(), 2, 1)).containsExactly(failed);
    assertThat(store().items(operation.id(), Set.of(ItemState.FAILED), 0, 9))
        .containsExactly(failed, later);
    assertThat(store().items(operation.id(), Set.of(ItemState.FAILED), 3, 9))
        .containsExactly(later);
    assertThat(
            store().items(operation.id(), EnumSet.of(ItemState.SUCCEEDED, ItemState.FAILED), 0, 2))
        .containsExactly(succeeded, failed);
    assertThat(store().items(operation.id(), Set.of(ItemState.SKIPPED), 0, 9)).isEmpty();
    assertThat(store().items(ids.next(), Set.of(), 0, 9)).isEmpty();
  }

  @Test
  void items_savedTwice_areThereOnce() throws OperationException {
    OperationSnapshot operation = saved(operation("copy", OperationState.RUNNING));
    ItemBlock block = block(0, ItemState.FAILED, 2);

    save(operation, new ItemChanges(0, List.of(block)));
    save(operation, new ItemChanges(0, List.of(block, block(1, ItemState.FAILED, 1))));

    assertThat(store().items(operation.id(), Set.of(), 0, 9)).hasSize(2).contains(block);
  }

  @Test
  void items_ofWaitingSnapshots_areAllWritten() throws OperationException {
    OperationSnapshot first = saved(operation("copy", OperationState.RUNNING));
    OperationSnapshot second = Snapshots.with(first, OperationState.RUNNING);

    store()
        .save(
            second,
            Attachments.of(new ItemChanges(0, List.of(block(0, ItemState.FAILED, 1)))),
            _ -> {});
    store()
        .save(
            first,
            Attachments.of(new ItemChanges(0, List.of(block(1, ItemState.FAILED, 1)))),
            _ -> {});
    settle();

    assertThat(store().items(first.id(), Set.of(), 0, 9)).hasSize(2);
    assertThat(store().find(first.id())).contains(second);
  }

  @Test
  void items_ofAnAttemptThatCountsNoMore_areRemoved() throws OperationException {
    OperationSnapshot operation = saved(operation("copy", OperationState.RUNNING));
    OperationSnapshot other = saved(operation("copy", OperationState.RUNNING));
    ItemBlock before = block(0, ItemState.FAILED, 1);
    ItemBlock after = block(10, ItemState.FAILED, 2);
    save(operation, new ItemChanges(0, List.of(before)));
    save(other, new ItemChanges(0, List.of(before)));

    save(operation, new ItemChanges(10, List.of(after)));

    assertThat(store().items(operation.id(), Set.of(), 0, 9)).containsExactly(after);
    assertThat(store().items(other.id(), Set.of(), 0, 9)).containsExactly(before);
  }

  @Test
  void forget_takesTheItems_too() throws OperationException {
    OperationSnapshot over = saved(operation("copy", OperationState.SUCCEEDED));
    save(over, new ItemChanges(0, List.of(block(0, ItemState.SUCCEEDED, 1))));

    forget(Instant.EPOCH, 1, 1);
    settle(); // bit by bit, after it is forgotten

    assertThat(store().items(over.id(), Set.of(), 0, 9)).isEmpty();
  }

  /** A block of items with everything that an item may have. */
  private static ItemBlock block(long number, ItemState state, int items) {
    List<ItemResult> all = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      boolean failed = state == ItemState.FAILED;
      all.add(
          new ItemResult(
              "data:\uFFFD \"%d,\n%d\"".formatted(number, i),
              i == 0 ? "//4=" : null,
              i == 0 ? "archive:é" : null,
              state,
              failed ? ErrorCode.NOT_FOUND : null,
              failed ? "'%d' does not exist.".formatted(i) : null,
              failed ? 0 : Long.MAX_VALUE - i,
              i == 0 ? "00ff" : null));
    }
    return new ItemBlock(number, state, all);
  }

  private void save(OperationSnapshot operation, ItemChanges items) {
    List<@Nullable OperationException> told = new ArrayList<>();
    store().save(operation, Attachments.of(items), told::add);
    settle();
    assertThat(told).hasSize(1).containsOnlyNulls();
  }

  @Test
  void unfinished_areThoseThatAreNotOver_theOldestFirst() throws OperationException {
    OperationSnapshot first = saved(operation("copy", OperationState.RUNNING));
    saved(operation("copy", OperationState.SUCCEEDED));
    OperationSnapshot second = saved(operation("connect", OperationState.CANCELLING));

    assertThat(store().unfinished())
        .extracting(OperationStore.Unfinished::operation)
        .containsExactly(first, second);
  }

  @Test
  void inputs_areThoseOfOneOperation_inTheirOrder_alsoWhenItIsOverWithAMark() throws Exception {
    OperationSnapshot batch = operation("delete-batch", OperationState.QUEUED);
    OperationSnapshot other = operation("delete-batch", OperationState.QUEUED);
    store().admit(batch, OperationInput.of(new JsonText("[0]")), _ -> {});
    store().admit(other, null, _ -> {});
    for (int i = 1; i <= 12; i++) {
      store().addInput(batch.id(), OperationInput.of(new JsonText("[%d]".formatted(i))), _ -> {});
    }
    store().addInput(other.id(), OperationInput.of(new JsonText("[99]")), _ -> {});

    saved(Snapshots.with(batch, OperationState.CANCELLED));

    OperationStore.Inputs inputs = store().inputs(batch.id());
    assertThat(inputs.first()).isEqualTo(new JsonText("[0]"));
    assertThat(inputs.added())
        .extracting(JsonText::text)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 12).mapToObj("[%d]"::formatted).toList());
    assertThat(store().inputs(other.id()))
        .isEqualTo(new OperationStore.Inputs(null, List.of(new JsonText("[99]"))));
  }

  @Test
  void inputs_areGone_withTheOperation_orWhenItIsOverWithoutAMark() throws Exception {
    OperationStore.Inputs none = new OperationStore.Inputs(null, List.of());
    OperationSnapshot done = operation("delete-batch", OperationState.QUEUED);
    OperationSnapshot left = operation("delete-batch", OperationState.QUEUED);
    store().admit(done, OperationInput.of(new JsonText("[0]")), _ -> {});
    store().admit(left, OperationInput.of(new JsonText("[1]")), _ -> {});
    saved(Snapshots.withoutMark(Snapshots.with(done, OperationState.SUCCEEDED)));
    OperationSnapshot stopped = saved(Snapshots.with(left, OperationState.CANCELLED));

    assertThat(store().inputs(done.id())).isEqualTo(none);
    assertThat(store().inputs(left.id()).first()).isEqualTo(new JsonText("[1]"));
    assertThat(forget(Instant.MAX, 0, 9)).contains(stopped);
    assertThat(store().inputs(left.id())).isEqualTo(none);
    assertThat(store().inputs(ids.next())).isEqualTo(none);
  }

  @Test
  void list_whileOperationsChange_missesNoneAndShowsNoneTwice() throws Exception {
    List<OperationSnapshot> queued = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      queued.addFirst(saved(operation("copy", OperationState.QUEUED)));
    }
    List<OperationId> expected = queued.stream().map(OperationSnapshot::id).toList();
    AtomicBoolean changing = new AtomicBoolean(true);
    Queue<List<OperationId>> wrong = new ConcurrentLinkedQueue<>();
    CountDownLatch started = new CountDownLatch(1);
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              do {
                started.countDown();
                List<OperationId> found = idsOf(query());
                if (!found.equals(expected)) {
                  wrong.add(found);
                }
              } while (changing.get());
            });

    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    List<OperationSnapshot> operations = queued;
    for (OperationState state : OperationState.values()) {
      operations =
          operations.stream().map(operation -> saved(Snapshots.with(operation, state))).toList();
    }
    changing.set(false);
    reader.join();

    assertThat(wrong).isEmpty();
  }

  private List<OperationId> idsOf(Querying query) {
    try {
      return list(query).stream().map(OperationSnapshot::id).toList();
    } catch (OperationException e) {
      throw new AssertionError(e);
    }
  }

  private OperationSnapshot operation(String kind, OperationState state) {
    return operation(kind, state, Map.of());
  }

  private OperationSnapshot operation(
      String kind, OperationState state, Map<String, String> labels) {
    return Snapshots.of(ids.next(), kind, state, labels);
  }

  private OperationSnapshot saved(OperationSnapshot operation) {
    List<@Nullable OperationException> told = new ArrayList<>();
    if (operation.revision() == 1) {
      store().admit(operation, null, told::add);
    }
    store().save(operation, told::add);
    settle();
    assertThat(told).containsOnlyNulls();
    return operation;
  }

  private @Nullable Instant nextExpiry;

  private List<OperationSnapshot> forget(@Nullable Instant expiredBy, long surplus, int limit)
      throws OperationException {
    List<OperationSnapshot> before = list(query());
    List<OperationStore.Forgotten> gone = new ArrayList<>();
    store()
        .forget(
            Objects.requireNonNull(expiredBy),
            surplus,
            limit,
            (operations, next, failure) -> {
              assertThat(failure).isNull();
              gone.addAll(operations);
              nextExpiry = next;
            });
    settle();
    return gone.stream()
        .map(forgotten ->
            before.stream().filter(o -> o.id().equals(forgotten.id())).findFirst().orElseThrow())
        .toList();
  }

  /** Dispatches until everything that was to be written by now has been told. */
  private void settle() {
    AtomicBoolean told = new AtomicBoolean();
    store().check(_ -> told.set(true));
    while (!told.get()) {
      context.iterate(true);
    }
  }

  private List<OperationSnapshot> list(Querying query) throws OperationException {
    return store().list(query.now());
  }

  private static Querying query() {
    return new Querying();
  }

  private static List<OperationSnapshot> of(
      List<OperationSnapshot> all, Set<String> kinds, Set<OperationState> states) {
    return all.stream()
        .filter(operation -> kinds.contains(operation.kind()))
        .filter(operation -> states.contains(operation.state()))
        .toList();
  }
}
