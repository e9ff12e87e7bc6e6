package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.DirectoryPair;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names that break what takes them for text, options or paths of a certain length. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class NameFaultTests {

  private static final int DEPTH = 200;

  @TempDir Path host;
  private CopyFixture fixture;

  @BeforeEach
  void open() {
    fixture = new CopyFixture(host);
  }

  /** What JUnit removes must not be deeper than a path of the host can be long. */
  @AfterEach
  void close() throws Exception {
    fixture.files.hook = (call, path) -> {};
    for (String root : List.of("data", "archive")) {
      for (String name : names(new RootPath(root, List.of()))) {
        try (TreeRemoval removal = fixture.files.openRemoval(new RootPath(root, List.of(name)))) {
          while (removal.step(1000)) {}
        }
      }
    }
    fixture.close();
  }

  /** "x" followed by the byte 0xFF, which is in no UTF-8 text. */
  private static final String NOT_UTF8 = "x" + (char) 0xDCFF;

  private static final List<String> ODD =
      List.of(
          NOT_UTF8,
          "n".repeat(255),
          "\u20ac".repeat(85),
          "new\nline",
          "tab\tand\u0007bell",
          "\u001b[31mred",
          "-rf",
          "--help",
          " ",
          "...",
          ".hidden",
          "*",
          "?[a-z]{b,c}",
          "back\\slash",
          "quote'\"`$(true)",
          "data:x",
          "%2e%2e",
          "\u202egnp.exe",
          "a\u0301");

  @Test
  void oddNames_areCopiedAndDeleted() throws Exception {
    RootPath src = makeDirectory(fixture.roots.parse("data:src"));
    RootPath files = makeDirectory(src.resolve("files"));
    for (String name : ODD) {
      makeFile(files.resolve(name));
      makeFile(makeDirectory(src.resolve(name)).resolve(name));
    }
    int entries = 2 + 3 * ODD.size();

    CopyFixture.Outcome copied = fixture.copy("data:src", "archive:dst").run();

    assertThat(fixture.counts(copied)).isEqualTo(entries + "/0/0/0");
    RootPath dst = fixture.roots.parse("archive:dst");
    assertThat(names(dst)).isEqualTo(names(src));
    assertThat(names(dst.resolve("files"))).isEqualTo(names(files));
    for (String name : ODD) {
      assertThat(names(dst.resolve(name))).containsExactly(name);
    }

    OperationDriver<DeleteBatchResult> deleted = delete(dst);
    assertThat(deleted.value().deleted()).isEqualTo(entries);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void treeWhosePathsAreLongerThanAPathCanBe_isCopiedAndDeleted() throws Exception {
    RootPath src = makeDirectory(fixture.roots.parse("data:src"));
    RootPath lowest = src;
    for (int i = 0; i < DEPTH; i++) {
      lowest = makeDirectory(lowest.resolve("d".repeat(200)));
      makeFile(lowest.resolve("f".repeat(200)));
    }

    CopyFixture.Outcome copied = fixture.copy("data:src", "archive:dst").run();

    assertThat(copied.error()).isNull();
    assertThat(fixture.counts(copied)).isEqualTo((2 * DEPTH + 1) + "/0/0/0");
    List<String> segments = new ArrayList<>(lowest.segments());
    segments.set(0, "dst");
    RootPath deepest = new RootPath("archive", segments);
    assertThat(fixture.files.status(deepest.resolve("f".repeat(200))).size()).isZero();

    OperationDriver<DeleteBatchResult> deleted = delete(fixture.roots.parse("archive:dst"));
    assertThat(deleted.value().deleted()).isEqualTo(2 * DEPTH + 1);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void treeThatIsCopiedToWhereItsPathsAreTooLong_isMergedAllTheSame() throws Exception {
    RootPath src = makeDirectory(fixture.roots.parse("data:src"));
    RootPath lowest = src;
    for (int i = 0; i < 15; i++) {
      lowest = makeDirectory(lowest.resolve("s".repeat(200)));
    }
    makeFile(lowest.resolve("f"));
    RootPath destination = new RootPath("archive", List.of());
    for (int i = 0; i < 15; i++) {
      destination = makeDirectory(destination.resolve("t".repeat(200)));
    }

    CopyFixture.Outcome copied =
        fixture
            .copy("data:src", destination.toString())
            .onConflict(CopyRequest.OnConflict.OVERWRITE)
            .run();

    assertThat(copied.error()).isNull();
    assertThat(fixture.counts(copied)).isEqualTo("17/0/0/0");
  }

  /** A file system may know shorter names than the source's. */
  @Test
  void nameTooLongForTheDestination_failsAlone() throws Exception {
    RootPath src = makeDirectory(fixture.roots.parse("data:src"));
    RootPath longDirectory = makeDirectory(src.resolve("d".repeat(200)));
    makeFile(longDirectory.resolve("f"));
    makeFile(src.resolve("f".repeat(200)));
    makeFile(src.resolve("short"));
    fixture.files.hook =
        (call, path) -> {
          boolean makes =
              (call.equals("openCopy") || call.equals("createDirectory"))
                  && path.name().length() > 143;
          if (makes) {
            throw new OperationException(ErrorCode.FILENAME_TOO_LONG, "on purpose");
          }
        };

    CopyFixture.Outcome copied = fixture.copy("data:src", "archive:dst").run();

    assertThat(fixture.counts(copied)).isEqualTo("2/2/0/0");
    assertThat(copied.items())
        .filteredOn(item -> item.state() == ItemState.FAILED)
        .allMatch(item -> item.code() == ErrorCode.FILENAME_TOO_LONG);
    assertThat(fixture.archive.resolve("dst/short")).exists();
    assertThat(fixture.leftovers()).isEmpty();
  }

  // ---- Tools

  private RootPath makeDirectory(RootPath path) throws OperationException {
    fixture.files.createDirectory(path, true);
    return path;
  }

  private void makeFile(RootPath path) throws OperationException, IOException {
    RootPath empty = fixture.roots.parse("data:.empty");
    Path host = fixture.data.resolve(".empty");
    if (Files.notExists(host)) {
      Files.createFile(host);
    }
    try (DirectoryPair pair = fixture.files.openPair(empty.parent(), path.parent());
        FileCopy file = pair.openCopy(empty.name(), path.name())) {
      file.finish(Set.of(), false);
    }
  }

  private Set<String> names(RootPath directory) throws OperationException {
    try (DirectoryListing listing = fixture.files.list(directory)) {
      return new TreeSet<>(listing.next(10_000));
    }
  }

  private OperationDriver<DeleteBatchResult> delete(RootPath path) {
    try (IoPools pools = new IoPools(fixture.roots.all(), 2)) {
      DeleteBatchOperation operation =
          new DeleteBatchOperation(
              new DeleteBatchRequest(List.of(path), true, false, false, false),
              new OperationOptions(Priority.DEFAULT, null),
              new OperationServices(fixture.context, fixture.files, pools));
      return new OperationDriver<>(fixture.context, operation).run();
    }
  }
}
