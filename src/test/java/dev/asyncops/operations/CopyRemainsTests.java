package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileAccesses;
import dev.asyncops.files.NioFileAccess;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyRequest.OnConflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a killed process left of a copy, through both forms of file access. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class CopyRemainsTests {

  enum Access {
    OF_THIS_SYSTEM,
    NIO;

    FileAccess open(Roots roots) {
      return this == NIO ? new NioFileAccess(roots) : FileAccesses.forThisSystem(roots).files();
    }
  }

  private static final String ID = CopyFixture.ID;
  private static final String OTHER_ID = "01930000-0000-7000-8000-000000000002";

  @TempDir Path host;
  private final Access access;
  private CopyFixture fixture;
  private Path data;
  private Path archive;

  CopyRemainsTests(Access access) {
    this.access = access;
  }

  @BeforeEach
  void open() {
    fixture = new CopyFixture(host, Ticker.system(), access::open);
    data = fixture.data;
    archive = fixture.archive;
  }

  @AfterEach
  void close() {
    assertThat(fixture.context.failureCount()).isZero();
    fixture.close();
  }

  // ---- Beside the destination

  @Test
  void fileThatWasGrowing_isRemoved() throws Exception {
    write(data.resolve("f"), "new");
    write(archive.resolve("g"), "old");
    write(archive.resolve(temporary("g")), "ne");

    Removed removed = remove("data:f", "archive:g", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(1, null));
    assertThat(archive.toFile().list()).containsExactly("g");
    assertThat(archive.resolve("g")).hasContent("old");
  }

  @Test
  void directoryThatWasStaged_isRemoved_withAllBelowIt() throws Exception {
    write(data.resolve("src/f"), "f");
    Path staged = archive.resolve(temporary("dst"));
    for (int i = 0; i < 600; i++) {
      write(staged.resolve("d" + i % 7 + "/e/f" + i), "f");
    }
    Files.createSymbolicLink(staged.resolve("link"), data.resolve("src"));
    Files.setPosixFilePermissions(
        staged.resolve("d1"), PosixFilePermissions.fromString("---------"));

    Removed removed = remove("data:src", "archive:dst", OnConflict.FAIL);

    assertThat(removed).isEqualTo(new Removed(1, null));
    assertThat(archive).isEmptyDirectory();
    assertThat(data.resolve("src/f")).hasContent("f");
  }

  @Test
  void linkInItsPlace_isRemoved_andNotFollowed() throws Exception {
    write(data.resolve("mine/f"), "f");
    write(data.resolve("src/f"), "f");
    Files.createSymbolicLink(archive.resolve(temporary("dst")), data.resolve("mine"));
    Files.createSymbolicLink(archive.resolve(temporary("gone")), Path.of("nowhere"));

    assertThat(remove("data:src", "archive:dst", OnConflict.FAIL)).isEqualTo(new Removed(1, null));
    assertThat(remove("data:src", "archive:gone", OnConflict.FAIL)).isEqualTo(new Removed(1, null));

    assertThat(archive).isEmptyDirectory();
    assertThat(data.resolve("mine/f")).hasContent("f");
  }

  @Test
  void whatWasPublished_andParentsThatWereMade_stay() throws Exception {
    write(data.resolve("src/f"), "f");
    write(archive.resolve("a/b/dst/f"), "f");

    Removed removed = remove("data:src", "archive:a/b/dst", OnConflict.FAIL);

    assertThat(removed).isEqualTo(new Removed(0, null));
    assertThat(archive.resolve("a/b/dst/f")).hasContent("f");
  }

  @Test
  void nothingThere_isNoFailure() throws Exception {
    assertThat(remove("data:src", "archive:dst", OnConflict.FAIL)).isEqualTo(new Removed(0, null));
    assertThat(remove("data:src", "archive:a/b/dst", OnConflict.FAIL))
        .isEqualTo(new Removed(0, null));
    write(archive.resolve("a"), "a file where a directory was to be");
    assertThat(remove("data:src", "archive:a/b/dst", OnConflict.FAIL))
        .isEqualTo(new Removed(0, null));
  }

  // ---- In a destination that was merged into

  @Test
  void merged_isSearched_inEachDirectoryOfTheSource() throws Exception {
    write(data.resolve("src/a/b/f"), "f");
    write(data.resolve("src/c/f"), "f");
    write(data.resolve("src/f"), "f");
    for (String directory : List.of("", "a", "a/b", "c")) {
      write(archive.resolve("dst").resolve(directory).resolve("f"), "old");
      write(archive.resolve("dst").resolve(directory).resolve(temporary("f")), "half");
    }
    Map<String, String> before = CopyFixture.tree(archive);

    Removed removed = remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(4, null));
    assertThat(fixture.leftovers()).isEmpty();
    before.keySet().removeIf(name -> name.contains(".asyncops-"));
    assertThat(CopyFixture.tree(archive).keySet()).isEqualTo(before.keySet());
    assertThat(archive.resolve("dst/a/b/f")).hasContent("old");
  }

  @Test
  void merged_ofManyEntries_isSearchedToItsEnd() throws Exception {
    write(data.resolve("src/last/f"), "f");
    for (int i = 0; i < 300; i++) {
      write(data.resolve("src/d" + i + "/f"), "f");
      write(archive.resolve("dst/f" + i), "f");
      write(archive.resolve("dst/d" + i).resolve(temporary("f")), "half");
      write(archive.resolve("dst").resolve(temporary("f" + i)), "half");
    }
    write(archive.resolve("dst/last").resolve(temporary("f")), "half");

    Removed removed = remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(601, null));
    assertThat(fixture.leftovers()).isEmpty();
    assertThat(archive.resolve("dst").toFile().list()).hasSize(601);
  }

  @Test
  void merged_ofManyDirectories_isSearchedToItsEnd() throws Exception {
    for (int i = 0; i < 1200; i++) {
      Files.createDirectories(data.resolve("src/d" + i));
      Files.createDirectories(archive.resolve("dst/d" + i));
    }
    for (int i = 0; i < 1200; i += 50) {
      write(archive.resolve("dst/d" + i).resolve(temporary("f")), "half");
    }

    assertThat(remove("data:src", "archive:dst", OnConflict.OVERWRITE))
        .isEqualTo(new Removed(24, null));
  }

  @Test
  void merged_intoTheRootItself_isSearched() throws Exception {
    write(data.resolve("src/a/f"), "f");
    write(archive.resolve("a").resolve(temporary("f")), "half");
    write(archive.resolve(temporary("g")), "half");

    Removed removed = remove("data:src", "archive:", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(2, null));
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void merged_linksAndDirectoriesWithSuchNames_areRemoved_andNotFollowed() throws Exception {
    write(data.resolve("src/f"), "f");
    write(data.resolve("mine/f"), "f");
    Files.createDirectories(archive.resolve("dst"));
    Files.createSymbolicLink(
        archive.resolve("dst").resolve(temporary("link")), data.resolve("mine"));
    write(archive.resolve("dst").resolve(temporary("directory")).resolve("a/b"), "b");

    Removed removed = remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(2, null));
    assertThat(archive.resolve("dst")).isEmptyDirectory();
    assertThat(data.resolve("mine/f")).hasContent("f");
  }

  @Test
  void merged_isNotEnteredThroughLinks() throws Exception {
    write(data.resolve("src/a/f"), "f");
    Path mine = write(data.resolve("mine").resolve(temporary("f")), "mine");
    Files.createDirectories(archive.resolve("dst"));
    Files.createSymbolicLink(archive.resolve("dst/a"), data.resolve("mine"));
    Files.createSymbolicLink(archive.resolve("linked"), data.resolve("mine"));

    assertThat(remove("data:src", "archive:dst", OnConflict.OVERWRITE))
        .isEqualTo(new Removed(0, null));
    assertThat(remove("data:src", "archive:linked", OnConflict.OVERWRITE))
        .isEqualTo(new Removed(0, null));

    assertThat(mine).hasContent("mine");
  }

  @Test
  void merged_isNotSearchedWhereTheCopyDidNotGo() throws Exception {
    write(data.resolve("src/a/f"), "f");
    write(data.resolve("src/excluded/f"), "f");
    Path excluded = write(archive.resolve("dst/excluded").resolve(temporary("f")), "mine");
    Path foreign = write(archive.resolve("dst/mine").resolve(temporary("f")), "mine");
    CopyRequest request =
        fixture
            .copy("data:src", "archive:dst")
            .onConflict(OnConflict.OVERWRITE)
            .filtered(List.of(), List.of("excluded"))
            .request;

    assertThat(remove(ID, request)).isEqualTo(new Removed(0, null));

    assertThat(excluded).exists();
    assertThat(foreign).exists();
  }

  @Test
  void merged_fromASourceThatIsGone_isSearchedAtItsTop() throws Exception {
    write(archive.resolve("dst").resolve(temporary("f")), "half");
    write(archive.resolve("dst/f"), "f");

    Removed removed = remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(1, null));
    assertThat(archive.resolve("dst").toFile().list()).containsExactly("f");
  }

  // ---- What belongs to somebody else

  @Test
  void namesOfOthers_stay() throws Exception {
    write(data.resolve("src/a/f"), "f");
    String ours = temporary("f");
    List<String> others =
        List.of(
            TemporaryName.of(OTHER_ID, "f"),
            TemporaryName.of(OTHER_ID, "dst"),
            ".asyncops-x.tmp",
            ".asyncops-" + ID,
            ".asyncops-" + ID + "-.tmp",
            ours + "~",
            ours.substring(1),
            ours.replace(".tmp", ""),
            ours.replaceFirst(".\\.tmp$", ".tmp"));
    for (String other : others) {
      write(archive.resolve(other), "mine");
      write(archive.resolve("dst").resolve(other), "mine");
      write(archive.resolve("dst/a").resolve(other), "mine");
    }
    Map<String, String> before = CopyFixture.tree(host);

    assertThat(remove("data:src", "archive:dst", OnConflict.OVERWRITE))
        .isEqualTo(new Removed(0, null));

    assertThat(CopyFixture.tree(host)).isEqualTo(before);
  }

  @Test
  void nextToTheDestination_onlyItsOwnNameIsRemoved() throws Exception {
    write(data.resolve("src/f"), "f");
    Path another = write(archive.resolve(temporary("another")), "mine");

    remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(another).hasContent("mine");
  }

  // ---- Its end

  @Test
  void dryRun_hasLeftNothing_andIsNotLookedFor() throws Exception {
    Path mine = write(archive.resolve(temporary("dst")), "mine");

    assertThat(remove(ID, fixture.copy("data:src", "archive:dst").dryRun().request))
        .isEqualTo(new Removed(0, null));

    assertThat(mine).exists();
  }

  @Test
  void failure_isTold_andTheRestIsRemoved() throws Exception {
    write(data.resolve("src/f"), "f");
    Path first = write(archive.resolve("dst").resolve(temporary("1")), "half");
    Path second = write(archive.resolve("dst").resolve(temporary("2")), "half");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("removalStep") && path.name().equals(temporary("1"))) {
            throw new OperationException(ErrorCode.BUSY, "on purpose");
          }
        };

    Removed removed = remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(1, ErrorCode.BUSY));
    assertThat(first).exists();
    assertThat(second).doesNotExist();
  }

  @Test
  void bug_isTold_once() throws Exception {
    fixture.files.hook =
        (call, path) -> {
          throw new IllegalStateException("on purpose");
        };

    assertThat(remove("data:src", "archive:dst", OnConflict.OVERWRITE))
        .isEqualTo(new Removed(0, ErrorCode.FAILED));
  }

  @Test
  void rootThatIsNotConfiguredAnyMore_isTold() throws Exception {
    CopyRequest asked = fixture.copy("data:src", "archive:dst").request;
    CopyRequest request =
        new CopyRequest(
            asked.source(),
            new RootPath("gone", List.of("dst")),
            asked.onConflict(),
            asked.parents(),
            asked.preserve(),
            asked.verify(),
            asked.durability(),
            asked.include(),
            asked.exclude(),
            asked.failFast(),
            asked.dryRun());

    assertThat(remove(ID, request).code()).isNotNull();
  }

  @Test
  void cancelled_stopsBetweenEntries() throws Exception {
    write(data.resolve("src/f"), "f");
    for (int i = 0; i < 20; i++) {
      write(archive.resolve("dst").resolve(temporary("f" + i)), "half");
    }
    AtomicInteger removals = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("removalStep") && removals.incrementAndGet() == 3) {
            fixture.cancellable.cancel();
          }
        };

    Removed removed = remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(removed).isEqualTo(new Removed(3, ErrorCode.CANCELLED));
    assertThat(fixture.leftovers()).hasSize(17);
  }

  @Test
  void cancelledBefore_touchesNothing() throws Exception {
    Path half = write(archive.resolve(temporary("dst")), "half");
    fixture.cancellable.cancel();

    assertThat(remove("data:src", "archive:dst", OnConflict.FAIL))
        .isEqualTo(new Removed(0, ErrorCode.CANCELLED));

    assertThat(half).exists();
  }

  @Test
  void openDirectories_areGivenBack_whateverHappens() throws Exception {
    write(data.resolve("src/a/b/f"), "f");
    write(archive.resolve("dst/a/b").resolve(temporary("f")).resolve("x/y"), "half");
    AtomicInteger open = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("openRemoval")) {
            open.incrementAndGet();
          } else if (call.equals("removalClose")) {
            open.decrementAndGet();
          } else if (call.equals("removalStep")) {
            throw new OperationException(ErrorCode.BUSY, "on purpose");
          }
        };

    remove("data:src", "archive:dst", OnConflict.OVERWRITE);

    assertThat(open).hasValue(0);
  }

  // ---- Small words

  /** How it ended. */
  record Removed(long number, @Nullable ErrorCode code) {}

  private Removed remove(String source, String destination, OnConflict rule) throws Exception {
    return remove(ID, fixture.copy(source, destination).onConflict(rule).request);
  }

  /** Removes, and sees to it that the end is heard of once, on the main context. */
  private Removed remove(String id, CopyRequest request) {
    Removed[] end = new Removed[1];
    fixture.onContext(() ->
        CopyRemains.remove(
            id,
            request,
            fixture.services,
            fixture.cancellable,
            (number, error) -> {
              assertThat(fixture.context.isOwner()).isTrue();
              assertThat(end[0]).isNull();
              end[0] = new Removed(number, error == null ? null : error.code());
            }));
    assertThat(end[0]).as("inside the call").isNull();
    while (end[0] == null) {
      fixture.context.iterate(true);
    }
    while (fixture.context.iterate(false)) {}
    return Objects.requireNonNull(end[0]);
  }

  private static String temporary(String name) {
    return TemporaryName.of(ID, name);
  }

  private static Path write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
