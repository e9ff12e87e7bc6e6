package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.operations.CopyRequest.OnConflict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A source that somebody changes while it is copied: its item fails, nothing of it appears. */
@Timeout(60)
class SourceFaultTests {

  @TempDir Path host;
  private CopyFixture fixture;
  private Path file;

  @BeforeEach
  void makeTree() throws Exception {
    fixture = new CopyFixture(host);
    Files.createDirectories(fixture.data.resolve("src/sub"));
    file = fixture.data.resolve("src/sub/f");
    for (String name : new String[] {"a", "sub/f", "sub/g", "z"}) {
      Files.writeString(fixture.data.resolve("src").resolve(name), "content");
    }
    Files.writeString(fixture.data.resolve("other"), "another");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  interface Change {
    void make(Path file) throws IOException, InterruptedException;
  }

  // ---- While its bytes are moved

  static Stream<Arguments> changesOnTheWay() {
    return Stream.of("step", "finish")
        .flatMap(step ->
            Stream.of(
                change("grows", step, ErrorCode.SOURCE_CHANGED, SourceFaultTests::grow),
                change(
                    "shrinks",
                    step,
                    ErrorCode.SOURCE_CHANGED,
                    file -> Files.writeString(file, "x")),
                change(
                    "is emptied",
                    step,
                    ErrorCode.SOURCE_CHANGED,
                    file -> Files.write(file, new byte[0])),
                change("is replaced", step, ErrorCode.SOURCE_CHANGED, SourceFaultTests::replace),
                change("vanishes", step, ErrorCode.NOT_FOUND, Files::delete),
                change(
                    "becomes a link",
                    step,
                    ErrorCode.SOURCE_CHANGED,
                    file -> {
                      Files.delete(file);
                      Files.createSymbolicLink(file, Path.of("../../other"));
                    }),
                change(
                    "becomes a FIFO",
                    step,
                    ErrorCode.SOURCE_CHANGED,
                    file -> {
                      Files.delete(file);
                      makeFifo(file);
                    }),
                change(
                    "becomes a directory",
                    step,
                    ErrorCode.SOURCE_CHANGED,
                    file -> {
                      Files.delete(file);
                      Files.createDirectory(file);
                    })));
  }

  @ParameterizedTest(name = "{0} before {1}")
  @MethodSource("changesOnTheWay")
  void fileThatChangesOnTheWay_failsAlone(String name, String step, ErrorCode code, Change change)
      throws Exception {
    at(step, "data:src/sub/f", change);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertFailedAlone(outcome, "data:src/sub/f", code);
    assertThat(fixture.archive.resolve("dst/sub/f")).doesNotExist();
  }

  @ParameterizedTest(name = "{0} before {1}")
  @MethodSource("changesOnTheWay")
  void fileThatChangesOnTheWay_doesNotTouchWhatItWasToReplace(
      String name, String step, ErrorCode code, Change change) throws Exception {
    Files.createDirectories(fixture.archive.resolve("dst/sub"));
    Files.writeString(fixture.archive.resolve("dst/sub/f"), "old");
    at(step, "data:src/sub/f", change);

    CopyFixture.Outcome outcome =
        fixture.copy("data:src", "archive:dst").onConflict(OnConflict.OVERWRITE).run();

    assertFailedAlone(outcome, "data:src/sub/f", code);
    assertThat(fixture.archive.resolve("dst/sub/f")).hasContent("old");
  }

  @ParameterizedTest(name = "{0} before {1}")
  @MethodSource("changesOnTheWay")
  void singleFileThatChangesOnTheWay_isTheError(
      String name, String step, ErrorCode code, Change change) throws Exception {
    at(step, "data:src/sub/f", change);

    CopyFixture.Outcome outcome = fixture.copy("data:src/sub/f", "archive:f").run();

    assertThat(outcome.item("data:src/sub/f").code()).isEqualTo(code);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @ParameterizedTest(name = "{0} before {1}")
  @MethodSource("changesOnTheWay")
  void fileThatChangesWhileItIsVerified_isNotBlamedOnTheDisk(
      String name, String step, ErrorCode code, Change change) throws Exception {
    at("verifyStep", "data:src/sub/f", change);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").verified().run();

    assertFailedAlone(outcome, "data:src/sub/f", code);
  }

  // ---- Between the walk and the copy

  static Stream<Arguments> changesBefore() {
    return Stream.of(
        change("vanishes", "openCopy", ErrorCode.NOT_FOUND, Files::delete),
        change(
            "becomes a link",
            "openCopy",
            ErrorCode.NOT_REGULAR_FILE,
            file -> {
              Files.delete(file);
              Files.createSymbolicLink(file, Path.of("../../other"));
            }),
        change(
            "becomes a FIFO",
            "openCopy",
            ErrorCode.NOT_REGULAR_FILE,
            file -> {
              Files.delete(file);
              makeFifo(file);
            }),
        change(
            "becomes a directory",
            "openCopy",
            ErrorCode.IS_DIRECTORY,
            file -> {
              Files.delete(file);
              Files.createDirectory(file);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changesBefore")
  void fileThatIsSomethingElseByNow_failsAlone_andIsNotFollowed(
      String name, String step, ErrorCode code, Change change) throws Exception {
    at(step, "data:src/sub/f", change);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertFailedAlone(outcome, "data:src/sub/f", code);
    assertThat(fixture.archive.resolve("dst/sub/f")).doesNotExist();
  }

  @Test
  void fileThatWasReplacedByAnother_isCopiedAsItIsNow() throws Exception {
    at("openCopy", "data:src/sub/f", SourceFaultTests::replace);

    assertThat(fixture.counts(fixture.copy("data:src", "archive:dst").run())).isEqualTo("6/0/0/0");
    assertThat(fixture.archive.resolve("dst/sub/f")).hasContent("another");
  }

  @Test
  void linkThatIsAFileByNow_failsAlone() throws Exception {
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("g"));
    at(
        "copyLink",
        "data:src/sub/f",
        link -> {
          Files.delete(link);
          Files.writeString(link, "file");
        });

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertFailedAlone(outcome, "data:src/sub/f", ErrorCode.SOURCE_CHANGED);
  }

  // ---- Directories

  @Test
  void directoryThatVanishesBeforeItIsRead_isOneFailedItem() throws Exception {
    at("list", "data:src/sub", SourceFaultTests::remove);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(fixture.counts(outcome)).isEqualTo("3/1/0/0");
    assertThat(fixture.archive.resolve("dst/z")).hasContent("content");
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void directoryThatVanishesWhileItIsWalked_failsAlone() throws Exception {
    AtomicBoolean once = new AtomicBoolean();
    fixture.files.hook =
        (call, path) -> {
          boolean below = path.toString().startsWith("data:src/sub/");
          if (call.equals("status") && below && once.compareAndSet(false, true)) {
            changed(SourceFaultTests::remove, fixture.data.resolve("src/sub"));
          }
        };

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(fixture.counts(outcome)).isEqualTo("3/1/0/0");
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void directoryThatVanishesWhileItsFilesAreCopied_failsWithThem() throws Exception {
    AtomicBoolean once = new AtomicBoolean();
    fixture.files.hook =
        (call, path) -> {
          boolean below = path.toString().startsWith("data:src/sub/");
          if (call.equals("openCopy") && below && once.compareAndSet(false, true)) {
            changed(SourceFaultTests::remove, fixture.data.resolve("src/sub"));
          }
        };

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.error()).isNull();
    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(fixture.archive.resolve("dst/a")).hasContent("content");
    assertThat(fixture.archive.resolve("dst/z")).hasContent("content");
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void directoryThatIsALinkByNow_isOneFailedItem_andIsNotFollowed() throws Exception {
    Files.createDirectory(fixture.data.resolve("elsewhere"));
    Files.writeString(fixture.data.resolve("elsewhere/secret"), "secret");
    at(
        "list",
        "data:src/sub",
        directory -> {
          remove(directory);
          Files.createSymbolicLink(directory, Path.of("../elsewhere"));
        });

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.NOT_DIRECTORY);
    assertThat(fixture.counts(outcome)).isEqualTo("3/1/0/0");
    assertThat(fixture.archive.resolve("dst/sub")).doesNotExist();
  }

  @Test
  void wholeSourceThatVanishes_isTheError_andNothingIsThere() throws Exception {
    at("list", "data:src", SourceFaultTests::remove);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(fixture.counts(outcome)).isEqualTo("0/1/0/0");
    assertThat(outcome.item("data:src").code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  // ---- Tools

  private static Arguments change(String name, String step, ErrorCode code, Change change) {
    return arguments(name, step, code, change);
  }

  private static void grow(Path file) throws IOException {
    Files.writeString(file, "more", StandardOpenOption.APPEND);
  }

  private static void replace(Path file) throws IOException {
    Path spare = file.resolveSibling("../../spare");
    Files.writeString(spare, "another");
    Files.move(spare, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList().reversed()) {
        Files.delete(path);
      }
    }
  }

  private static void makeFifo(Path file) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
  }

  /** Makes the change right before the call. */
  private void at(String step, String path, Change change) {
    AtomicBoolean once = new AtomicBoolean();
    fixture.files.hook =
        (call, at) -> {
          boolean meant = call.equals(step) && at.toString().equals(path);
          if (meant && once.compareAndSet(false, true)) {
            changed(change, fixture.data.resolve(at.relative()));
          }
        };
  }

  private static void changed(Change change, Path file) {
    try {
      change.make(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertFailedAlone(CopyFixture.Outcome outcome, String path, ErrorCode code) {
    assertThat(outcome.error()).isNull();
    assertThat(outcome.item(path).code()).isEqualTo(code);
    assertThat(fixture.counts(outcome)).isEqualTo("5/1/0/0");
    for (String name : new String[] {"a", "sub/g", "z"}) {
      assertThat(fixture.archive.resolve("dst").resolve(name)).hasContent("content");
    }
    assertThat(fixture.leftovers()).isEmpty();
  }
}
