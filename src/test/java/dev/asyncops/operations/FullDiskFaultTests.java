package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file system that says no: whatever it refuses fails with its code, the rest goes on, and
 * nothing partial stays. What a real full disk does is shown by {@code src/e2e/faults}.
 */
@Timeout(60)
class FullDiskFaultTests {

  private static final List<String> NAMES = List.of("a", "sub", "sub/big", "sub/c", "z");

  @TempDir Path host;
  private CopyFixture fixture;

  @BeforeEach
  void makeTree() throws Exception {
    fixture = new CopyFixture(host);
    Files.createDirectories(fixture.data.resolve("src/sub"));
    for (String name : List.of("a", "sub/big", "sub/c", "z")) {
      Files.writeString(fixture.data.resolve("src").resolve(name), "new " + name);
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static Stream<Arguments> faults() {
    return Stream.of("openCopy", "step", "finish")
        .flatMap(step ->
            Stream.of(ErrorCode.NO_SPACE, ErrorCode.PERMISSION_DENIED, ErrorCode.READ_ONLY)
                .flatMap(code ->
                    Stream.of(Durability.values())
                        .map(durability -> Arguments.of(step, code, durability))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void singleFile_failsWithTheCode_andNothingIsThere(
      String step, ErrorCode code, Durability durability) throws Exception {
    refuse(step, "data:src/sub/big", code);

    CopyFixture.Outcome outcome =
        fixture.copy("data:src/sub/big", "archive:big").durability(durability).run();

    assertThat(outcome.item("data:src/sub/big").code()).isEqualTo(code);
    assertThat(fixture.counts(outcome)).isEqualTo("0/1/0/0");
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fileOfAStagedTree_failsAlone(String step, ErrorCode code, Durability durability)
      throws Exception {
    refuse(step, "data:src/sub/big", code);

    CopyFixture.Outcome outcome =
        fixture.copy("data:src", "archive:dst").durability(durability).run();

    assertOnlyFailed(outcome, "data:src/sub/big", code);
    assertCopied(Set.of("sub/big"));
    assertThat(fixture.archive.resolve("dst/sub/big")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fileOfAMergedTree_failsAlone_andWhatItWasToReplaceStays(
      String step, ErrorCode code, Durability durability) throws Exception {
    Files.createDirectories(fixture.archive.resolve("dst/sub"));
    Files.writeString(fixture.archive.resolve("dst/sub/big"), "old");
    refuse(step, "data:src/sub/big", code);

    CopyFixture.Outcome outcome =
        fixture
            .copy("data:src", "archive:dst")
            .durability(durability)
            .onConflict(OnConflict.OVERWRITE)
            .run();

    assertOnlyFailed(outcome, "data:src/sub/big", code);
    assertCopied(Set.of("sub/big"));
    assertThat(fixture.archive.resolve("dst/sub/big")).hasContent("old");
  }

  /** Smaller files that come later still fit. */
  @Test
  void diskThatIsNearlyFull_takesWhatFits() throws Exception {
    Files.write(fixture.data.resolve("src/sub/big"), new byte[100_000]);
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("step") && sizeOf(path) > 1000) {
            throw refusal(ErrorCode.NO_SPACE);
          }
        };

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertOnlyFailed(outcome, "data:src/sub/big", ErrorCode.NO_SPACE);
    assertThat(fixture.bytes(outcome)).isEqualTo("19/100019");
  }

  /** No room, or no inode, for a directory: all that would be in it is not begun. */
  @Test
  void directoryThatCannotBeMade_isOneFailedItem_andItsSiblingsAreCopied() throws Exception {
    refuseBelow("createDirectory", "sub", ErrorCode.NO_SPACE);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(fixture.counts(outcome)).isEqualTo("3/1/0/0");
    assertCopied(Set.of("sub", "sub/big", "sub/c"));
    assertThat(fixture.archive.resolve("dst/sub")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("lastSteps")
  void treeThatCannotBeFinished_failsAsAWhole_andNothingIsThere(String step) throws Exception {
    fixture.files.syncsAtOnce = !step.equals("sync");
    fixture.files.hook =
        (call, path) -> {
          boolean top = path.segments().size() == 1;
          if (call.equals(step) && top) {
            throw refusal(ErrorCode.NO_SPACE);
          }
        };

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.item("data:src").code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  static Stream<String> lastSteps() {
    return Stream.of("createDirectory", "keep", "sync", "publish");
  }

  @Test
  void parentsThatCannotAllBeMade_areAllRemoved() throws Exception {
    refuseBelow("createDirectory", "c", ErrorCode.NO_SPACE);

    CopyFixture.Outcome outcome = fixture.copy("data:src/a", "archive:a/b/c/d").parents().run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void parentsThatWereMade_areNotRemoved_ifTheyAreSomethingElseByNow() throws Exception {
    Path made = fixture.archive.resolve("a");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("openCopy")) {
            putALinkInPlaceOf(made);
            throw refusal(ErrorCode.NO_SPACE);
          }
        };

    fixture.copy("data:src/a", "archive:a/b").parents().run();

    assertThat(made).isSymbolicLink();
  }

  private static void putALinkInPlaceOf(Path directory) {
    try {
      Files.delete(directory);
      Files.createSymbolicLink(directory, Path.of("elsewhere"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("closed")
  void directoryThatMayNotBeRead_isOneFailedItem_andItsSiblingsAreCopied(String call)
      throws Exception {
    refuseBelow(call, "sub", ErrorCode.PERMISSION_DENIED);

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.item("data:src/sub").code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(fixture.counts(outcome)).isEqualTo("3/1/0/0");
    assertCopied(Set.of("sub", "sub/big", "sub/c"));
  }

  static Stream<String> closed() {
    return Stream.of("list", "status");
  }

  @Test
  void entriesThatMayNotBeLookedAt_failOneByOne() throws Exception {
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("status") && path.toString().startsWith("data:src/sub/")) {
            throw refusal(ErrorCode.PERMISSION_DENIED);
          }
        };

    CopyFixture.Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.items())
        .filteredOn(item -> item.state() == ItemState.FAILED)
        .extracting(ItemResult::path)
        .containsExactlyInAnyOrder("data:src/sub/big", "data:src/sub/c");
    assertCopied(Set.of("sub/big", "sub/c"));
  }

  // ---- Tools

  private void refuse(String step, String at, ErrorCode code) {
    fixture.files.hook =
        (call, path) -> {
          if (call.equals(step) && path.toString().equals(at)) {
            throw refusal(code);
          }
        };
  }

  private void refuseBelow(String step, String name, ErrorCode code) {
    fixture.files.hook =
        (call, path) -> {
          if (call.equals(step) && !path.isRoot() && path.name().equals(name)) {
            throw refusal(code);
          }
        };
  }

  private static OperationException refusal(ErrorCode code) {
    return new OperationException(code, "on purpose");
  }

  private long sizeOf(RootPath path) {
    return fixture.data.resolve(path.relative()).toFile().length();
  }

  private void assertOnlyFailed(CopyFixture.Outcome outcome, String path, ErrorCode code) {
    assertThat(outcome.error()).isNull();
    assertThat(outcome.item(path).code()).isEqualTo(code);
    assertThat(fixture.counts(outcome)).isEqualTo("5/1/0/0");
  }

  /** Everything but these is at the destination as in the source, and no temporary name is left. */
  private void assertCopied(Set<String> missing) {
    assertThat(new TreeMap<>(CopyFixture.tree(fixture.archive.resolve("dst"))).keySet())
        .containsAll(NAMES.stream().filter(name -> !missing.contains(name)).toList());
    for (String name : List.of("a", "sub/c", "sub/big", "z")) {
      if (!missing.contains(name)) {
        assertThat(fixture.archive.resolve("dst").resolve(name)).hasContent("new " + name);
      }
    }
    assertThat(fixture.leftovers()).isEmpty();
  }
}
