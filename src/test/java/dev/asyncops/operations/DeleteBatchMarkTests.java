package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation.Join;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeleteBatchMark.Below;
import dev.asyncops.operations.DeleteBatchMark.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Long lists that are read bit by bit, what a batch leaves, and how another attempt goes on. */
class DeleteBatchMarkTests extends DeleteBatchFixture {

  private static final int MANY = 3000;

  /** A moment of an attempt, as it is saved. */
  private record Saved(DeleteBatchMark mark, OperationProgress.Counts counts) {}

  private static Saved saved(OperationDriver<?> driver) {
    return new Saved((DeleteBatchMark) Objects.requireNonNull(driver.mark()), driver.counts());
  }

  @Test
  void aStoredList_isReadBitByBit_andDoneToItsEnd() throws Exception {
    StoredPaths stored = new StoredPaths(files(MANY), 100);

    OperationDriver<DeleteBatchResult> driver = driver(batchOf(stored, false)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(MANY, 0, 0));
    assertThat(stored.reads).hasValue(MANY / 100);
    assertThat(data).isEmptyDirectory();
    assertThat(driver.mark()).isNull();
  }

  @Test
  void preparing_readsNothing() throws Exception {
    StoredPaths stored = new StoredPaths(files(10), 100);

    OperationDriver<DeleteBatchResult> driver = driver(batchOf(stored, false));

    assertThat(driver.total()).isEqualTo(10);
    assertThat(stored.reads).hasValue(0);
    assertThat(driver.mark()).as("nothing was begun").isNull();
  }

  @Test
  void aListThatCannotBeRead_failsTheBatch_andWhatIsLeftIsMarked() throws Exception {
    StoredPaths stored = new StoredPaths(files(MANY), 100).failingAfter(3);

    OperationDriver<DeleteBatchResult> driver = driver(batchOf(stored, false)).run();

    assertThat(driver.error().code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(driver.ended(ItemState.FAILED)).isZero();
    assertThat(driver.ended(ItemState.CANCELLED)).isEqualTo(namesOf(stored, saved(driver).mark()));
    assertThat(data.toFile().list()).hasSize((int) driver.ended(ItemState.CANCELLED));
  }

  @Test
  void aRootThatHangs_doesNotKeepAnotherFromReading() throws Exception {
    List<RootPath> paths = new ArrayList<>(files(500));
    for (int i = 0; i < 500; i++) {
      paths.add(new RootPath("other", List.of("o" + i)));
      Files.createFile(other.resolve("o" + i));
    }
    Gate gate = new Gate();
    hook = (_, path) -> gate.passIf(path.root().equals("data"));
    OperationDriver<DeleteBatchResult> driver = driver(batchOf(new StoredPaths(paths, 50), false));

    driver.start();
    driver.iterateUntil(() -> driver.ended(ItemState.SUCCEEDED) == 500);
    gate.open();

    assertThat(driver.finish().value()).isEqualTo(new DeleteBatchResult(1000, 0, 0));
  }

  @Test
  void p2_aStoredList_joinsBeforeAndAfterTheStart() throws Exception {
    Gate gate = gateAt("f0");
    OperationDriver<DeleteBatchResult> driver =
        driver(batchOf(new StoredPaths(files(300), 100), false));

    Join before = driver.join(batchOf(new StoredPaths(files("g", 300), 100), false));
    driver.start();
    Join after = driver.join(batchOf(new StoredPaths(files("h", 300), 100), false));
    gate.open();

    assertThat(List.of(before, after)).containsOnly(Join.JOINED);
    assertThat(driver.finish().value()).isEqualTo(new DeleteBatchResult(900, 0, 0));
  }

  // ---- What is left

  @Test
  void cancelledBeforeItsStart_leavesAll() throws Exception {
    StoredPaths stored = new StoredPaths(files(300), 100);
    OperationDriver<DeleteBatchResult> driver = driver(batchOf(stored, false));
    driver.join(batchOf(new StoredPaths(files("g", 5), 100), false));
    driver.cancellable().cancel();

    driver.run();

    assertThat(saved(driver).mark())
        .isEqualTo(new DeleteBatchMark(2, List.of(new Below("data", 0, List.of())), 0, 0));
  }

  @Test
  void cancelledInTheMiddle_leavesWhatCountsAsCancelled() throws Exception {
    List<RootPath> paths = files(MANY);
    Gate gate = gateAt("f1500");
    OperationDriver<DeleteBatchResult> driver = driver(batchOf(new StoredPaths(paths, 700), false));
    driver.start();
    driver.iterateUntil(() -> driver.ended(ItemState.SUCCEEDED) > 0);
    driver.cancellable().cancel();
    gate.open();

    driver.finish();

    List<RootPath> left = read(List.of(BatchPaths.of(paths)), saved(driver).mark());
    assertThat(left).hasSize((int) driver.ended(ItemState.CANCELLED)).doesNotHaveDuplicates();
    assertThat(left.stream().map(RootPath::name))
        .containsExactlyInAnyOrder(Objects.requireNonNull(data.toFile().list()));
    assertThat(saved(driver).mark().roots().getFirst().left()).hasSizeLessThan(20);
  }

  @Test
  void aDirectoryThatWasNotDone_isLeft_andThoseAroundItAreNot() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      Files.createDirectories(data.resolve(name));
      Files.createFile(data.resolve(name).resolve("in-" + name));
    }
    Gate gate = gateAt("in-b");
    OperationDriver<DeleteBatchResult> driver =
        driver(batchOf(BatchPaths.of(List.of(path("a"), path("b"), path("c"))), true));
    driver.start();
    driver.iterateUntil(() -> !Files.exists(data.resolve("a")) || !Files.exists(data.resolve("c")));
    driver.cancellable().cancel();
    gate.open();

