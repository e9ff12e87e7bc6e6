package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Ticker;
import dev.asyncops.operations.CopyFixture.Asked;
import dev.asyncops.operations.CopyFixture.Outcome;
import dev.asyncops.operations.CopyRemainsTests.Access;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

/**
 * Copies of trees that go on in what was staged when their process was killed. What such a process
 * leaves is made by a copy whose staged tree is kept: right before it would have been published.
 */
@ParameterizedClass
@EnumSource
@Timeout(60)
class CopyGoingOnTests {

  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
  private static final CopyMark THIS_BOOT = new CopyMark(CopyFixture.BOOT);

  @TempDir Path host;
  private final Access access;
  private CopyFixture fixture;
  private Path src;
  private Path dst;
  private Path staged;
  private Asked asked;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  CopyGoingOnTests(Access access) {
    this.access = access;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new CopyFixture(host, Ticker.system(), access::open);
    fixture.files.hook = (call, path) -> calls.add(call + " " + path.relative());
    src = fixture.data.resolve("src");
    dst = fixture.archive.resolve("dst");
    staged = fixture.archive.resolve(TemporaryName.of(CopyFixture.ID, "dst"));
    asked = fixture.copy("data:src", "archive:dst");
    write("a/f1", "one");
    write("a/f2", "two");
    write("a/b/f3", "three");
    write("f4", "four");
    Files.setLastModifiedTime(src.resolve("a"), LONG_AGO);
  }

  @AfterEach
  void close() {
    assertThat(fixture.context.failureCount()).isZero();
    fixture.close();
  }

  // ---- What is finished

  @Test
  void finishedFiles_areNotCopiedAgain_andCount() throws Exception {
    Outcome first = stageAll(asked);
    Object inode = inode(staged.resolve("a/f1"));
    Files.delete(staged.resolve("a/b/f3"));

    Outcome outcome = goOn(asked);

    assertThat(outcome.result()).isEqualTo(first.result()).isEqualTo(new CopyResult(7, 0, 0, 15));
    assertThat(fixture.bytes(outcome)).isEqualTo("15/15");
    assertThat(outcome.item("data:src/a/f1").bytes()).isEqualTo(3);
    assertThat(copied()).containsExactly("src/a/b/f3");
    assertThat(inode(dst.resolve("a/f1"))).isEqualTo(inode);
    assertPublishedAsFresh();
  }

  @Test
  void treeThatWasFinished_isOnlyPublished() throws Exception {
    stageAll(asked);

    assertThat(goOn(asked).result()).isEqualTo(new CopyResult(7, 0, 0, 15));

    assertThat(copied()).isEmpty();
    assertPublishedAsFresh();
  }

  @Test
  void bytesNeverExceedTheirTotal() throws Exception {
    stageAll(asked);
    Files.delete(staged.resolve("f4"));

    Outcome outcome = goOn(asked.bytesPerSecond(1 << 20));

    assertThat(outcome.bytesSeen()).isSorted();
    assertThat(outcome.bytesSeen().getLast()).isEqualTo(15);
    assertThat(fixture.bytes(outcome)).isEqualTo("15/15");
  }

  @Test
  void durably_whereTheFileSystemIsNotSyncedAtOnce_whatIsTakenOverIsSyncedToo() throws Exception {
    fixture.files.syncsAtOnce = false;
    stageAll(asked);

    assertThat(goOn(asked).result().succeeded()).isEqualTo(7);

    assertThat(copied()).isEmpty();
    assertThat(calls).contains("sync " + TemporaryName.of(CopyFixture.ID, "dst") + "/a");
    assertPublishedAsFresh();
  }

  @Test
  void goingOnAgainAndAgain_isTheSame() throws Exception {
    stageAll(asked);
    Files.delete(staged.resolve("a/f1"));
    keepStaged(() -> goOn(asked));
    Files.delete(staged.resolve("a/f2"));

    assertThat(goOn(asked).result()).isEqualTo(new CopyResult(7, 0, 0, 15));

    assertThat(copied()).containsExactly("src/a/f2");
    assertPublishedAsFresh();
  }

