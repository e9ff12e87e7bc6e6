package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileCopy;
import dev.asyncops.operations.CopyFixture.Outcome;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy of one file or link. */
class CopyFileTests {

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

  @Test
  void file_isCopied_toAnotherRoot_withItsModeAndTimes() throws Exception {
    write("f", "hello");
    Files.setAttribute(data.resolve("f"), "unix:mode", 0640);
    Files.setLastModifiedTime(data.resolve("f"), FileTime.fromMillis(1_000_000_123L));

    Outcome outcome = fixture.copy("data:f", "archive:g").run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(1, 0, 0, 5));
    assertThat(fixture.archive.resolve("g")).hasContent("hello");
    assertThat(CopyFixture.tree(fixture.archive).get("g"))
        .isEqualTo(CopyFixture.tree(data).get("f"));
    assertThat(outcome.item("data:f").destination()).isEqualTo("archive:g");
    assertThat(outcome.phases()).containsExactly("SCANNING", "COPYING", "PUBLISHING");
  }

  @Test
  void k6_progress_neverDecreases_andEndsWithTheFullSize() throws Exception {
    byte[] content = new byte[(int) (3 * FileCopy.CHUNK + 7)];
    Files.write(data.resolve("f"), content);

    Outcome outcome = fixture.copy("data:f", "data:g").run();

    assertThat(outcome.result().bytes()).isEqualTo(content.length);
    assertThat(outcome.bytesSeen()).isSorted().contains(FileCopy.CHUNK);
    assertThat(outcome.bytesSeen().getLast()).isEqualTo(content.length);
    assertThat(fixture.bytes(outcome)).isEqualTo(content.length + "/" + content.length);
  }

  @Test
  void k6_emptyFile_isCopied_with0Of0() throws Exception {
    write("f", "");

    Outcome outcome = fixture.copy("data:f", "data:g").run();

    assertThat(fixture.bytes(outcome)).isEqualTo("0/0");
    assertThat(data.resolve("g")).isEmptyFile();
  }

  @Test
  void k5_missingSource_isNotFound_whateverTheDestinationIs() throws Exception {
    write("g", "old");

    Outcome outcome = fixture.copy("data:f", "data:g").run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(outcome.failure().detail()).isEqualTo("'data:f' does not exist.");
    assertThat(fixture.counts(outcome)).isEqualTo("0/1/0/0");
    assertThat(data.resolve("g")).hasContent("old");
  }

  @Test
  void k5_existingDestination_isUntouched() throws Exception {
    write("f", "new");
    write("g", "old");
    Files.createSymbolicLink(data.resolve("dangling"), Path.of("nowhere"));

    assertThat(fixture.copy("data:f", "data:g").run().failure().code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(fixture.copy("data:f", "data:dangling").run().failure().code())
        .isEqualTo(ErrorCode.EXISTS);
    assertThat(fixture.copy("data:f", "data:").run().failure().code()).isEqualTo(ErrorCode.EXISTS);

    assertThat(data.resolve("g")).hasContent("old");
  }

  @Test
  void k5_fileOverADirectory_isRefused() throws Exception {
    write("f", "new");
    Files.createDirectory(data.resolve("d"));

    Outcome outcome = fixture.copy("data:f", "data:d").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.IS_DIRECTORY);
  }

  @Test
  void k5_specialFile_isNotSupported() throws Exception {
    new ProcessBuilder("mkfifo", data.resolve("pipe").toString()).start().waitFor();

    Outcome outcome = fixture.copy("data:pipe", "data:g").run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
  }

  @ParameterizedTest
  @EnumSource(OnConflict.class)
  void k5_sameFile_isRefused_byEveryRoadToIt_andKeepsItsContent(OnConflict rule) throws Exception {
    Files.createDirectory(data.resolve("d"));
    write("d/f", "content");
    Files.createLink(data.resolve("hard"), data.resolve("d/f"));
    Files.createSymbolicLink(data.resolve("soft"), Path.of("d/f"));
    Files.createSymbolicLink(data.resolve("e"), Path.of("d"));

    for (List<String> pair :
        List.of(
            List.of("data:d/f", "data:hard"),
            List.of("data:d/f", "data:soft"),
            List.of("data:soft", "data:d/f"),
            List.of("data:d/f", "data:e/f"),
            List.of("data:e/f", "data:d/f"))) {
      Outcome outcome = fixture.copy(pair.get(0), pair.get(1)).onConflict(rule).run();
      assertThat(outcome.failure().code()).as("%s", pair).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
    assertThat(data.resolve("d/f")).hasContent("content");
    assertThat(Files.isSymbolicLink(data.resolve("soft"))).isTrue();
  }

  @Test
  void sameName_isRefusedAtOnce() throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> fixture.copy("data:f", "data:f").start());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixture.copy("data:f", "data:f/g").start());
  }

  @Test
  void overwrite_replacesAFileOrALink_notItsTarget() throws Exception {
    write("f", "new");
    write("g", "old");
    write("kept", "kept");
    Files.createSymbolicLink(data.resolve("l"), Path.of("kept"));

    fixture.copy("data:f", "data:g").onConflict(OnConflict.OVERWRITE).run().result();
    fixture.copy("data:f", "data:l").onConflict(OnConflict.OVERWRITE).run().result();

    assertThat(data.resolve("g")).hasContent("new");
    assertThat(Files.isSymbolicLink(data.resolve("l"))).isFalse();
    assertThat(data.resolve("l")).hasContent("new");
    assertThat(data.resolve("kept")).hasContent("kept");
  }

  @Test
  void skip_leavesWhatExists() throws Exception {
    write("f", "new");
    write("g", "old");

    Outcome outcome = fixture.copy("data:f", "data:g").onConflict(OnConflict.SKIP).run();

    assertThat(outcome.result()).isEqualTo(new CopyResult(0, 0, 1, 0));
    assertThat(data.resolve("g")).hasContent("old");
  }

  @Test
  void update_overwritesWhereSizeOrTimeDiffer() throws Exception {
    write("f", "new");
    Files.setLastModifiedTime(data.resolve("f"), FileTime.fromMillis(1_000_000L));
    write("g", "old");

    CopyFixture.Asked update = fixture.copy("data:f", "data:g").onConflict(OnConflict.UPDATE);
    assertThat(update.run().result().succeeded()).isEqualTo(1);
    assertThat(update.run().result().skipped()).isEqualTo(1);
    write("g", "larger");
    Files.setLastModifiedTime(data.resolve("g"), FileTime.fromMillis(1_000_000L));
    assertThat(update.run().result().succeeded()).isEqualTo(1);

    assertThat(data.resolve("g")).hasContent("new");
  }

  @Test
  void link_isCopiedAsALink() throws Exception {
    Files.createSymbolicLink(data.resolve("l"), Path.of("/no/where"));

    fixture.copy("data:l", "data:m").run().result();

    assertThat(Files.readSymbolicLink(data.resolve("m"))).hasToString("/no/where");
  }

  @Test
  void missingParent_isNotFound_unlessItMayBeMade() throws Exception {
    write("f", "hello");

    Outcome refused = fixture.copy("data:f", "data:a/b/g").run();
    assertThat(refused.failure().code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(refused.failure().detail()).isEqualTo("'data:a/b' does not exist.");
    fixture.copy("data:f", "data:a/b/g").parents().run().result();

    assertThat(data.resolve("a/b/g")).hasContent("hello");
    assertThat(Files.getPosixFilePermissions(data.resolve("a"))).hasSizeGreaterThan(3);
  }

  @Test
  void parentThatSomebodyElseMakesMeanwhile_isUsed_andIsNotRemoved() throws Exception {
    write("f", "x");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("createDirectory")) {
            makeDirectory(fixture.archive.resolve(path.relative()));
          }
          if (call.equals("openCopy")) {
            throw new OperationException(ErrorCode.NO_SPACE, "Full.");
          }
        };

    Outcome failed = fixture.copy("data:f", "archive:a/b/f").parents().run();
    boolean stays = Files.isDirectory(fixture.archive.resolve("a/b"));
    fixture.files.hook = (call, path) -> {};
    Outcome outcome = fixture.copy("data:f", "archive:a/b/f").parents().run();

    assertThat(stays).isTrue();
    assertThat(failed.item("data:f").code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(outcome.result().succeeded()).isOne();
  }

  @Test
  void parentThatIsADanglingLink_isNoParent() throws Exception {
    write("f", "x");
    Files.createSymbolicLink(fixture.archive.resolve("a"), Path.of("nowhere"));

    Outcome outcome = fixture.copy("data:f", "archive:a/f").parents().run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(fixture.archive.toFile().list()).containsExactly("a");
  }

  @Test
  void parentThatIsAFile_isNotADirectory() throws Exception {
    write("f", "hello");
    write("a", "");

    assertThat(fixture.copy("data:f", "data:a/g").parents().run().failure().code())
        .isEqualTo(ErrorCode.NOT_DIRECTORY);
    assertThat(fixture.copy("data:f", "data:a/b/g").parents().run().failure().code())
        .isEqualTo(ErrorCode.NOT_DIRECTORY);
  }

  @Test
  void parentsThatWereMadeForNothing_goAgain() throws Exception {
    write("f", "hello");
    failAt("openCopy", ErrorCode.NO_SPACE);

    Outcome outcome = fixture.copy("data:f", "data:a/b/g").parents().run();

    assertThat(outcome.result().failed()).isEqualTo(1);
    assertThat(data.resolve("a")).doesNotExist();
  }

  @Test
  void p16_linkThatLeadsOut_isRefused() throws Exception {
    Files.writeString(host.resolve("secret"), "secret");
    Files.createSymbolicLink(data.resolve("out"), host);
    write("f", "hello");

    assertThat(fixture.copy("data:out/secret", "data:g").run().failure().code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(fixture.copy("data:f", "data:out/g").run().failure().code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(host.resolve("g")).doesNotExist();
  }

  @Test
  void verify_givesTheDigest() throws Exception {
    write("f", "abc");

    Outcome outcome = fixture.copy("data:f", "data:g").verified().run();

    assertThat(outcome.item("data:f").sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(outcome.phases()).containsExactly("SCANNING", "COPYING", "VERIFYING", "PUBLISHING");
  }

  @Test
  void verify_findsDamage_andPublishesNothing() throws Exception {
    write("f", "abc");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("verifyStep")) {
            damage();
          }
        };

    Outcome outcome = fixture.copy("data:f", "archive:g").verified().run();

    assertThat(outcome.item("data:f").code()).isEqualTo(ErrorCode.VERIFY_FAILED);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void sourceThatChanges_failsItsItem() throws Exception {
    write("f", "hello");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("finish")) {
            write("f", "hello, world");
          }
        };

    Outcome outcome = fixture.copy("data:f", "data:g").run();

    assertThat(outcome.item("data:f").code()).isEqualTo(ErrorCode.SOURCE_CHANGED);
    assertThat(data.resolve("g")).doesNotExist();
  }

  @Test
  void dryRun_countsAndChangesNothing() throws Exception {
    write("f", "hello");

    Outcome outcome = fixture.copy("data:f", "data:a/g").parents().dryRun().run();

    assertThat(outcome.result().succeeded()).isEqualTo(1);
    assertThat(data.toFile().list()).containsExactly("f");
  }

  @Test
  void include_holdsForASingleFileToo() throws Exception {
    write("f.txt", "hello");

    Outcome outcome =
        fixture.copy("data:f.txt", "data:g").filtered(List.of("**/*.csv"), List.of()).run();

    assertThat(outcome.result().skipped()).isEqualTo(1);
    assertThat(data.resolve("g")).doesNotExist();
  }

  @Test
  void preserveNothing_givesNoMoreRightsThanTheSourceHas() throws Exception {
    write("f", "hello");
    Files.setAttribute(data.resolve("f"), "unix:mode", 0600);

    fixture.copy("data:f", "data:g").preserve(new Preserve[0]).run().result();

    assertThat((int) Files.getAttribute(data.resolve("g"), "unix:mode") & 0777).isEqualTo(0600);
  }

  @Test
  void leftoverOfAnEarlierAttempt_isReplaced() throws Exception {
    write("f", "hello");
    CopyPlan plan =
        CopyPlan.of(
            CopyFixture.ID,
            fixture.copy("data:f", "data:g").request,
            CopyFilter.of(fixture.copy("data:f", "data:g").request));
    write(plan.temporary(fixture.roots.parse("data:g")).name(), "half");

    fixture.copy("data:f", "data:g").run().result();

    assertThat(data.resolve("g")).hasContent("hello");
  }

  @Test
  void longestName_hasRoomForItsTemporaryName() throws Exception {
    String longest = "x".repeat(255);
    write("f", "hello");

    fixture.copy("data:f", "data:" + longest).run().result();

    assertThat(data.resolve(longest)).hasContent("hello");
  }

  // ---- Cancel

  @Test
  void k8_cancelledBeforeItStarts_changesNothing() throws Exception {
    write("f", "hello");
    fixture.cancellable.cancel();

    Outcome outcome = fixture.copy("data:f", "data:a/g").parents().run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(fixture.counts(outcome)).isEqualTo("0/0/0/1");
    assertThat(data.toFile().list()).containsExactly("f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "createDirectory", "openCopy", "step", "verifyStep", "finish"})
  void k8_cancelAtAnyStepBeforeTheRename_leavesNothing(String step) throws Exception {
    write("f", "hello");
    cancelAt(step);

    Outcome outcome = fixture.copy("data:f", "data:a/g").parents().verified().run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(fixture.counts(outcome)).isEqualTo("0/0/0/1");
    assertThat(data.toFile().list()).containsExactly("f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openCopy", "step", "finish", "finished"})
  void k8_cancel_leavesAnExistingDestinationAsItWas(String step) throws Exception {
    write("f", "hello");
    write("g", "old");
    cancelAt(step);

    Outcome outcome = fixture.copy("data:f", "data:g").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(data.resolve("g")).hasContent("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish", "published", "sync"})
  void t15_k8_cancelFromTheRenameOn_isTooLate(String step) throws Exception {
    write("f", "hello");
    cancelAt(step);

    Outcome outcome = fixture.copy("data:f", "data:g").run();

    assertThat(outcome.result().succeeded()).isEqualTo(1);
    assertThat(data.resolve("g")).hasContent("hello");
  }

  @Test
  void k9_cancel_takesEffectWithinOneChunk() throws Exception {
    Files.write(data.resolve("f"), new byte[(int) (5 * FileCopy.CHUNK)]);
    AtomicInteger steps = new AtomicInteger();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("step") && steps.incrementAndGet() == 2) {
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = fixture.copy("data:f", "data:g").run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(steps).hasValue(2);
    assertThat(Collections.max(outcome.bytesSeen())).isBetween(2L, 2 * FileCopy.CHUNK);
  }

  @Test
  void failureAtAnyStep_leavesNothing() throws Exception {
    write("f", "hello");

    for (String step : List.of("openCopy", "step", "verifyStep", "finish", "publish")) {
      failAt(step, ErrorCode.NO_SPACE);
      Outcome outcome = fixture.copy("data:f", "data:g").verified().run();

      assertThat(outcome.item("data:f").code()).as(step).isEqualTo(ErrorCode.NO_SPACE);
      assertThat(outcome.item("data:f").state()).isEqualTo(ItemState.FAILED);
      assertThat(data.toFile().list()).as(step).containsExactly("f");
    }
  }

  private static void makeDirectory(Path directory) {
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void cancelAt(String step) {
    fixture.files.hook =
        (call, path) -> {
          if (call.equals(step)) {
            fixture.cancellable.cancel();
          }
        };
  }

  private void failAt(String step, ErrorCode code) {
    fixture.files.hook =
        (call, path) -> {
          if (call.equals(step)) {
            throw new OperationException(code, "on purpose");
          }
        };
  }

  private void damage() {
    try (var files = Files.list(fixture.archive)) {
      Files.writeString(files.findFirst().orElseThrow(), "abX");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String content) {
    try {
      Files.writeString(data.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