    driver.finish();

    List<RootPath> left =
        read(
            List.of(BatchPaths.of(List.of(path("a"), path("b"), path("c")))), saved(driver).mark());
    assertThat(left.stream().map(RootPath::name))
        .containsExactlyInAnyOrder(Objects.requireNonNull(data.toFile().list()));
  }

  @Test
  void markedPaths_areReadOverAllInputs() throws Exception {
    BatchPaths first = new StoredPaths(paths("a", 10), 3);
    BatchPaths second = BatchPaths.of(paths("b", 4));
    BatchPaths third = BatchPaths.of(paths("c", 2));
    BatchPaths late = BatchPaths.of(paths("d", 1));
    DeleteBatchMark mark =
        new DeleteBatchMark(
            3,
            List.of(new Below("data", 2, List.of(new Range(0, 2, 7), new Range(1, 3, 4)))),
            0,
            0);

    assertThat(read(List.of(first, second, third, late), mark).stream().map(RootPath::name))
        .containsExactly("a2", "a3", "a4", "a5", "a6", "b3", "c0", "c1", "d0");
  }

  // ---- Going on

  @Test
  void resumed_goesOnCounting_andDoesOnlyWhatIsLeft() throws Exception {
    List<RootPath> paths = new ArrayList<>(files(MANY));
    paths.add(7, path("never-there"));
    StoredPaths stored = new StoredPaths(paths, 700);
    Gate gate = gateAt("f2000");
    OperationDriver<DeleteBatchResult> killed = driver(batchOf(stored, false));
    killed.start();
    killed.iterateUntil(() -> killed.ended(ItemState.FAILED) > 0);
    Saved saved = saved(killed);
    gate.open();
    killed.iterateUntil(() -> killed.pending() < 500); // nobody saved that
    killed.cancellable().cancel();
    killed.finish();

    OperationDriver<DeleteBatchResult> again = resumed(List.of(stored), saved, false);

    assertThat(again.counts()).isEqualTo(saved.counts());
    assertThat(again.pending()).isEqualTo(saved.counts().notEnded());
    assertThat(again.run().value()).isEqualTo(new DeleteBatchResult(MANY, 1, 0));
    assertThat(again.total()).isEqualTo(MANY + 1);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void resumed_withWhatJoinedAfterTheMark_countsThatToo() throws Exception {
    StoredPaths first = new StoredPaths(files(200), 50);
    StoredPaths joined = new StoredPaths(files("g", 30), 50);
    DeleteBatchMark mark =
        new DeleteBatchMark(
            1, List.of(new Below("data", 1, List.of(new Range(0, 150, 200)))), 0, 0);
    Saved saved = new Saved(mark, new OperationProgress.Counts(200, 140, 10, 0));

    OperationDriver<DeleteBatchResult> again = resumed(List.of(first, joined), saved, false);

    assertThat(again.total()).isEqualTo(230);
    assertThat(again.run().value()).isEqualTo(new DeleteBatchResult(220, 10, 0));
    assertThat(data.toFile().list()).hasSize(150);
  }

  @Test
  void resumed_withAMarkThatDoesNotFit_beginsAnew() throws Exception {
    StoredPaths stored = new StoredPaths(files(20), 50);
    DeleteBatchMark mark = new DeleteBatchMark(1, List.of(new Below("data", 0, List.of())), 0, 0);

    OperationDriver<DeleteBatchResult> again =
        resumed(
            List.of(stored), new Saved(mark, new OperationProgress.Counts(20, 15, 0, 0)), false);

    assertThat(again.run().value()).isEqualTo(new DeleteBatchResult(20, 0, 0));
  }

  @Test
  void aWalkThatGoesOn_countsEveryEntryOnce_alsoThoseThatFailed() throws Exception {
    tree(20, 40);
    Gate gate = gateIn("d13");
    HookedFiles.Hook gated = hook;
    hook =
        (call, path) -> {
          if (path.name().equals("f7")) {
            throw new OperationException(ErrorCode.BUSY, "'%s' is busy.".formatted(path));
          }
          gated.before(call, path);
        };
    BatchPaths top = BatchPaths.of(List.of(path("tree")));
    OperationDriver<DeleteBatchResult> killed = driver(batchOf(top, true));
    killed.start();
    killed.iterateUntil(() -> killed.ended(ItemState.FAILED) > 3);
    gate.awaitReached();
    killed.cancellable().cancel();
    gate.open();
    killed.finish();
    Saved saved = saved(killed);

    OperationDriver<DeleteBatchResult> again = resumed(List.of(top), saved, true);
    again.onChange(() -> assertThat(again.ended(ItemState.FAILED)).isGreaterThanOrEqualTo(4));
    again.run();

    // 20 directories and the top stay, as one file in each does.
    assertThat(again.total()).isEqualTo(1 + 20 + 20 * 40);
    assertThat(again.ended(ItemState.FAILED)).isEqualTo(1 + 20 + 20);
    assertThat(again.ended(ItemState.SUCCEEDED)).isEqualTo(20 * 39);
  }

  @Test
  void whatAWalkHadFoundAndFindsNoMore_countsAsDeleted() throws Exception {
    tree(1, 200);
    Gate gate = gateIn("d0");
    BatchPaths top = BatchPaths.of(List.of(path("tree/d0")));
    OperationDriver<DeleteBatchResult> killed = driver(batchOf(top, true));
    killed.start();
    killed.iterateUntil(gate::isReached);
    killed.cancellable().cancel();
    gate.open();
    killed.finish();
    Saved saved = saved(killed);
    for (int f = 0; f < 200; f += 2) { // and nobody told
      Files.deleteIfExists(data.resolve("tree/d0/f" + f));
    }

    OperationDriver<DeleteBatchResult> again = resumed(List.of(top), saved, true);

    assertThat(saved.counts().total()).isEqualTo(201);
    assertThat(again.run().value()).isEqualTo(new DeleteBatchResult(201, 0, 0));
    assertThat(data.resolve("tree")).isEmptyDirectory();
  }

  @Test
  void aDryRunThatGoesOn_countsEveryEntryOnce() throws Exception {
    tree(10, 30);
    Gate gate = gateIn("d5");
    BatchPaths top = BatchPaths.of(List.of(path("tree")));
    OperationDriver<DeleteBatchResult> killed = driver(dryBatchOf(top));
    killed.start();
    killed.iterateUntil(() -> killed.ended(ItemState.SUCCEEDED) > 50);
    Saved saved = saved(killed);
    killed.cancellable().cancel();
    gate.open();
    killed.finish();

    OperationDriver<DeleteBatchResult> again =
        new OperationDriver<>(
            context,
            DeleteBatchOperation.resumed(
                new DeleteBatchRequest(top, true, false, false, true),
                List.of(),
                saved.mark(),
                new OperationOptions(Priority.DEFAULT, null),
                services()),
            saved.counts());

    assertThat(again.run().value()).isEqualTo(new DeleteBatchResult(1 + 10 + 300, 0, 0));
  }

  // ---- Fixtures

  /** Holds whoever comes to one of the files of a directory. */
  private Gate gateIn(String directory) {
    Gate gate = new Gate();
    hook =
        (_, path) ->
            gate.passIf(path.name().equals("f3") && path.parent().name().equals(directory));
    return gate;
  }

  private void tree(int directories, int files) throws IOException {
    for (int d = 0; d < directories; d++) {
      Files.createDirectories(data.resolve("tree/d" + d));
      for (int f = 0; f < files; f++) {
        Files.createFile(data.resolve("tree/d%d/f%d".formatted(d, f)));
      }
    }
  }

  private DeleteBatchOperation batchOf(BatchPaths paths, boolean recursive) {
    return new DeleteBatchOperation(
        new DeleteBatchRequest(paths, recursive, false, false, false),
        new OperationOptions(Priority.DEFAULT, null),
        services());
  }

  private DeleteBatchOperation dryBatchOf(BatchPaths paths) {
    return new DeleteBatchOperation(
        new DeleteBatchRequest(paths, true, false, false, true),
        new OperationOptions(Priority.DEFAULT, null),
        services());
  }

  private OperationDriver<DeleteBatchResult> resumed(
      List<BatchPaths> inputs, Saved saved, boolean recursive) {
    return new OperationDriver<>(
        context,
        DeleteBatchOperation.resumed(
            new DeleteBatchRequest(inputs.getFirst(), recursive, false, false, false),
            inputs.subList(1, inputs.size()),
            saved.mark(),
            new OperationOptions(Priority.DEFAULT, null),
            services()),
        saved.counts());
  }

  private static List<RootPath> paths(String prefix, int number) {
    return IntStream.range(0, number).mapToObj(i -> path(prefix + i)).toList();
  }

  private static List<RootPath> read(List<BatchPaths> inputs, DeleteBatchMark mark)
      throws OperationException {
    MarkedPaths marked = new MarkedPaths(inputs, mark);
    List<RootPath> paths = new ArrayList<>();
    for (RootPath path = marked.next(); path != null; path = marked.next()) {
      paths.add(path);
    }
    return paths;
  }

  private static long namesOf(StoredPaths stored, DeleteBatchMark mark) {
    return Stream.of(mark)
        .flatMap(one -> one.roots().stream())
        .mapToLong(below ->
            below.left().stream().mapToLong(range -> range.to() - range.from()).sum()
                + (below.next() == 0 ? stored.total() : 0))
        .sum();
  }
}