  // ---- What is not

  @ParameterizedTest
  @ValueSource(strings = {"size", "time", "nanosecond", "type", "link", "directory", "growing"})
  void whatIsNoFinishedCopy_isReplaced(String difference) throws Exception {
    stageAll(asked);
    Path file = staged.resolve("a/f1");
    FileTime time = Files.getLastModifiedTime(file);
    switch (difference) {
      case "size" -> {
        Files.writeString(file, "ones");
        Files.setLastModifiedTime(file, time);
      }
      case "time" -> Files.setLastModifiedTime(file, LONG_AGO);
      case "nanosecond" ->
          Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plusNanos(1)));
      case "growing" -> Files.writeString(file, "o");
      default -> {
        Files.delete(file);
        if (difference.equals("link")) {
          Files.createSymbolicLink(file, src.resolve("a/f1"));
        } else {
          Files.createDirectories(difference.equals("type") ? file : file.resolve("x/y"));
        }
      }
    }

    assertThat(goOn(asked).result()).isEqualTo(new CopyResult(7, 0, 0, 15));

    assertThat(copied()).containsExactly("src/a/f1");
    assertPublishedAsFresh();
  }

  @Test
  void whatWasWrittenLastOfAll_isNotTakenForFinished_howeverOldTheSource() throws Exception {
    stageAll(asked);
    Path file = staged.resolve("a/f1");
    Files.writeString(file, "on\0"); // allocated, and only written in part
    Files.setLastModifiedTime(src.resolve("a/f1"), Files.getLastModifiedTime(file));

    goOn(asked);

    assertThat(copied()).containsExactly("src/a/f1");
    assertPublishedAsFresh();
  }

  @Test
  void whatTheSourceHasNoMore_orTheFilterLeavesOut_isRemoved() throws Exception {
    for (int i = 0; i < 300; i++) {
      write("gone/d" + i % 3 + "/f" + i, "gone");
    }
    write("a/no", "no");
    Asked filtered = asked.filtered(List.of(), List.of("**/no"));
    stageAll(filtered);
    write(staged.resolve("a/no"), "no");
    write(staged.resolve("a/f1.swp"), "foreign");
    removeTree(src.resolve("gone"));
    Files.delete(src.resolve("f4"));

    assertThat(goOn(filtered).result()).isEqualTo(new CopyResult(6, 0, 0, 11));

    Files.delete(src.resolve("a/no"));
    Files.setLastModifiedTime(src.resolve("a"), LONG_AGO);
    Files.setLastModifiedTime(dst.resolve("a"), LONG_AGO);
    assertPublishedAsFresh();
  }

  @Test
  void fileThatBecameADirectory_andTheOtherWayRound_areReplaced() throws Exception {
    stageAll(asked);
    removeTree(src.resolve("a/b"));
    write("a/b", "file");
    Files.delete(src.resolve("f4"));
    write("f4/f", "f");

    assertThat(goOn(asked).result()).isEqualTo(new CopyResult(7, 0, 0, 11));

    assertPublishedAsFresh();
  }

  @Test
  void linksAreMadeAgain() throws Exception {
    Files.createSymbolicLink(src.resolve("a/link"), Path.of("f1"));
    stageAll(asked);
    Files.delete(src.resolve("a/link"));
    Files.createSymbolicLink(src.resolve("a/link"), Path.of("f2"));

    goOn(asked);

    assertThat(Files.readSymbolicLink(dst.resolve("a/link"))).isEqualTo(Path.of("f2"));
    assertPublishedAsFresh();
  }

  @Test
  void whatCannotBeReadNow_isMissing_thoughItWasFinished() throws Exception {
    stageAll(asked);
    fixture.files.hook =
        (call, path) -> {
          boolean file = call.equals("takeOver") || call.equals("openCopy");
          if ((file && path.name().equals("f1")) || (call.equals("list") && isB(path.name()))) {
            throw new OperationException(ErrorCode.PERMISSION_DENIED, "on purpose");
          }
        };

    Outcome outcome = goOn(asked);

    assertThat(fixture.counts(outcome)).isEqualTo("4/2/0/0");
    assertThat(dst.resolve("a/f1")).doesNotExist();
    assertThat(dst.resolve("a/b")).doesNotExist();
    assertThat(dst.resolve("a/f2")).hasContent("two");
    assertThat(fixture.leftovers()).isEmpty();
  }

  private static boolean isB(String name) {
    return name.equals("b");
  }

  // ---- Attributes

  @Test
  void attributesThatChangedSince_areThoseOfTheSource() throws Exception {
    stageAll(asked);
    Files.setPosixFilePermissions(
        src.resolve("a/f1"), PosixFilePermissions.fromString("r--r-----"));
    Files.setPosixFilePermissions(
        staged.resolve("a/f2"), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(src.resolve("a"), PosixFilePermissions.fromString("r-xr-x--x"));
    Files.setPosixFilePermissions(
        staged.resolve("a"), PosixFilePermissions.fromString("r-x------"));
    Files.setLastModifiedTime(src.resolve("a/b"), LONG_AGO);

    assertThat(goOn(asked).result().succeeded()).isEqualTo(7);

    assertThat(copied()).isEmpty();
    assertPublishedAsFresh();
  }

  @Test
  void aGroupThatEntriesInherit_isInheritedAllTheSame() throws Exception {
    Files.setAttribute(fixture.archive, "unix:gid", 12345);
    Files.setAttribute(fixture.archive, "unix:mode", 02755);
    stageAll(asked);
    Files.delete(staged.resolve("a/b/f3"));
    removeTree(staged.resolve("a/b"));

    goOn(asked);

    assertThat(Files.getAttribute(dst.resolve("a/f1"), "unix:gid")).isEqualTo(12345);
    assertThat(Files.getAttribute(dst.resolve("a/b"), "unix:gid")).isEqualTo(12345);
    assertThat(Files.getAttribute(dst.resolve("a/b/f3"), "unix:gid")).isEqualTo(12345);
  }

  @Test
  void nobodyElseMayEnterWhatIsStaged() throws Exception {
    stageAll(asked);
    Files.setPosixFilePermissions(staged, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Object> modes = Collections.synchronizedList(new ArrayList<>());
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("takeOver")) {
            modes.add(mode(staged));
            if (path.relative().startsWith("src/a/")) { // else it may be finished already
              modes.add(mode(staged.resolve("a")));
            }
          }
        };

    goOn(asked);

    assertThat(modes).isNotEmpty().containsOnly(0700);
  }

  // ---- Files with several names

  @Test
  void namesOfOneFile_thatWereLinkedInPart_areLinkedAgain() throws Exception {
    Files.createLink(src.resolve("a/again"), src.resolve("a/f1"));
    Files.createLink(src.resolve("more"), src.resolve("a/f1"));
    stageAll(asked);
    Files.delete(staged.resolve("more"));
    Files.delete(staged.resolve("a/again"));
    Files.copy(staged.resolve("a/f2"), staged.resolve("a/again")); // not linked, and not finished

    Outcome outcome = goOn(asked);

    assertThat(outcome.result()).isEqualTo(new CopyResult(9, 0, 0, 15));
    assertThat(inode(dst.resolve("a/again"))).isEqualTo(inode(dst.resolve("a/f1")));
    assertThat(inode(dst.resolve("more"))).isEqualTo(inode(dst.resolve("a/f1")));
    assertPublishedAsFresh();
  }

  @Test
  void namesOfOneFile_thatAreAllThere_areNotCopiedAgain() throws Exception {
    Files.createLink(src.resolve("a/again"), src.resolve("a/f1"));
    stageAll(asked);

    assertThat(goOn(asked).result()).isEqualTo(new CopyResult(8, 0, 0, 15));

    assertThat(copied()).isEmpty();
    assertThat(inode(dst.resolve("a/again"))).isEqualTo(inode(dst.resolve("a/f1")));
    assertPublishedAsFresh();
  }

  @Test
  void namesThatAreOfSeveralFilesByNow_areTakenApart() throws Exception {
    for (String name : List.of("2", "3", "4", "5")) {
      Files.createLink(src.resolve("a/g" + name), src.resolve("a/f1"));
    }
    stageAll(asked);
    FileTime time = Files.getLastModifiedTime(src.resolve("a/f1"));
    replace("a/g3", "one", time);
    Files.delete(src.resolve("a/g4"));
    Files.createLink(src.resolve("a/g4"), src.resolve("a/g3"));
    replace("a/g5", "one", time);

    goOn(asked);

    Object first = inode(dst.resolve("a/f1"));
    Object second = inode(dst.resolve("a/g3"));
    assertThat(inode(dst.resolve("a/g2"))).isEqualTo(first);
    assertThat(inode(dst.resolve("a/g4"))).isEqualTo(second).isNotEqualTo(first);
    assertThat(inode(dst.resolve("a/g5"))).isNotIn(first, second);
    assertPublishedAsFresh();
  }

  @Test
  void fileWithHoles_isTakenOverWhenItIsFinished_andElseCopied() throws Exception {
    for (String name : List.of("holes", "more")) {
      try (RandomAccessFile file = new RandomAccessFile(src.resolve(name).toFile(), "rw")) {
        file.setLength(64 << 10);
        file.write('x');
        file.setLength(1 << 20);
      }
    }
    stageAll(asked);
    try (RandomAccessFile file = new RandomAccessFile(staged.resolve("more").toFile(), "rw")) {
      file.setLength(100);
    }

    assertThat(goOn(asked).result().bytes()).isEqualTo(15 + (2 << 20));

    assertThat(copied()).containsExactly("src/more");
    assertPublishedAsFresh();
  }

  // ---- When it begins anew

  @Test
  void afterABoot_orWithoutAMark_nothingIsBelieved() throws Exception {
    stageAll(asked);
    fixture.mark = new CopyMark("another boot");
    assertThat(copiesOf(() -> keepStaged(() -> resume(asked)))).hasSize(4);
    fixture.mark = null;

    assertThat(copiesOf(() -> resume(asked))).hasSize(4);

    assertPublishedAsFresh();
  }

  @Test
  void withoutTimes_withExtendedAttributes_orVerified_nothingIsBelieved() throws Exception {
    for (Asked other :
        List.of(
            asked.preserve(Preserve.MODE),
            asked.preserve(Preserve.TIMES, Preserve.XATTRS),
            asked.verified())) {
      stageAll(other);

      assertThat(copiesOf(() -> goOn(other))).hasSize(4);

      assertThat(CopyFixture.tree(dst).keySet()).isEqualTo(CopyFixture.tree(src).keySet());
      removeTree(dst);
    }
  }

  @Test
  void whatCannotBeLookedThrough_isRemoved_andTheCopyBeginsAnew() throws Exception {
    stageAll(asked);
    fixture.files.hook =
        (call, path) -> {
          calls.add(call + " " + path.relative());
          if (call.equals("makePrivate")) {
            throw new OperationException(ErrorCode.NOT_SUPPORTED, "on purpose");
          }
        };

    assertThat(copiesOf(() -> goOn(asked))).hasSize(4);

    assertPublishedAsFresh();
  }

  @Test
  void linkInThePlaceOfTheStagedTree_isRemoved_andNotFollowed() throws Exception {
    stageAll(asked);
    Path elsewhere = fixture.archive.resolve("mine");
    Files.move(staged, elsewhere);
    Files.createSymbolicLink(staged, elsewhere);
    Map<String, String> before = CopyFixture.tree(elsewhere);

    assertThat(copiesOf(() -> goOn(asked))).hasSize(4);

    assertThat(CopyFixture.tree(elsewhere)).isEqualTo(before);
    assertPublishedAsFresh();
  }

  // ---- When nothing comes of it

  @Test
  void destinationThatSomebodyMadeMeanwhile_stays_andNothingIsLeft() throws Exception {
    stageAll(asked);
    Files.createDirectory(dst);

    assertThat(goOn(asked).failure().code()).isEqualTo(ErrorCode.EXISTS);

    assertThat(dst).isEmptyDirectory();
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void destinationThatIsMergedIntoByNow_leavesNothingEither() throws Exception {
    Asked merging = asked.onConflict(OnConflict.OVERWRITE);
    stageAll(merging);
    Files.createDirectory(dst);

    assertThat(goOn(merging).result().succeeded()).isEqualTo(7);

    assertPublishedAsFresh();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "takeOver", "publish"})
  void cancelled_leavesNothing(String when) throws Exception {
    stageAll(asked);
    fixture.files.hook =
        (call, path) -> {
          if (call.equals(when)) {
            fixture.cancellable.cancel();
          }
          if (call.equals("publish")) {
            throw new OperationException(ErrorCode.BUSY, "on purpose");
          }
        };

    goOn(asked).failure();

    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void cancelledBeforeItIsStarted_leavesNothing() throws Exception {
    stageAll(asked);
    fixture.cancellable.cancel();

    assertThat(goOn(asked).failure().code()).isEqualTo(ErrorCode.CANCELLED);

    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void sourceThatIsGone_leavesNothing() throws Exception {
    stageAll(asked);
    removeTree(src);

    assertThat(goOn(asked).failure().code()).isEqualTo(ErrorCode.NOT_FOUND);

    assertThat(fixture.archive).isEmptyDirectory();
  }

  // ---- What is told to the next attempt

  @Test
  void mark_tellsTheBoot_onceNothingIsLeftThatWasWrittenBefore() throws Exception {
    stageAll(asked);
    List<Object> marks = new ArrayList<>();
    fixture.resumes = true;
    fixture.mark = new CopyMark("another boot");
    CopyFixture.Running running = asked.prepare(Priority.DEFAULT);
    running.change(operation -> marks.add(String.valueOf(operation.mark())));
    running.startNow();
    running.change(operation -> marks.add(String.valueOf(operation.mark())));
    running.drive();
    running.change(operation -> marks.add(String.valueOf(operation.mark())));

    assertThat(marks).containsExactly("null", "null", THIS_BOOT.toString());
  }

  // ---- Steps

  /** Leaves the tree as a process does that is killed right before it publishes it. */
  private Outcome stageAll(Asked what) throws Exception {
    Outcome outcome = what.run();
    assertThat(outcome.result().failed()).isZero();
    Files.move(dst, staged);
    calls.clear();
    return outcome;
  }

  private Outcome goOn(Asked what) {
    fixture.mark = THIS_BOOT;
    return resume(what);
  }

  private Outcome resume(Asked what) {
    calls.clear();
    fixture.resumes = true;
    try {
      return what.run();
    } finally {
      fixture.resumes = false;
    }
  }

  /** Puts what was published back to where it was staged. */
  private void keepStaged(Runnable copy) {
    copy.run();
    try {
      Files.move(dst, staged);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> copiesOf(Runnable copy) {
    copy.run();
    return copied();
  }

  /** The files that were copied, not taken over. */
  private List<String> copied() {
    return calls.stream()
        .filter(call -> call.startsWith("openCopy "))
        .map(call -> call.substring("openCopy ".length()))
        .toList();
  }

  /** Compares with what a copy makes that does not go on. */
  private void assertPublishedAsFresh() throws Exception {
    assertThat(fixture.leftovers()).isEmpty();
    assertThat(CopyFixture.tree(dst)).isEqualTo(CopyFixture.tree(src));
    Asked fresh =
        fixture
            .copy("data:src", "archive:fresh")
            .preserve(asked.request.preserve().toArray(Preserve[]::new))
            .durability(Durability.NONE);
    fresh.run().result();
    assertThat(CopyFixture.tree(dst)).isEqualTo(CopyFixture.tree(fixture.archive.resolve("fresh")));
  }

  private void replace(String name, String content, FileTime time) throws IOException {
    Files.delete(src.resolve(name));
    write(name, content);
    Files.setLastModifiedTime(src.resolve(name), time);
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

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  private static int mode(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:mode") & 07777;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
