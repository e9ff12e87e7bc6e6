package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.ManualTicker;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileAccesses;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyFixture.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small files that a worker does together, and what is told of them when. */
@Timeout(60)
class CopyPieceTests {

  private static final int MANY = 10 * CopyPiece.MOST_ITEMS;

  @TempDir Path host;

  @Test
  void smallFiles_openTheirDirectoriesOnceForAPiece() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, new ManualTicker())) {
      makeFiles(fixture.data, MANY);
      AtomicInteger opened = new AtomicInteger();
      fixture.files.hook = (call, path) -> count(opened, call, "openPair");

      Outcome outcome = fixture.copy("data:src", "archive:dst").run();

      assertThat(outcome.result().succeeded()).isEqualTo(MANY + 1);
      assertThat(opened.get()).isBetween(10, MANY / 8);
    }
  }

  @Test
  void failureInTheMiddle_isItsOwn_andTheCountsAreExact() throws Exception {
    try (CopyFixture fixture = fixture(MANY)) {
      fixture.files.hook =
          (call, path) -> {
            if (call.equals("step") && path.name().endsWith("7")) {
              throw new OperationException(ErrorCode.NO_SPACE, "on purpose");
            }
          };

      Outcome outcome = fixture.copy("data:src", "archive:dst").run();

      int failed = MANY / 10;
      assertThat(fixture.counts(outcome))
          .isEqualTo("%d/%d/0/0".formatted(MANY + 1 - failed, failed));
      assertThat(outcome.item("data:src/f17").code()).isEqualTo(ErrorCode.NO_SPACE);
      assertThat(fixture.archive.resolve("dst").toFile().list()).hasSize(MANY - failed);
      assertThat(fixture.archive.resolve("dst/f17")).doesNotExist();
      assertThat(fixture.archive.resolve("dst/f18")).hasContent("content");
    }
  }

  @Test
  void directoryThatCannotBeOpened_failsItsFilesOneByOne() throws Exception {
    try (CopyFixture fixture = fixture(5)) {
      fixture.files.hook =
          (call, path) -> {
            if (call.equals("openPair")) {
              throw new OperationException(ErrorCode.TOO_MANY_OPEN_FILES, "on purpose");
            }
          };

      Outcome outcome = fixture.copy("data:src", "archive:dst").run();

      assertThat(fixture.counts(outcome)).isEqualTo("1/5/0/0");
      assertThat(outcome.item("data:src/f3").code()).isEqualTo(ErrorCode.TOO_MANY_OPEN_FILES);
    }
  }

  @Test
  void k9_cancelInTheMiddle_isSeenBeforeTheNextFile() throws Exception {
    try (CopyFixture fixture = fixture(MANY)) {
      AtomicInteger opened = new AtomicInteger();
      fixture.files.hook =
          (call, path) -> {
            count(opened, call, "openCopy");
            if (call.equals("finished") && opened.get() > 10) {
              fixture.cancellable.cancel();
            }
          };

      Outcome outcome = fixture.copy("data:src", "archive:dst").run();

      assertThat(outcome.failure().isCancelled()).isTrue();
      assertThat(opened.get()).isBetween(11, 20);
      assertThat(fixture.archive).isEmptyDirectory();
      assertThat(fixture.counts(outcome)).matches("\\d+/0/0/\\d+");
    }
  }

  @Test
  void pieceOnASlowDisk_isShort() throws Exception {
    ManualTicker ticker = new ManualTicker();
    try (CopyFixture fixture = new CopyFixture(host, ticker)) {
      makeFiles(fixture.data, MANY);
      AtomicInteger opened = new AtomicInteger();
      fixture.files.hook =
          (call, path) -> {
            count(opened, call, "openPair");
            if (call.equals("openCopy")) {
              ticker.advance(Duration.ofMillis(11));
            }
          };

      fixture.copy("data:src", "archive:dst").run().result();

      assertThat(opened).hasValue(MANY);
    }
  }

  @Test
  void end_isTold_beforeWhatWasGivenUpIsClosed() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      Files.writeString(fixture.data.resolve("f"), "content");
      List<String> calls = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch over = new CountDownLatch(1);
      CountDownLatch closed = new CountDownLatch(1);
      fixture.files.hook =
          (call, path) -> {
            calls.add(call);
            if (call.equals("step")) {
              fixture.cancellable.cancel();
            }
            if (call.equals("close")) {
              await(over);
              closed.countDown();
            }
          };

      Outcome outcome = fixture.copy("data:f", "archive:g").run();
      boolean gone = Files.notExists(fixture.archive.resolve("g"));
      List<String> left = fixture.leftovers();
      over.countDown();
      await(closed);

      assertThat(outcome.failure().isCancelled()).isTrue();
      assertThat(gone).isTrue();
      assertThat(left).isEmpty();
      assertThat(calls).containsOnlyOnce("close").containsSubsequence("step", "giveUp", "close");
    }
  }

  // ---- The queue

  @Test
  void queue_givesSomeOfOneDirectory_andTheDirectoriesTakeTurns() throws Exception {
    try (CopyFixture fixture = fixture(4)) {
      CopyQueue queue = new CopyQueue();
      CopyDirectory first = directory(fixture, "data:src/a");
      CopyDirectory second = directory(fixture, "data:src/b");
      for (int i = 0; i < 4; i++) {
        queue.add(entry(fixture, first, "x" + i, 1));
        queue.add(entry(fixture, second, "y" + i, 1));
      }

      List<CopyEntry> one = queue.take(3);
      List<CopyEntry> two = queue.take(3);
      queue.done(two.getFirst());
      List<CopyEntry> three = queue.take(3);

      assertThat(names(one)).containsExactly("x0", "x1", "x2");
      assertThat(names(two)).containsExactly("y0", "y1", "y2");
      assertThat(names(three)).containsExactly("y3"); // nobody works there
      assertThat(names(queue.take(3))).containsExactly("x3");
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void queue_givesALargeFileAlone() throws Exception {
    try (CopyFixture fixture = fixture(1)) {
      CopyQueue queue = new CopyQueue();
      CopyDirectory directory = directory(fixture, "data:src");
      queue.add(entry(fixture, directory, "small", 1));
      queue.add(entry(fixture, directory, "large", CopyQueue.MOST_BYTES));
      queue.add(entry(fixture, directory, "half", CopyQueue.MOST_BYTES / 2));
      queue.add(entry(fixture, directory, "rest", CopyQueue.MOST_BYTES / 2));
      queue.addFirst(entry(fixture, directory, "waited", 1));

      assertThat(names(queue.take(9))).containsExactly("waited", "small");
      assertThat(names(queue.take(9))).containsExactly("large");
      assertThat(names(queue.take(9))).containsExactly("half", "rest");
    }
  }

  // ---- Tools

  private CopyFixture fixture(int files) throws IOException {
    CopyFixture fixture = new CopyFixture(host);
    makeFiles(fixture.data, files);
    return fixture;
  }

  private static void makeFiles(Path data, int files) throws IOException {
    Path directory = Files.createDirectory(data.resolve("src"));
    for (int i = 0; i < files; i++) {
      Files.writeString(directory.resolve("f" + i), "content");
    }
  }

  private static CopyDirectory directory(CopyFixture fixture, String path) throws Exception {
    RootPath place = fixture.roots.parse(path);
    CopyEntry entry = new CopyEntry(null, place, place, status(fixture.roots, 0), false);
    return new CopyDirectory(
        entry, place, CopyDecision.CREATE, true, false, true, false, null, ItemState.SUCCEEDED);
  }

  private static CopyEntry entry(
      CopyFixture fixture, CopyDirectory directory, String name, long size) throws Exception {
    RootPath place = directory.target.resolve(name);
    return new CopyEntry(directory, place, place, status(fixture.roots, size), false);
  }

  private static FileStatus status(Roots roots, long size) throws OperationException {
    FileAccess files = FileAccesses.forThisSystem(roots).files();
    FileStatus real = files.status(roots.parse("data:src/f0"));
    return new FileStatus(
        real.type(),
        size,
        real.mode(),
        real.modified(),
        real.accessed(),
        real.links(),
        real.device(),
        real.inode(),
        real.uid(),
        real.gid());
  }

  private static List<String> names(List<CopyEntry> entries) {
    return entries.stream().map(entry -> entry.source().name()).toList();
  }

  private static void count(AtomicInteger counter, String call, String counted) {
    if (call.equals(counted)) {
      counter.incrementAndGet();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
