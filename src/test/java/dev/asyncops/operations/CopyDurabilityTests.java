package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccesses;
import dev.asyncops.files.FileSystemSync;
import dev.asyncops.operations.CopyFixture.Outcome;
import dev.asyncops.operations.CopyRequest.OnConflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on disk, and when: the default durability. */
@Timeout(60)
class CopyDurabilityTests {

  @TempDir Path host;
  private CopyFixture fixture;
  private Path data;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    fixture = new CopyFixture(host);
    data = fixture.data;
    fixture.files.hook = (call, path) -> calls.add(call + " " + path);
  }

  @AfterEach
  void close() {
    assertThat(fixture.leftovers()).isEmpty();
    assertThat(fixture.context.failureCount()).isZero();
    fixture.close();
  }

  // ---- A tree that is staged

  @Test
  void stagedTree_isSyncedOnce_afterAllIsInPlace_andBeforeItIsPublished() throws Exception {
    assumeOneSync();
    makeTree();

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(fixture.counts(outcome)).isEqualTo("42/0/0/0");
    assertThat(times("finishDurably")).isZero();
    assertThat(times("finishSoon")).isEqualTo(40);
    assertThat(times("syncFileSystem")).isOne();
    assertThat(last("finish")).isLessThan(first("syncFileSystem"));
    assertThat(last("keep")).isLessThan(first("syncFileSystem"));
    assertThat(calls.subList(first("syncFileSystem"), calls.size()))
        .filteredOn(call -> !call.startsWith("close "))
        .containsExactly(
            "syncFileSystem archive:",
            "syncedFileSystem archive:",
            "publish archive:dst",
            "published archive:dst",
            "sync archive:");
  }

  @Test
  void sync_isOpened_beforeAnythingIsWritten() throws Exception {
    makeTree();

    fixture.copy("data:src", "archive:dst").run().result();

    assertThat(first("openSync")).isLessThan(first("createDirectory"));
  }

  @Test
  void whereThereIsNoSuchSync_everyFileAndDirectoryIsSyncedForItself() throws Exception {
    fixture.files.syncsAtOnce = false;
    makeTree();

    fixture.copy("data:src", "archive:dst").run().result();

    assertThat(times("finishDurably")).isEqualTo(40);
    assertThat(times("sync")).isEqualTo(3);
    assertThat(calls).doesNotContain("syncFileSystem archive:");
    assertThat(first("published")).isLessThan(calls.indexOf("sync archive:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"syncFileSystem", "syncedFileSystem"})
  void syncThatFails_publishesNothing(String call) throws Exception {
    assumeOneSync();
    makeTree();
    failAt(call);

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(outcome.item("data:src").state()).isEqualTo(ItemState.FAILED);
    assertThat(fixture.archive).isEmptyDirectory();
    assertThat(times("publish")).isZero();
  }

  @Test
  void cancel_doesNotWaitForTheSync_andNothingIsPublishedByItsEnd() throws Exception {
    assumeOneSync();
    makeTree();
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch synced = new CountDownLatch(1);
    fixture.files.hook =
        (call, path) -> {
          calls.add(call + " " + path);
          if (call.equals("syncFileSystem")) {
            fixture.cancellable.cancel();
            await(over);
          }
          if (call.equals("syncedFileSystem")) {
            synced.countDown();
          }
        };

    Outcome outcome = fixture.copy("data:src", "archive:dst").run();
    boolean gone = fixture.archive.toFile().list().length == 0;
    over.countDown();
    await(synced);
    fixture.context.iterate(false);

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(gone).isTrue();
    assertThat(times("publish")).isZero();
    assertThat(fixture.archive).isEmptyDirectory();
  }

  // ---- Merging

  @Test
  void merged_everyFileIsOnDisk_beforeItIsPublished_andTheDirectoriesAtTheEnd() throws Exception {
    assumeOneSync();
    makeTree();
    Files.createDirectories(data.resolve("dst/sub"));
    Files.writeString(data.resolve("dst/sub/f1"), "old");

    fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run().result();

    assertThat(times("finishDurably")).isEqualTo(40);
    assertThat(calls.indexOf("finished data:src/sub/f1"))
        .isLessThan(calls.indexOf("publish data:dst/sub/f1"));
    assertThat(times("sync")).isZero();
    assertThat(times("syncFileSystem")).isOne();
    assertThat(last("published")).isLessThan(first("syncFileSystem"));
    assertThat(last("keep")).isLessThan(first("syncFileSystem"));
  }

  @Test
  void merged_syncThatFails_failsTheCopy() throws Exception {
    assumeOneSync();
    makeTree();
    Files.createDirectory(data.resolve("dst"));
    failAt("syncFileSystem");

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(outcome.item("data:src").state()).isEqualTo(ItemState.FAILED);
  }

  @Test
  void merged_isSynced_thoughTheTopCouldNotBeGivenItsAttributes() throws Exception {
    assumeOneSync();
    makeTree();
    Files.createDirectory(data.resolve("dst"));
    fixture.files.hook =
        (call, path) -> {
          calls.add(call + " " + path);
          if (call.equals("keep") && path.toString().equals("data:src")) {
            throw new OperationException(ErrorCode.PERMISSION_DENIED, "on purpose");
          }
        };

    Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(OnConflict.OVERWRITE).run();

    assertThat(fixture.counts(outcome)).isEqualTo("41/1/0/0");
    assertThat(outcome.item("data:src").code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(times("syncFileSystem")).isOne();
  }

  // ---- One file

  @Test
  void oneFile_isSyncedForItself() throws Exception {
    Files.writeString(data.resolve("f"), "content");

    fixture.copy("data:f", "archive:g").run().result();

    assertThat(times("openSync")).isZero();
    assertThat(calls)
        .containsSubsequence(
            "finishDurably data:f", "publish archive:g", "published archive:g", "sync archive:");
  }

  @Test
  void k9_cancel_isSeenWhileALargeFileGoesToDisk() throws Exception {
    Files.write(data.resolve("f"), new byte[20 << 20]);
    List<String> flushed = new ArrayList<>();
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("flushStep")) {
            flushed.add(call);
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = fixture.copy("data:f", "archive:g").run();

    assertThat(outcome.failure().isCancelled()).isTrue();
    assertThat(flushed).hasSize(1);
    assertThat(fixture.archive).isEmptyDirectory();
  }

  // ---- Tools

  /** The tests' directory may be on a file system that is not known to do it. */
  private void assumeOneSync() throws OperationException {
    try (FileSystemSync sync =
        FileAccesses.forThisSystem(fixture.roots).files().openSync(fixture.roots.parse("data:"))) {
      Assumptions.assumeTrue(sync != null, "the file system can be synced at once");
    }
  }

  /** Two directories with twenty files each. */
  private void makeTree() throws IOException {
    Files.createDirectories(data.resolve("src/sub"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(data.resolve("src/f" + i), "content");
      Files.writeString(data.resolve("src/sub/f" + i), "content");
    }
  }

  private void failAt(String name) {
    fixture.files.hook =
        (call, path) -> {
          calls.add(call + " " + path);
          if (call.equals(name)) {
            throw new OperationException(ErrorCode.NO_SPACE, "on purpose");
          }
        };
  }

  private long times(String name) {
    return calls.stream().filter(call -> call.startsWith(name + " ")).count();
  }

  private int first(String name) {
    return calls.indexOf(
        calls.stream().filter(call -> call.startsWith(name + " ")).findFirst().orElseThrow());
  }

  private int last(String name) {
    return calls.lastIndexOf(
        calls.stream().filter(call -> call.startsWith(name + " ")).toList().getLast());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
