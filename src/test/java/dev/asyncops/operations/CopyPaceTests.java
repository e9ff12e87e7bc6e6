package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.files.FileCopy;
import dev.asyncops.operations.CopyFixture.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  void stepsTakeTheirTime_oneAfterAnother() {
    CopyPace pace = new CopyPace(nanos::get, 1000L);

    assertThat(pace.stepBytes()).isEqualTo(100);
    assertThat(pace.book(100)).isZero();
    assertThat(pace.book(100)).isEqualTo(100_000_000);
    assertThat(pace.book(1)).isEqualTo(200_000_000);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(pace.book(100)).isZero();
    assertThat(pace.book(100)).isEqualTo(100_000_000);
  }

  @Test
  void extremes_doNotOverflow() {
    assertThat(new CopyPace(nanos::get, 1L).stepBytes()).isEqualTo(1);
    assertThat(new CopyPace(nanos::get, Long.MAX_VALUE).stepBytes()).isEqualTo(FileCopy.CHUNK);
    CopyPace slow = new CopyPace(nanos::get, 1L);
    slow.book(FileCopy.CHUNK);
    assertThat(slow.book(1)).isEqualTo(FileCopy.CHUNK * 1_000_000_000L);
  }

  @Test
  void withoutALimit_nothingWaits() {
    CopyPace pace = new CopyPace(nanos::get, null);

    assertThat(pace.isLimited()).isFalse();
    assertThat(pace.book(Long.MAX_VALUE)).isZero();
    assertThat(pace.book(1)).isZero();
  }

  @Test
  void whatMovesNothing_waitsForNobody() {
    CopyPace pace = new CopyPace(nanos::get, 1000L);

    pace.book(100);

    assertThat(pace.book(0)).isZero();
    assertThat(pace.book(100)).isEqualTo(100_000_000);
  }

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
        assertThat(moved).isLessThanOrEqualTo(100 + elapsed / 1_000_000);
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

  private static void append(Path file, int bytes) {
    try {
      Files.write(file, new byte[bytes], StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
