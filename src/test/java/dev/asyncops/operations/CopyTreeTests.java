package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.TreeRemoval;
import dev.asyncops.operations.CopyFixture.Outcome;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy of a directory with all below it. */
class CopyTreeTests {

  private static final FileTime LONG_AGO =
      FileTime.from(Instant.ofEpochSecond(1_000_000_000L, 123_456_789));

  @TempDir Path host;
  private CopyFixture fixture;
  private Path data;

  @BeforeEach
  void open() {
    fixture = new CopyFixture(host);
    data = fixture.data;
  }

  @AfterEach
  void close() {
    assertThat(fixture.leftovers()).isEmpty();
    assertThat(fixture.context.failureCount()).isZero();
    fixture.close();
  }

  // ---- To a free name

  @Test
  void tree_isCopied_equalInEveryEntry() throws Exception {
    makeTree();

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(CopyFixture.tree(fixture.archive.resolve("dst")))
        .isEqualTo(CopyFixture.tree(data.resolve("src")));
    assertThat(fixture.counts(outcome)).isEqualTo("10/0/0/0");
    assertThat(outcome.items()).hasSize(10).last().matches(i -> i.path().equals("data:src"));
    assertThat(outcome.phases()).containsExactly("SCANNING", "COPYING", "PUBLISHING");
  }

  @Test
  void bytes_areExact_andCountAFileWithTwoNamesOnce() throws Exception {
    makeTree();

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(fixture.bytes(outcome)).isEqualTo("12/12");
  }

  @Test
  void rootItself_mayBeTheSource() throws Exception {
    makeTree();

    Outcome outcome = fixture.copy("data:", "archive:all").run();

    assertThat(outcome.result().succeeded()).isEqualTo(11);
    assertThat(CopyFixture.tree(fixture.archive.resolve("all"))).isEqualTo(CopyFixture.tree(data));
  }

  @Test
  void namesThatAreNotUtf8_keepTheirBytes() throws Exception {
    Files.createDirectories(Path.of(URI.create(data.toUri() + "src/%FFd")));
    Files.writeString(Path.of(URI.create(data.toUri() + "src/%FFd/%E9f")), "content");

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(fixture.counts(outcome)).isEqualTo("3/0/0/0");
    assertThat(Path.of(URI.create(fixture.archive.toUri() + "dst/%FFd/%E9f")))
        .hasContent("content");
  }

  @Test
  void emptyDirectory_isCopied() throws Exception {
    Files.createDirectory(data.resolve("src"));

    Outcome outcome = fixture.copy("data:src", "data:a/b/dst").parents().run();

    assertThat(outcome.result().succeeded()).isEqualTo(1);
    assertThat(data.resolve("a/b/dst")).isEmptyDirectory();
  }

  @Test
  void k8_tree_isInvisible_untilItIsWhole() throws Exception {
    makeTree();
    Set<String> seenTooEarly = ConcurrentHashMap.newKeySet();
    AtomicBoolean published = new AtomicBoolean();
    fixture.files.hook =
        (call, path) -> {
          published.compareAndSet(false, call.equals("published"));
          if (!published.get() && Files.exists(data.resolve("dst"))) {
            seenTooEarly.add(call);
          }
        };

    fixture.copy("data:src", "data:dst").run().result();

    assertThat(seenTooEarly).isEmpty();
    assertThat(published).isTrue();
    assertThat(data.resolve("dst")).isDirectory();
  }

