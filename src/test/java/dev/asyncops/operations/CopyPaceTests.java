package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Priority;
import dev.asyncops.files.FileCopy;
import dev.asyncops.operations.CopyFixture.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyPaceTests {

  @TempDir Path host;
  private final AtomicLong nanos = new AtomicLong(1);

  @Test
  void limitedCopy_movesNoMoreThanItMay_andEndsWhole() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, nanos::get)) {
      Files.write(fixture.data.resolve("f"), new byte[1000]);
      CopyFixture.Running running = fixture.copy("data:f", "data:g").bytesPerSecond(1000).start();
      long begin = nanos.get();

      while (!running.isOver()) {
        fixture.context.iterate(false);
        long elapsed = nanos.addAndGet(1_000_000) - begin;
        long moved = running.outcome().bytesSeen().getLast();
        assertThat(moved).isLessThanOrEqualTo(200 + elapsed / 1_000_000);
      }

      assertThat(running.outcome().result().bytes()).isEqualTo(1000);
      assertThat(Files.mismatch(fixture.data.resolve("f"), fixture.data.resolve("g")))
          .isEqualTo(-1);
    }
  }

  @Test
  void limitedCopy_ofAFileThatGrewSinceItWasFound_endsWhole() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      Path file = Files.write(fixture.data.resolve("f"), new byte[10]);
      fixture.files.hook =
          (call, path) -> {
            if (call.equals("openCopy")) {
              append(file, 20);
            }
          };

      Outcome outcome = fixture.copy("data:f", "data:g").bytesPerSecond(1000).run();

      assertThat(outcome.result().bytes()).isEqualTo(30);
      assertThat(Files.size(fixture.data.resolve("g"))).isEqualTo(30);
    }
  }

  @Test
  void limitedCopy_ofWhatNeedsNoCopy_takesNoTime() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      Path source = Files.createDirectory(fixture.data.resolve("src"));
      for (int i = 0; i < 100; i++) {
        Files.write(source.resolve("f" + i), new byte[1000]);
      }

      // At one byte a second: a byte for each would take longer than the fixture waits.
      Outcome outcome = fixture.copy("data:src", "data:dst").dryRun().bytesPerSecond(1).run();

      assertThat(outcome.result().succeeded()).isEqualTo(101);
      assertThat(fixture.data.toFile().list()).containsExactly("src");
    }
  }

  @Test
  void k9_cancel_doesNotWaitForItsTurn() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      Files.write(fixture.data.resolve("f"), new byte[1000]);
      AtomicInteger steps = new AtomicInteger();
      fixture.files.hook =
          (call, path) -> {
            if (call.equals("step") && steps.incrementAndGet() == 2) {
              fixture.cancellable.cancel();
            }
          };
      Outcome outcome;

      // At one byte a second the whole would take a quarter of an hour.
      CopyFixture.Running running = fixture.copy("data:f", "data:g").bytesPerSecond(1).start();
      running.drive();
      outcome = running.outcome();

      assertThat(outcome.failure().isCancelled()).isTrue();
      assertThat(fixture.data.toFile().list()).containsExactly("f");
    }
  }

  // ---- Changes while it runs

  @Test
  void liftedLimit_countsForWhatWaits() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, nanos::get)) {
      Files.write(fixture.data.resolve("f"), new byte[1000]);
      CopyFixture.Running running = fixture.copy("data:f", "data:g").bytesPerSecond(10).start();
      running.driveUntil(() -> running.moved() == 1);

      running.change(copy -> copy.setBytesPerSecond(null)); // the clock stands still

      running.drive();
      assertThat(running.outcome().result().bytes()).isEqualTo(1000);
    }
  }

  @Test
  void newLimit_countsForWhatRuns_fromItsNextChunkOn() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, nanos::get)) {
      long size = sparse(fixture.data.resolve("f"), 3 * FileCopy.CHUNK);
      Gate firstStep = new Gate();
      fixture.files.hook = (call, path) -> firstStep.passIf(call.equals("step"));
      CopyFixture.Running running = fixture.copy("data:f", "data:g").start();
      running.driveUntil(firstStep::isReached);

      running.change(copy -> copy.setBytesPerSecond(10L));
      firstStep.open();

      running.driveUntil(() -> running.moved() >= FileCopy.CHUNK + 1);
      assertThat(running.moved()).isEqualTo(FileCopy.CHUNK + 1);
      running.change(copy -> copy.setBytesPerSecond(null));
      running.drive();
      assertThat(running.outcome().result().bytes()).isEqualTo(size);
    }
  }

  @Test
  void newLimit_countsForWhatWasHandedOverAlready() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, nanos::get)) {
      Path source = Files.createDirectory(fixture.data.resolve("src"));
      for (int i = 0; i < 8; i++) {
        Files.write(source.resolve("f" + i), new byte[1000]);
      }
      Gate allWorkers = new Gate();
      fixture.files.hook = (call, path) -> allWorkers.passIf(call.equals("openCopy"));
      CopyFixture.Running running = fixture.copy("data:src", "data:dst").start();
      running.driveUntil(allWorkers::isReached);

      running.change(copy -> copy.setBytesPerSecond(10L));
      allWorkers.open();

      // Three workers had begun; the others open their files and wait.
      running.driveUntil(() -> running.moved() % 1000 == 1);
      assertThat(running.moved()).isLessThanOrEqualTo(3001);
      running.change(copy -> copy.setBytesPerSecond(null));
      running.drive();
      assertThat(running.outcome().result().bytes()).isEqualTo(8000);
    }
  }

  @Test
  void limitOfAQueuedCopy_countsFromItsStartOn() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, nanos::get)) {
      Files.write(fixture.data.resolve("f"), new byte[1000]);
      CopyFixture.Running running = fixture.copy("data:f", "data:g").prepare(Priority.DEFAULT);

      running.change(copy -> copy.setBytesPerSecond(20L));

      running.startNow();
      running.driveUntil(() -> running.moved() > 0);
      assertThat(running.moved()).isEqualTo(2);
      running.change(copy -> copy.setBytesPerSecond(null));
      running.drive();
    }
  }

  @Test
  void serviceLimit_isSharedByTheCopies() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host, nanos::get)) {
      Files.write(fixture.data.resolve("f"), new byte[1000]);
      fixture.onContext(() -> fixture.bandwidth.limit(1000L));
      CopyFixture.Running one = fixture.copy("data:f", "data:g").start();
      CopyFixture.Running two = fixture.copy("data:f", "data:h").start();
      two.driveUntil(() -> fixture.bandwidth.waiting() == 2);

      while (!one.isOver() && !two.isOver()) {
        long before = one.moved() + two.moved();
        nanos.addAndGet(Duration.ofMillis(100).toNanos());
        two.driveUntil(() -> one.moved() + two.moved() > before || one.isOver() || two.isOver());
        assertThat(one.moved()).isBetween(two.moved() - 200, two.moved() + 200);
      }

      fixture.onContext(() -> fixture.bandwidth.limit(null));
      one.drive();
      two.drive();
      assertThat(one.outcome().result().bytes() + two.outcome().result().bytes()).isEqualTo(2000);
    }
  }

  private static long sparse(Path file, long size) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), size - 1);
    }
    return size;
  }

  private static void append(Path file, int bytes) {
    try {
      Files.write(file, new byte[bytes], StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
