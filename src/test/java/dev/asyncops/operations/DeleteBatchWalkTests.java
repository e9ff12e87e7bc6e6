package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation.Join;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteBatchWalkTests extends DeleteBatchFixture {

  @Test
  void p13_recursive_everyEntryIsAnItem() throws IOException {
    tree("top", 3, 4);
    Files.createFile(data.resolve("beside"));

    OperationDriver<DeleteBatchResult> driver = driver(walk("top")).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(1 + 3 + 3 * 4, 0, 0));
    assertThat(driver.total()).isEqualTo(16);
    assertThat(driver.isScanned()).isTrue();
    assertThat(data.toFile().list()).containsExactly("beside");
  }

  @Test
  void directoryOfManyEntries_isReadBitByBit() throws IOException {
    tree("top", 2, 1_000);
    OperationDriver<DeleteBatchResult> driver = driver(walk("top"));
    long[] mostKnown = new long[1];
    driver.onChange(() -> mostKnown[0] = Math.max(mostKnown[0], driver.pending()));

    driver.run();

    assertThat(driver.value().deleted()).isEqualTo(2_003);
    assertThat(mostKnown[0]).as("the walk looks ahead by bounded steps").isLessThan(1_000);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void deepTree_isWalkedWithoutRecursion() throws IOException {
    Path deepest = data;
    for (int i = 0; i < 150; i++) {
      deepest = deepest.resolve("d");
    }
    Files.createDirectories(deepest);

    OperationDriver<DeleteBatchResult> driver = driver(walk("d")).run();

    assertThat(driver.value().deleted()).isEqualTo(150);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  @Timeout(300)
  void treeDeeperThanAnyPath_isDeleted() throws IOException {
    chain("d", 1_500);
    Path lowest = data.resolve("d" + "/d".repeat(1_499));
    String longName = "n".repeat(200);
    Files.createDirectories(data.resolve("lower" + ("/" + longName).repeat(15)));
    Files.move(data.resolve("lower"), lowest.resolve("lower")); // no call could name what is below

    OperationDriver<DeleteBatchResult> driver = driver(walk("d"));
    driver.start();
    for (int step = 250; step <= 1_500; step += 250) { // each with its own time to wait
      long known = step;
      driver.iterateUntil(() -> driver.total() >= known);
    }
    for (int step = 250; step <= 1_500; step += 250) {
      long gone = step;
      driver.iterateUntil(() -> driver.ended(ItemState.SUCCEEDED) >= gone);
    }
    driver.finish();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(1_516, 0, 0));
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void howeverDeepAndFullTheTreeIs_fewHandlesAreOpen() throws IOException {
    chain("d", 40);
    Path at = data;
    for (int level = 0; level < 40; level++) {
      at = at.resolve("d");
      for (int f = 0; f < 300; f++) {
        Files.createFile(at.resolve("f" + f));
      }
    }
    AtomicLong mostOpen = new AtomicLong();
    hook =
        (call, _) -> {
          if (call.equals("list")) {
            mostOpen.accumulateAndGet(openBelow(data), Math::max);
          }
        };

    OperationDriver<DeleteBatchResult> driver = driver(walk("d")).run();

    assertThat(driver.value().deleted()).isEqualTo(40 * 301);
    assertThat(mostOpen.get()).isLessThan(16);
  }

  @Test
  void moreDirectoriesThanOneSweepTakes_areAllDeleted_andWhatStaysIsCountedOnce()
      throws IOException {
    tree("top", DirectorySweep.MOST_DIRECTORIES + 300, 1);
    hook =
        (call, path) -> {
          if (call.equals("delete") && path.toString().startsWith("data:top/d7/f")) {
            throw new OperationException(ErrorCode.BUSY, "In use.");
          }
        };
    OperationDriver<DeleteBatchResult> driver = driver(walk("top"));
    long[] mostPending = new long[1];
    driver.onChange(() -> mostPending[0] = Math.max(mostPending[0], driver.pending()));

    driver.run();

    long all = 1 + 2L * (DirectorySweep.MOST_DIRECTORIES + 300);
    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(all - 3, 3, 0));
    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::code)
        .containsExactly(
            tuple("data:top/d7/f0", ErrorCode.BUSY),
            tuple("data:top/d7", ErrorCode.NOT_EMPTY),
            tuple("data:top", ErrorCode.NOT_EMPTY));
    assertThat(mostPending[0])
        .as("the rest was not read before")
        .isLessThan(DirectorySweep.MOST_DIRECTORIES + 300);
  }

  @Test
  void directoryThatOthersFillAllTheTime_failsAndTheWalkEnds() throws IOException {
    tree("top", 1, 3);
    AtomicInteger made = new AtomicInteger();
    hook =
        (call, path) -> {
          if (call.equals("delete") && path.name().startsWith("f")) {
            create("top/d0/g" + made.incrementAndGet());
          }
        };

    OperationDriver<DeleteBatchResult> driver = driver(walk("top")).run();

    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::code)
        .containsExactly(
            tuple("data:top/d0", ErrorCode.NOT_EMPTY), tuple("data:top", ErrorCode.NOT_EMPTY));
    assertThat(data.resolve("top/d0").toFile().list()).hasSize(3);
  }

  @Test
  void p13_linksAreRemoved_andNeverFollowed() throws IOException {
    Files.createFile(other.resolve("outside"));
    Files.createDirectory(data.resolve("top"));
    Files.createSymbolicLink(data.resolve("top/out"), other);
    Files.createSymbolicLink(data.resolve("link"), other);

    OperationDriver<DeleteBatchResult> driver = driver(walk("top", "link")).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(3, 0, 0));
    assertThat(other.resolve("outside")).exists();
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void childThatFails_makesItsParentsFailWithNotEmpty() throws IOException {
    tree("top", 2, 2);
    hook =
        (call, path) -> {
          if (call.equals("delete") && path.toString().equals("data:top/d1/f1")) {
            throw new OperationException(ErrorCode.BUSY, "In use.");
          }
        };

    OperationDriver<DeleteBatchResult> driver = driver(walk("top")).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(4, 3, 0));
    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::code)
        .containsExactly(
            tuple("data:top/d1/f1", ErrorCode.BUSY),
            tuple("data:top/d1", ErrorCode.NOT_EMPTY),
            tuple("data:top", ErrorCode.NOT_EMPTY));
    assertThat(data.resolve("top/d1").toFile().list()).containsExactly("f1");
  }

  @Test
  void directoryThatCannotBeRead_failsWithThat() throws IOException {
    tree("top", 2, 2);
    hook =
        (call, path) -> {
          if (call.equals("list") && path.name().equals("d1")) {
            throw new OperationException(ErrorCode.PERMISSION_DENIED, "Not yours.");
          }
        };

    OperationDriver<DeleteBatchResult> driver = driver(walk("top")).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(3, 2, 0));
    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::code)
        .containsExactly(
            tuple("data:top/d1", ErrorCode.PERMISSION_DENIED),
            tuple("data:top", ErrorCode.NOT_EMPTY));
  }

  @Test
  void failFast_directoryThatCannotBeRead_endsTheWhole() throws IOException {
    tree("top", 1, 2);
    hook =
        (call, _) -> {
          if (call.equals("list")) {
            throw new OperationException(ErrorCode.PERMISSION_DENIED, "Not yours.");
          }
        };

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(List.of(path("top")), true, false, true, false)).run();

    assertThat(driver.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(data.resolve("top/d0/f1")).exists();
  }

  @Test
  void fileThatComesDuringTheWalk_makesItsDirectoryFail() throws IOException {
    tree("top", 0, 0);
    Files.createFile(data.resolve("top/first"));
    hook =
        (call, path) -> {
          if (call.equals("delete") && path.name().equals("first")) {
            create("top/late");
          }
        };

    OperationDriver<DeleteBatchResult> driver = driver(walk("top")).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(1, 1, 0));
    assertThat(driver.items()).extracting(ItemResult::code).containsExactly(ErrorCode.NOT_EMPTY);
    assertThat(data.resolve("top/late")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "list"})
  void p13_linkPutInADirectorysPlaceDuringTheWalk_isNotFollowed(String moment) throws IOException {
    Files.createDirectories(data.resolve("top/a/b"));
    Files.createFile(data.resolve("top/a/b/f"));
    Files.createDirectories(data.resolve("victim/b"));
    Files.createFile(data.resolve("victim/b/f"));
    hook =
        (call, path) -> {
          if (call.equals(moment)
              && path.name().equals("b")
              && !Files.exists(data.resolve("moved"))) {
            swap(data.resolve("top/a"), data.resolve("moved"), Path.of("../victim"));
          }
        };

    driver(walk("top")).run();

    assertThat(data.resolve("moved")).exists();
    assertThat(data.resolve("victim/b/f")).exists();
  }

  private static void swap(Path directory, Path aside, Path link) {
    try {
      Files.move(directory, aside);
      Files.createSymbolicLink(directory, link);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void p10_cancelInsideTheWalk_endsWithTrueCounts_andNothingOpen() throws IOException {
    tree("top", 1, 1_000);
    Gate gate = new Gate();
    hook = (call, path) -> gate.passIf(call.equals("delete") && path.segments().size() == 3);
    OperationDriver<DeleteBatchResult> driver = driver(walk("top"));
    driver.start();
    driver.iterateUntil(() -> driver.total() >= 2 + 256);
    gate.awaitReached();

    driver.cancellable().cancel();
    gate.open();
    driver.finish();

    int left = data.resolve("top/d0").toFile().list().length;
    assertThat(driver.error().isCancelled()).isTrue();
    assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(1_000 - left);
    assertThat(driver.ended(ItemState.CANCELLED))
        .isEqualTo(driver.total() - driver.ended(ItemState.SUCCEEDED));
    assertThat(openBelow(data)).isZero();
  }

  @Test
  void p2_joinDuringTheWalk_isWalkedToo() throws IOException {
    tree("top", 2, 10);
    tree("late", 2, 10);
    Gate gate = new Gate();
    hook = (call, _) -> gate.passIf(call.equals("list"));
    OperationDriver<DeleteBatchResult> driver = driver(walk("top"));
    driver.start();
    driver.iterateUntil(() -> driver.toStart() == 0);
    Join joined = driver.join(walk("late"));

    gate.open();
    driver.finish();

    assertThat(joined).isEqualTo(Join.JOINED);
    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(2 * 23, 0, 0));
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void dryRun_walksAndChangesNothing() throws IOException {
    tree("top", 3, 4);
    tree("empty", 0, 0);

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(List.of(path("top"), path("empty")), true, false, false, true)).run();

    assertThat(driver.value()).isEqualTo(new DeleteBatchResult(17, 0, 0));
    try (Stream<Path> entries = Files.walk(data)) {
      assertThat(entries).hasSize(1 + 17);
    }
  }

  @Test
  void dryRun_childThatCouldNotBeSeen_makesItsParentsFail() throws IOException {
    tree("top", 1, 2);
    hook =
        (call, path) -> {
          if (call.equals("status") && path.name().equals("f1")) {
            throw new OperationException(ErrorCode.PERMISSION_DENIED, "Not yours.");
          }
        };

    OperationDriver<DeleteBatchResult> driver =
        driver(batch(List.of(path("top")), true, false, false, true)).run();

    assertThat(driver.items())
        .extracting(ItemResult::path, ItemResult::code)
        .containsExactly(
            tuple("data:top/d0/f1", ErrorCode.PERMISSION_DENIED),
            tuple("data:top/d0", ErrorCode.NOT_EMPTY),
            tuple("data:top", ErrorCode.NOT_EMPTY));
  }

  private DeleteBatchOperation walk(String... names) {
    List<RootPath> paths = Stream.of(names).map(DeleteBatchFixture::path).toList();
    return batch(paths, true, false, false, false);
  }

  /** A directory with so many directories of so many empty files. */
  private void tree(String name, int directories, int files) throws IOException {
    Path top = Files.createDirectory(data.resolve(name));
    for (int d = 0; d < directories; d++) {
      Path directory = Files.createDirectory(top.resolve("d" + d));
      for (int f = 0; f < files; f++) {
        Files.createFile(directory.resolve("f" + f));
      }
    }
  }

  /** Directories of that name, and then of the name d, so many levels deep. */
  private void chain(String name, int levels) throws IOException {
    Files.createDirectories(data.resolve(name + "/d".repeat(levels - 1)));
  }

  private void create(String name) throws OperationException {
    try {
      Files.createFile(data.resolve(name));
    } catch (IOException e) {
      throw new OperationException(ErrorCode.FAILED, "The test could not make a file.", e);
    }
  }

  /** How many descriptors of this process are open on something there; 0 where nobody can tell. */
  private static long openBelow(Path directory) {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(descriptors)) {
      return open.filter(descriptor -> leadsBelow(descriptor, directory)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root's own handle stays open, and is not meant. */
  private static boolean leadsBelow(Path descriptor, Path directory) {
    try {
      Path open = Files.readSymbolicLink(descriptor);
      return open.startsWith(directory) && !open.equals(directory);
    } catch (IOException e) {
      return false; // closed since
    }
  }
}