  @Test
  void k10_staging_isClosedToOthers() throws Exception {
    makeTree();
    Set<String> modes = ConcurrentHashMap.newKeySet();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("step")) {
            modes.addAll(stagingModes());
          }
        };

    fixture.copy("data:src", "data:dst").run().result();

    assertThat(modes).containsExactly("rwx------");
  }

  @Test
  void manyFiles_areStreamed_withABoundedNumberUnderWay() throws Exception {
    Files.createDirectory(data.resolve("src"));
    for (int i = 0; i < 6000; i++) {
      Files.writeString(data.resolve("src/f" + i), "");
    }
    AtomicInteger looked = new AtomicInteger();
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger furthest = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          switch (call) {
            case "status" -> looked.incrementAndGet();
            case "openCopy" ->
                furthest.accumulateAndGet(looked.get() - opened.incrementAndGet(), Math::max);
            default -> {}
          }
        };

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.result().succeeded()).isEqualTo(6001);
    assertThat(furthest.get())
        .isLessThanOrEqualTo(CopyTree.LOOK_AHEAD + CopyItems.IN_FLIGHT + CopyWalk.BIT);
  }

  @Test
  void deepTree_isCopied() throws Exception {
    Path deepest = data.resolve("src" + "/d".repeat(200));
    Files.createDirectories(deepest);
    Files.writeString(deepest.resolve("f"), "deep");

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.result().succeeded()).isEqualTo(202);
    assertThat(fixture.archive.resolve("dst" + "/d".repeat(200) + "/f")).hasContent("deep");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void deepTree_holdsFewDirectoriesOpen() throws Exception {
    Path deepest = data.resolve("src" + "/d".repeat(300));
    Files.createDirectories(deepest);
    Files.writeString(deepest.resolve("f"), "deep");
    fixture.copy("data:src", "archive:warm").run().result();
    long before = openHandles();
    AtomicLong most = new AtomicLong();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("list")) {
            most.accumulateAndGet(openHandles() - before, Math::max);
          }
        };

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.result().succeeded()).isEqualTo(302);
    assertThat(most.get()).isLessThan(20);
  }

  private static long openHandles() {
    try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void directoryWithMoreDirectoriesThanAreHeld_isCopied() throws Exception {
    for (int i = 0; i < 1300; i++) {
      Files.createDirectories(data.resolve("src/d" + i));
    }
    write("src/d1299/f", "content");

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.result().succeeded()).isEqualTo(1302);
    assertThat(fixture.archive.resolve("dst").toFile().list()).hasSize(1300);
    assertThat(fixture.archive.resolve("dst/d1299/f")).hasContent("content");
  }

  @Test
  void hardLinks_toManyNames_stayOneFile() throws Exception {
    Files.createDirectories(data.resolve("src/sub"));
    Files.writeString(data.resolve("src/a"), "shared");
    for (int i = 0; i < 100; i++) {
      Files.createLink(data.resolve("src/sub/b" + i), data.resolve("src/a"));
    }

    fixture.copy("data:src", "data:linked").run().result();
    fixture.copy("data:src", "data:apart").preserve(Preserve.MODE).run().result();

    assertThat(Files.getAttribute(data.resolve("linked/a"), "unix:nlink")).isEqualTo(101);
    assertThat(Files.getAttribute(data.resolve("apart/a"), "unix:nlink")).isEqualTo(1);
    assertThat(data.resolve("apart/sub/b7")).hasContent("shared");
  }

  @Test
  void hardLinks_survive_theFailureOfTheFirstName() throws Exception {
    Files.createDirectory(data.resolve("src"));
    Files.writeString(data.resolve("src/a"), "shared");
    for (int i = 0; i < 5; i++) {
      Files.createLink(data.resolve("src/b" + i), data.resolve("src/a"));
    }
    AtomicInteger opened = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("openCopy") && opened.incrementAndGet() == 1) {
            throw new OperationException(ErrorCode.FAILED, "on purpose");
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(fixture.counts(outcome)).isEqualTo("6/1/0/0");
    assertThat(opened).hasValue(2);
  }

  @Test
  void failedItem_isMissing_andTheRestIsThere() throws Exception {
    makeTree();
    failAt("openCopy", "data:src/f");
    failAt("list", "data:src/sub");

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(outcome.result().failed()).isPositive();
    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(outcome.item("data:src").state()).isEqualTo(ItemState.SUCCEEDED);
    assertThat(data.resolve("dst/sub")).doesNotExist();
    assertThat(data.resolve("dst/empty")).isDirectory();
  }

  @Test
  void specialFile_failsAlone() throws Exception {
    makeTree();
    new ProcessBuilder("mkfifo", data.resolve("src/pipe").toString()).start().waitFor();

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(outcome.item("data:src/pipe").code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
    assertThat(fixture.counts(outcome)).isEqualTo("10/1/0/0");
  }

  @Test
  void failFast_endsWithTheFirstError_andNothingAppears() throws Exception {
    makeTree();
    failAt("openCopy", "data:src/f");

    Outcome outcome = fixture.copy("data:src", "data:a/dst").parents().failFast().run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(data.toFile().list()).containsExactly("src");
  }

  @Test
  void destinationThatAppearsMeanwhile_isNotTouched() throws Exception {
    makeTree();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("publish")) {
            write("dst/theirs", "theirs");
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(outcome.failure().detail()).isEqualTo("'data:dst' exists already.");
    assertThat(data.resolve("dst").toFile().list()).containsExactly("theirs");
  }

  @Test
  void entryThatGoesAwayWhileItIsWalked_isNoItem() throws Exception {
    makeTree();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("status") && path.toString().equals("data:src/sub/l")) {
            remove("src/sub/l");
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(fixture.counts(outcome)).isEqualTo("9/0/0/0");
  }

  @Test
  void stagingOfAnotherCopy_isNotCopied() throws Exception {
    makeTree();
    Path unfinished = data.resolve("src").resolve(TemporaryName.of(CopyFixture.ID, "x"));
    Files.createDirectory(unfinished);

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    Files.delete(unfinished);
    assertThat(fixture.counts(outcome)).isEqualTo("10/0/0/0");
  }

  @Test
  void stagingOfAnEarlierAttempt_isReplaced() throws Exception {
    makeTree();
    CopyRequest request = fixture.copy("data:src", "data:dst").request;
    CopyPlan plan = CopyPlan.of(CopyFixture.ID, request, CopyFilter.of(request));
    write(plan.temporary(fixture.roots.parse("data:dst")).name() + "/half/done", "half");

    fixture.copy("data:src", "data:dst").run().result();

    assertThat(CopyFixture.tree(data.resolve("dst")))
        .isEqualTo(CopyFixture.tree(data.resolve("src")));
  }

  @Test
  void walkThatBreaks_endsTheCopy_andLeavesNothing() throws Exception {
    makeTree();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("status") && path.toString().equals("data:src/sub/g")) {
            throw new IllegalStateException("on purpose");
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.FAILED);
    assertThat(data.toFile().list()).containsExactly("src");
  }

  @Test
  void stagingThatCannotBeRemoved_isGivenBackAllTheSame() throws Exception {
    makeTree();
    AtomicInteger closed = new AtomicInteger();
    failAt("step", "data:src/f");
    HookedFileAccess.Hook failing = fixture.files.hook;
    fixture.files.hook =
        (call, path) -> {
          failing.before(call, path);
          if (call.equals("removalStep")) {
            throw new OperationException(ErrorCode.BUSY, "on purpose");
          }
          if (call.equals("removalClose")) {
            closed.incrementAndGet();
          }
        };

    Outcome outcome = fixture.copy("data:src", "archive:dst").failFast().run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(closed).hasValue(1);
    removeLeftovers();
  }

  @Test
  void includeAndExclude_chooseFiles_andKeepTheStructure() throws Exception {
    write("src/a.csv", "1");
    write("src/a.txt", "2");
    write("src/sub/b.csv", "3");
    write("src/sub/deep/c.csv", "4");
    write("src/old/d.csv", "5");

    Outcome outcome =
        fixture
            .copy("data:src", "data:dst")
            .filtered(List.of("**/*.csv"), List.of("old", "sub/*/c*"))
            .run();

    assertThat(names("dst")).containsExactly("", "a.csv", "sub", "sub/b.csv", "sub/deep");
    assertThat(fixture.counts(outcome)).isEqualTo("5/0/0/0");
  }

  @Test
  void verify_givesEveryFileItsDigest() throws Exception {
    makeTree();

    Outcome outcome = fixture.copy("data:src", "data:dst").verified().run();

    assertThat(outcome.item("data:src/f").sha256()).hasSize(64);
    assertThat(outcome.item("data:src/empty").sha256()).isNull();
  }

  @Test
  void dryRun_countsAndChangesNothing() throws Exception {
    makeTree();
    Map<String, String> before = CopyFixture.tree(data);

    Outcome free = fixture.copy("data:src", "data:dst").dryRun().run();
    Outcome merged =
        fixture.copy("data:src", "archive:").onConflict(OnConflict.SKIP).dryRun().run();

    assertThat(fixture.counts(free)).isEqualTo("10/0/0/0");
    assertThat(fixture.counts(merged)).isEqualTo("9/0/1/0");
    assertThat(CopyFixture.tree(data)).isEqualTo(before);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  // ---- Into itself

  @ParameterizedTest
  @CsvSource({
    "data:src, data:into/x",
    "data:src, data:into/no/such/x",
    "data:src, data:loop/into/x",
    "data:src, data:into/empty",
  })
  void treeIntoItself_byALink_wouldRecurse(String source, String destination) throws Exception {
    makeTree();
    Files.createSymbolicLink(data.resolve("into"), Path.of("src/sub"));
    Files.createSymbolicLink(data.resolve("loop"), Path.of("."));
    Map<String, String> before = CopyFixture.tree(data);

    Outcome outcome = fixture.copy(source, destination).parents().run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.WOULD_RECURSE);
    assertThat(CopyFixture.tree(data)).isEqualTo(before);
  }

  // ---- Merging

  @Test
  void overwrite_mergesDirectories_andReplacesFilesAndLinks() throws Exception {
    write("src/f", "new");
    write("src/l", "not a link");
    write("src/sub/new", "new");
    write("src/wasLink/x", "x");
    write("dst/f", "old");
    write("dst/kept", "kept");
    write("dst/sub/kept", "kept");
    Files.createSymbolicLink(data.resolve("dst/l"), Path.of("kept"));
    Files.createSymbolicLink(data.resolve("dst/wasLink"), Path.of("sub"));

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(fixture.counts(outcome)).isEqualTo("7/0/0/0");
    assertThat(data.resolve("dst/f")).hasContent("new");
    assertThat(data.resolve("dst/kept")).hasContent("kept");
    assertThat(Files.isSymbolicLink(data.resolve("dst/l"))).isFalse();
    assertThat(names("dst/sub")).containsExactly("", "kept", "new");
    assertThat(Files.isDirectory(data.resolve("dst/wasLink"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void overwrite_givesAMergedDirectoryItsSourcesAttributes_butNeverARoot() throws Exception {
    write("src/f", "new");
    Files.createDirectory(data.resolve("dst"));
    Files.setAttribute(data.resolve("src"), "unix:mode", 0751);
    setTimes("src");
    Map<String, String> root = CopyFixture.tree(fixture.archive);

    fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run().result();
    fixture.copy("data:src", "archive:").onConflict(OnConflict.OVERWRITE).run().result();

    assertThat(Files.getLastModifiedTime(data.resolve("dst"))).isEqualTo(LONG_AGO);
    assertThat((int) Files.getAttribute(data.resolve("dst"), "unix:mode") & 0777).isEqualTo(0751);
    assertThat(Files.getLastModifiedTime(fixture.archive)).isNotEqualTo(LONG_AGO);
    assertThat(root).hasSize(1);
    assertThat(fixture.archive.resolve("f")).hasContent("new");
  }

  @Test
  void typeConflicts_failTheirItems() throws Exception {
    write("src/fileOverDirectory", "f");
    write("src/directoryOverFile/x", "x");
    write("dst/fileOverDirectory/y", "y");
    write("dst/directoryOverFile", "f");

    for (OnConflict rule : List.of(OnConflict.OVERWRITE, OnConflict.SKIP, OnConflict.UPDATE)) {
      Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(rule).run();

      assertThat(outcome.item("data:src/fileOverDirectory").code())
          .isEqualTo(ErrorCode.IS_DIRECTORY);
      assertThat(outcome.item("data:src/directoryOverFile").code())
          .isEqualTo(ErrorCode.NOT_DIRECTORY);
    }
    assertThat(data.resolve("dst/fileOverDirectory/y")).hasContent("y");
    assertThat(data.resolve("dst/directoryOverFile")).hasContent("f");
  }

  @Test
  void skip_addsOnlyWhatIsMissing() throws Exception {
    write("src/f", "new");
    write("src/g", "new");
    write("dst/f", "old");

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.SKIP).run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(1, 0, 2, 3));
    assertThat(data.resolve("dst/f")).hasContent("old");
    assertThat(data.resolve("dst/g")).hasContent("new");
  }

  @Test
  void update_ofAnEqualTree_skipsEverything() throws Exception {
    makeTree();
    CopyFixture.Asked update = fixture.copy("data:src", "data:dst").onConflict(OnConflict.UPDATE);

    assertThat(update.run().result().succeeded()).isEqualTo(10);
    assertThat(update.run().result()).isEqualTo(new CopyResult(0, 0, 10, 0));
    write("src/sub/g", "changed");
    Outcome third = update.run();

    assertThat(third.item("data:src/sub/g").state()).isEqualTo(ItemState.SUCCEEDED);
    assertThat(data.resolve("dst/sub/g")).hasContent("changed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "createDirectory", "step", "keep"})
  void k8_linkThatADirectoryReplaces_staysUntilTheTreeIsWhole(String step) throws Exception {
    makeTree();
    Path other = Files.createDirectory(fixture.archive.resolve("other"));
    Path link = Files.createSymbolicLink(fixture.archive.resolve("dst"), Path.of("other"));
    cancelAt(step);

    Outcome outcome =
        fixture.copy("data:src", "archive:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(link).isSymbolicLink();
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void overwrite_replacesALinkByADirectory_notItsTarget() throws Exception {
    makeTree();
    Path other = Files.createDirectory(fixture.archive.resolve("other"));
    Path link = Files.createSymbolicLink(fixture.archive.resolve("dst"), Path.of("other"));

    fixture.copy("data:src", "archive:dst").onConflict(OnConflict.OVERWRITE).run().result();

    assertThat(CopyFixture.tree(link)).isEqualTo(CopyFixture.tree(data.resolve("src")));
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void linkInsideAMergedDirectory_staysIfItsReplacementCannotBeRead() throws Exception {
    makeTree();
    Files.createDirectory(fixture.archive.resolve("dst"));
    Path link = Files.createSymbolicLink(fixture.archive.resolve("dst/sub"), Path.of("other"));
    failAt("list", "data:src/sub");

    Outcome outcome =
        fixture.copy("data:src", "archive:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.item("data:src/sub").state()).isEqualTo(ItemState.FAILED);
    assertThat(link).isSymbolicLink();
  }

  @Test
  void directoryOverAFile_isRefusedAtOnce() throws Exception {
    makeTree();
    write("dst", "file");

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NOT_DIRECTORY);
    assertThat(data.resolve("dst")).hasContent("file");
  }

  @Test
  void hardLinks_areKeptWhenMerging_andAgain() throws Exception {
    makeTree();
    Files.createDirectory(data.resolve("dst"));
    CopyFixture.Asked overwrite =
        fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE);

    overwrite.run().result();
    overwrite.run().result();

    assertThat(CopyFixture.tree(data.resolve("dst")))
        .isEqualTo(CopyFixture.tree(data.resolve("src")));
  }

  // ---- Cancel

  @ParameterizedTest
  @ValueSource(
      strings = {
        "isBelow",
        "createDirectory",
        "list",
        "openCopy",
        "step",
        "finish",
        "finished",
        "copyLink",
        "link",
        "keep",
        "sync"
      })
  void k8_cancelAtAnyStep_leavesNothingOfATree(String step) throws Exception {
    makeTree();
    cancelAt(step);

    Outcome outcome = fixture.copy("data:src", "data:a/dst").parents().run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(data.toFile().list()).containsExactly("src");
    assertThat(fixture.counts(outcome)).doesNotEndWith("/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish", "published"})
  void t15_k8_cancelFromTheRenameOn_isTooLate(String step) throws Exception {
    makeTree();
    cancelAt(step);

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(outcome.result().succeeded()).isEqualTo(10);
    assertThat(CopyFixture.tree(data.resolve("dst")))
        .isEqualTo(CopyFixture.tree(data.resolve("src")));
  }

  @Test
  void cancel_whileMerging_leavesWholeFilesOnly_andTouchesNoMore() throws Exception {
    Files.createDirectory(data.resolve("dst"));
    for (int i = 0; i < 500; i++) {
      write("src/f" + i, "content");
    }
    AtomicInteger published = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("published") && published.incrementAndGet() == 20) {
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(published.get()).isBetween(20, 23);
    try (Stream<Path> files = Files.list(data.resolve("dst"))) {
      assertThat(files.toList()).hasSize(published.get()).allSatisfy(CopyTreeTests::isWhole);
    }
    assertThat(fixture.counts(outcome)).startsWith(published.get() + "/0/0/");
  }

  @Test
  void cancel_whileMerging_leavesTheDirectoriesThatItMade_withTheirAttributes() throws Exception {
    Files.createDirectory(data.resolve("dst"));
    write("src/sub/deep/f", "content");
    Files.setAttribute(data.resolve("src/sub"), "unix:mode", 0751);
    Files.setAttribute(data.resolve("src/sub/deep"), "unix:mode", 0555);
    setTimes("src/sub/deep");
    setTimes("src/sub");
    cancelAt("openCopy");

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    for (String name : List.of("sub", "sub/deep")) {
      for (String attribute : List.of("mode", "lastModifiedTime")) {
        assertThat(Files.getAttribute(data.resolve("dst").resolve(name), "unix:" + attribute))
            .isEqualTo(Files.getAttribute(data.resolve("src").resolve(name), "unix:" + attribute));
      }
    }
  }

  @Test
  void k9_cancel_isSeenBeforeEveryEntryThatIsLookedAt() throws Exception {
    for (int i = 0; i < 200; i++) {
      write("src/f" + i, "content");
    }
    AtomicInteger looked = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("status") && path.toString().startsWith("data:src/")) {
            looked.incrementAndGet();
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(looked).hasValue(1);
  }

  @Test
  @Timeout(60)
  void r12_oneFile_doesNotWaitBehindATree() throws Exception {
    int many = 20 * CopyPiece.MOST_ITEMS;
    for (int i = 0; i < many; i++) {
      write("src/f" + i, "content");
    }
    write("one", "one");
    Semaphore turns = new Semaphore(0);
    AtomicInteger opened = new AtomicInteger();
    AtomicBoolean oneOpened = new AtomicBoolean();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("openCopy") && path.name().equals("one")) {
            oneOpened.set(true);
          } else if (call.equals("openCopy")) {
            opened.incrementAndGet();
            turns.acquireUninterruptibly();
          }
        };
    CopyFixture.Running tree = fixture.copy("data:src", "data:dst").start();
    iterateUntil(() -> opened.get() >= 3);

    CopyFixture.Running one = fixture.copy("data:one", "data:copied").start();
    int given = 0;
    while (!oneOpened.get()) {
      int before = opened.get();
      turns.release();
      given++;
      iterateUntil(() -> opened.get() > before || oneOpened.get());
    }
    turns.release(many);
    one.drive();
    tree.drive();

    int pieces = 3; // one for each thread is under way, and the file comes next
    assertThat(given).isLessThanOrEqualTo(pieces * CopyPiece.MOST_ITEMS);
  }

  // ---- Tools

  private void iterateUntil(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      fixture.context.iterate(false);
      Thread.onSpinWait();
    }
  }

  /**
   * Ten entries, twelve bytes: every kind, odd modes, times in nanoseconds, a file of two names.
   */
  private void makeTree() throws IOException {
    write("src/f", "hello");
    write("src/sub/g", "world!");
    write("src/sub/e", "");
    write("src/sub/odd grüße\n", "1");
    Files.createLink(data.resolve("src/hard"), data.resolve("src/sub/g"));
    Files.createSymbolicLink(data.resolve("src/sub/l"), Path.of("../f"));
    Files.createSymbolicLink(data.resolve("src/out"), Path.of("/no/where"));
    Files.createDirectories(data.resolve("src/empty"));
    Files.setAttribute(data.resolve("src/f"), "unix:mode", 0400);
    Files.setAttribute(data.resolve("src/sub/g"), "unix:mode", 04755);
    Files.setAttribute(data.resolve("src/empty"), "unix:mode", 01577);
    Files.setAttribute(data.resolve("src/sub"), "unix:mode", 0555);
    for (String name :
        List.of("src/f", "src/sub/g", "src/sub/l", "src/out", "src/empty", "src/sub", "src")) {
      setTimes(name);
    }
  }

  private void setTimes(String name) throws IOException {
    Files.getFileAttributeView(
            data.resolve(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(LONG_AGO, LONG_AGO, null);
  }

  private Set<String> names(String directory) {
    return new TreeSet<>(CopyFixture.tree(data.resolve(directory)).keySet());
  }

  private Set<String> stagingModes() {
    Set<String> modes = new TreeSet<>();
    for (String name : Objects.requireNonNull(data.toFile().list())) {
      if (name.startsWith(".asyncops-")) {
        try {
          modes.add(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return modes;
  }

  private static void isWhole(Path file) {
    assertThat(file).hasContent("content");
  }

  private void cancelAt(String step) {
    fixture.files.hook =
        (call, path) -> {
          if (call.equals(step)) {
            fixture.cancellable.cancel();
          }
        };
  }

  private void failAt(String step, String at) {
    HookedFileAccess.Hook before = fixture.files.hook;
    fixture.files.hook =
        (call, path) -> {
          before.before(call, path);
          if (call.equals(step) && path.toString().equals(at)) {
            throw new OperationException(ErrorCode.NO_SPACE, "on purpose");
          }
        };
  }

  private void write(String name, String content) {
    try {
      Files.createDirectories(data.resolve(name).getParent());
      Files.writeString(data.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void remove(String name) {
    try {
      Files.deleteIfExists(data.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeLeftovers() throws OperationException {
    for (String name : Objects.requireNonNull(fixture.archive.toFile().list())) {
      if (name.startsWith(".asyncops-")) {
        fixture.files.hook = (call, path) -> {};
        try (TreeRemoval removal =
            fixture.files.openRemoval(fixture.roots.parse("archive:" + name))) {
          while (removal.step(100)) {}
        }
      }
    }
  }
}
