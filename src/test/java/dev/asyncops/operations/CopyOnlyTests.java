package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Ticker;
import dev.asyncops.operations.CopyFixture.Asked;
import dev.asyncops.operations.CopyFixture.Outcome;
import dev.asyncops.operations.CopyRemainsTests.Access;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of some entries of a tree into one that exists: what a retry does. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class CopyOnlyTests {

  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path host;
  private final Access access;
  private CopyFixture fixture;
  private Path src;
  private Path dst;
  private Asked asked;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  CopyOnlyTests(Access access) {
    this.access = access;
  }

  /** A tree that was copied. */
  @BeforeEach
  void open() throws Exception {
    fixture = new CopyFixture(host, Ticker.system(), access::open);
    src = fixture.data.resolve("src");
    dst = fixture.archive.resolve("dst");
    asked = fixture.copy("data:src", "archive:dst");
    write("a/f1", "one");
    write("a/f2", "two");
    write("a/b/f3", "three");
    write("f4", "four");
    Files.setLastModifiedTime(src.resolve("a"), LONG_AGO);
    asked.run().result();
    fixture.files.hook = (call, path) -> calls.add(call + " " + path.relative());
  }

  @AfterEach
  void close() {
    assertThat(fixture.context.failureCount()).isZero();
    fixture.close();
  }

  // ---- What was chosen

  @Test
  void chosenFiles_areCopiedIntoTheTree_andNothingElseIsTouched() throws Exception {
    lose("a/f1", "a/b/f3", "f4");
    Files.setLastModifiedTime(dst.resolve("a/f2"), LONG_AGO);

    Outcome outcome = asked.only("data:src/a/f1", "data:src/a/b/f3").run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(2, 0, 0, 8));
    assertThat(fixture.bytes(outcome)).isEqualTo("8/8");
    assertThat(outcome.items()).hasSize(2);
    assertThat(outcome.item("data:src/a/b/f3").destination()).isEqualTo("archive:dst/a/b/f3");
    assertThat(calls).noneMatch(call -> call.startsWith("list ") || call.startsWith("keep "));
    assertThat(dst.resolve("f4")).doesNotExist();
    assertThat(Files.getLastModifiedTime(dst.resolve("a/f2"))).isEqualTo(LONG_AGO);
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void directoriesOnTheWay_getTheirTimesBack() throws Exception {
    Files.setLastModifiedTime(dst.resolve("a"), FileTime.fromMillis(1_500_000_000_000L));
    Map<String, String> before = CopyFixture.tree(dst);
    FileTime times = Files.getLastModifiedTime(dst);
    lose("a/f1", "a/b/f3");
    Files.setLastModifiedTime(dst, times);

    asked.only("data:src/a/f1", "data:src/a/b/f3").run().result();

    assertThat(CopyFixture.tree(dst)).isEqualTo(before);
  }

  @Test
  void withoutTimes_theyAreLeftAsTheyAre() throws Exception {
    lose("a/f1");

    asked.preserve(Preserve.MODE).only("data:src/a/f1").run().result();

    assertThat(calls).noneMatch(call -> call.startsWith("restoreTimes"));
  }

  @Test
  void chosenDirectory_isCopiedWithAllBelow_andAppearsAtOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      write("a/b/c%d/f%d".formatted(i % 3, i), "x");
    }
    Files.setLastModifiedTime(src.resolve("a"), LONG_AGO);
    removeTree(dst.resolve("a/b"));
    Files.setLastModifiedTime(dst.resolve("a"), LONG_AGO);
    List<Boolean> visible = Collections.synchronizedList(new ArrayList<>());
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("finish")) {
            visible.add(Files.exists(dst.resolve("a/b")));
          }
        };

    Outcome outcome = asked.only("data:src/a/b").run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(305, 0, 0, 305));
    assertThat(visible).isNotEmpty().doesNotContain(true);
    assertThat(CopyFixture.tree(dst)).isEqualTo(CopyFixture.tree(src));
  }

  @Test
  void linksAndFilesWithSeveralNames_areCopiedAsElsewhere() throws Exception {
    Files.createSymbolicLink(src.resolve("a/link"), Path.of("f1"));
    Files.createLink(src.resolve("again"), src.resolve("a/f1"));
    Files.setLastModifiedTime(src.resolve("a"), LONG_AGO);
    lose("a/f1");

    Outcome outcome = asked.only("data:src/a/link", "data:src/again", "data:src/a/f1").run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(3, 0, 0, 3));
    assertThat(Files.isSameFile(dst.resolve("again"), dst.resolve("a/f1"))).isTrue();
    assertThat(Files.readSymbolicLink(dst.resolve("a/link"))).isEqualTo(Path.of("f1"));
  }

  @Test
  void manyEntries_areAllCopied() throws Exception {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      write("d%d/f%d".formatted(i % 10, i), "x");
      if (i % 2 == 0) {
        chosen.add("data:src/d%d/f%d".formatted(i % 10, i));
      }
    }
    for (int i = 0; i < 10; i++) {
      Files.createDirectory(dst.resolve("d" + i));
    }
    Collections.shuffle(chosen, new Random(1));

    Outcome outcome = asked.only(chosen.toArray(String[]::new)).run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(3000, 0, 0, 3000));
    assertThat(dst.resolve("d4").toFile().list()).hasSize(600);
    assertThat(dst.resolve("d5")).isEmptyDirectory();
  }

  @Test
  void theSourceItself_isAWholeCopy() throws Exception {
    assertThat(asked.only("data:src/a", "data:src").run().failure().code())
        .isEqualTo(ErrorCode.EXISTS);
    removeTree(dst);

    assertThat(asked.only("data:src").run().result().succeeded()).isEqualTo(7);

    assertThat(CopyFixture.tree(dst)).isEqualTo(CopyFixture.tree(src));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothing_isDoneAtOnce_andTouchesNothing(boolean resumed) throws Exception {
    fixture.resumes = resumed;

    Outcome outcome = asked.only().run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(0, 0, 0, 0));
    assertThat(fixture.counts(outcome)).isEqualTo("0/0/0/0");
    assertThat(calls).isEmpty();
  }

  // ---- What is in the way, or is not

  @ParameterizedTest
  @EnumSource
  void whatExists_isTreatedAsByACopyOfItsOwn(OnConflict rule) throws Exception {
    lose("a/f1");
    Files.writeString(dst.resolve("a/f2"), "old");

    Outcome outcome =
        asked.onConflict(rule).only("data:src/a/f1", "data:src/a/f2", "data:src/a/b").run();

    assertThat(fixture.counts(outcome))
        .isEqualTo(
            switch (rule) {
              case FAIL -> "1/2/0/0";
              case SKIP -> "1/0/3/0";
              case UPDATE -> "2/0/2/0";
              case OVERWRITE -> "4/0/0/0";
            });
    boolean replaced = rule == OnConflict.OVERWRITE || rule == OnConflict.UPDATE;
    assertThat(dst.resolve("a/f2")).hasContent(replaced ? "two" : "old");
    assertThat(dst.resolve("a/f1")).hasContent("one");
    if (rule == OnConflict.FAIL) {
      assertThat(outcome.item("data:src/a/f2").code()).isEqualTo(ErrorCode.EXISTS);
      assertThat(outcome.item("data:src/a/b").code()).isEqualTo(ErrorCode.EXISTS);
    }
  }

  @Test
  void missingDirectoryOnTheWay_isMade_andIsAnItem() throws Exception {
    removeTree(dst.resolve("a"));

    Outcome outcome = asked.only("data:src/a/b/f3", "data:src/f4").run();

    assertThat(fixture.counts(outcome)).isEqualTo("3/1/0/0"); // f4 exists
    assertThat(outcome.item("data:src/a").state()).isEqualTo(ItemState.SUCCEEDED);
    assertThat(CopyFixture.tree(dst.resolve("a/b")))
        .isEqualTo(CopyFixture.tree(src.resolve("a/b")));
    assertThat(Files.getLastModifiedTime(dst.resolve("a"))).isEqualTo(LONG_AGO);
    assertThat(dst.resolve("a/f1")).doesNotExist();
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void missingTree_isMade_andPublishedAtOnce() throws Exception {
    removeTree(dst);

    Outcome outcome = asked.only("data:src/a/f1").run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(3, 0, 0, 3));
    assertThat(calls).contains("publish dst");
    assertThat(CopyFixture.tree(dst).keySet()).containsExactly("", "a", "a/f1");
  }

  @Test
  void whatIsGone_orBelowSomethingElse_fails_andTheRestIsCopied() throws Exception {
    lose("a/f1", "f4");
    Files.delete(dst.resolve("a/f2"));
    Files.createSymbolicLink(dst.resolve("linked"), dst.resolve("a"));
    write("linked/f", "x");

    Outcome outcome =
        asked
            .only(
                "data:src/a/gone",
                "data:src/gone/1",
                "data:src/gone/2",
                "data:src/a/f2/below",
                "data:src/linked/f",
                "data:src/f4")
            .run();

    assertThat(fixture.counts(outcome)).isEqualTo("1/5/0/0");
    assertThat(outcome.item("data:src/a/gone").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(outcome.item("data:src/gone/1").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(outcome.item("data:src/gone/2").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(outcome.item("data:src/a/f2/below").code()).isEqualTo(ErrorCode.NOT_DIRECTORY);
    assertThat(outcome.item("data:src/linked/f").code()).isEqualTo(ErrorCode.NOT_DIRECTORY);
    assertThat(dst.resolve("a/f")).doesNotExist();
    assertThat(dst.resolve("f4")).hasContent("four");
  }

  @Test
  void whatTheFilterLeavesOut_isSkipped() throws Exception {
    lose("a/f1", "a/b/f3", "f4");

    Outcome outcome =
        asked
            .filtered(List.of(), List.of("a/b", "f4"))
            .only("data:src/a/f1", "data:src/a/b/f3", "data:src/f4")
            .run();

    assertThat(fixture.counts(outcome)).isEqualTo("1/0/2/0");
    assertThat(dst.resolve("f4")).doesNotExist();
    assertThat(dst.resolve("a/b")).isEmptyDirectory();
  }

  @Test
  void sourceThatIsGone_failsAllThatWereChosen_andTheWhole() throws Exception {
    removeTree(src);
    String[] chosen =
        IntStream.range(0, 1000).mapToObj(i -> "data:src/d/f" + i).toArray(String[]::new);

    Outcome outcome = asked.only(chosen).run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(fixture.counts(outcome)).isEqualTo("0/1000/0/0");
    assertThat(outcome.items()).hasSize(1000);
  }

  @Test
  void dryRun_changesNothing() throws Exception {
    lose("a/f1");
    removeTree(dst.resolve("a/b"));
    Map<String, String> before = CopyFixture.tree(dst);

    Outcome outcome = asked.dryRun().only("data:src/a/f1", "data:src/a/b/f3").run();

    assertThat(fixture.counts(outcome)).isEqualTo("3/0/0/0");
    assertThat(CopyFixture.tree(dst)).isEqualTo(before);
  }

  // ---- On disk

  @Test
  void durably_whatChanged_isSynced_alsoWithoutASyncForAll() throws Exception {
    fixture.files.syncsAtOnce = false;
    lose("a/b/f3");

    asked.only("data:src/a/b/f3").run().result();

    assertThat(calls).contains("sync dst/a/b", "finishDurably src/a/b/f3");
  }

  @Test
  void chosenDirectory_isOnDiskBeforeItAppears() throws Exception {
    removeTree(dst.resolve("a/b"));

    asked.only("data:src/a/b").run().result();

    String staged = "dst/a/" + TemporaryName.of(CopyFixture.ID, "b");
    assertThat(calls)
        .containsSubsequence("finishDurably src/a/b/f3", "sync " + staged, "publish dst/a/b");
  }

  @Test
  void directoryThatCannotBeSynced_failsTheWhole() throws Exception {
    fixture.files.syncsAtOnce = false;
    lose("a/f1");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("sync")) {
            throw new OperationException(ErrorCode.FAILED, "on purpose");
          }
        };

    assertThat(asked.only("data:src/a/f1").run().failure().code()).isEqualTo(ErrorCode.FAILED);
  }

  // ---- Cancelled, killed

  @Test
  void cancelled_leavesNothingThatIsNotWhole() throws Exception {
    removeTree(dst.resolve("a/b"));
    lose("f4");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("finish") && path.name().equals("f3")) {
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = asked.only("data:src/a/b").run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(fixture.counts(outcome)).isEqualTo("0/0/0/2");
    assertThat(dst.resolve("a/b")).doesNotExist();
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void resumed_removesWhatWasLeft_andTakesWhatWasPublishedForItsOwn() throws Exception {
    lose("a/f1");
    Files.writeString(dst.resolve("a/f2"), "foreign");
    removeTree(dst.resolve("a/b"));
    write(dst.resolve("a").resolve(temporary("f1")), "on");
    write(dst.resolve("a").resolve(temporary("b")).resolve("f3"), "th");
    write(dst.resolve(temporary("missing")).resolve("f"), "x");
    write("missing/f", "x");
    calls.clear();
    fixture.resumes = true;
    fixture.mark = new CopyMark(CopyFixture.BOOT);

    Outcome outcome =
        asked
            .only(
                "data:src/a/f1",
                "data:src/a/f2",
                "data:src/a/b",
                "data:src/f4",
                "data:src/missing/f")
            .run();

    assertThat(fixture.counts(outcome)).isEqualTo("6/1/0/0");
    assertThat(outcome.item("data:src/f4").bytes()).isEqualTo(4);
    assertThat(outcome.item("data:src/a/f2").code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(calls).doesNotContain("openCopy src/f4", "list src", "list src/a", "list dst");
    assertThat(fixture.leftovers()).isEmpty();
    assertThat(dst.resolve("a/b/f3")).hasContent("three");
  }

  @Test
  void resumed_whereDirectoriesMerge_removesWhatWasLeftInThem() throws Exception {
    write(dst.resolve("a/b").resolve(temporary("f3")), "th");
    write(dst.resolve("a").resolve(temporary("f2")), "not chosen, and not looked for");
    fixture.resumes = true;

    asked.onConflict(OnConflict.OVERWRITE).only("data:src/a/b").run().result();

    assertThat(fixture.leftovers()).hasSize(1);
  }

  @Test
  void resumed_goesOnInATreeThatWasStaged() throws Exception {
    Files.move(dst, fixture.archive.resolve(temporary("dst")));
    fixture.resumes = true;
    fixture.mark = new CopyMark(CopyFixture.BOOT);

    Outcome outcome = asked.only("data:src/a").run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(6, 0, 0, 11));
    assertThat(calls).noneMatch(call -> call.startsWith("openCopy"));
  }

  // ---- Steps

  private static String temporary(String name) {
    return TemporaryName.of(CopyFixture.ID, name);
  }

  /** As if these had failed. */
  private void lose(String... names) throws IOException {
    for (String name : names) {
      Path file = dst.resolve(name);
      FileTime time = Files.getLastModifiedTime(file.getParent());
      Files.delete(file);
      Files.setLastModifiedTime(file.getParent(), time);
    }
  }

  private void write(String name, String content) throws IOException {
    write(src.resolve(name), content);
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void removeTree(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
