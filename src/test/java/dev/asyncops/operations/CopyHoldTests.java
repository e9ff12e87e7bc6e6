package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyHoldTests {

  private static final int FILES = 2000;
  private static final int LARGE = 64 << 20;

  @TempDir Path host;
  private final List<String> told = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void heldTree_rests_andGoesOnWithWhatIsLeft() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      tree(fixture);
      CopyFixture.Running running = heldAt(fixture, "f0", "data:src", "data:dst");
      int before = calls.get();

      while (fixture.context.iterate(false)) {}
      assertThat(calls.get()).isEqualTo(before);
      assertThat(fixture.data.resolve("dst")).doesNotExist();
      running.change(CopyOperation::release);
      running.drive();

      assertThat(running.outcome().result().succeeded()).isEqualTo(FILES + 1);
      assertThat(fixture.data.resolve("dst").toFile().list()).hasSize(FILES);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void heldFile_restsBetweenChunks_andGoesOnWhereItWas() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      Files.write(fixture.data.resolve("f"), new byte[LARGE]);
      CopyFixture.Running running = heldAt(fixture, "f", "data:f", "data:g");
      long moved = running.moved();

      assertThat(moved).isLessThan(LARGE);
      assertThat(fixture.data.resolve("g")).doesNotExist();
      running.change(CopyOperation::release);
      running.drive();

      assertThat(running.outcome().result().bytes()).isEqualTo(LARGE);
      assertThat(running.outcome().bytesSeen()).isSorted().endsWith((long) LARGE);
    }
  }

  @Test
  void heldTree_thatIsCancelled_leavesNothing() throws Exception {
    try (CopyFixture fixture = new CopyFixture(host)) {
      tree(fixture);
      CopyFixture.Running running = heldAt(fixture, "f0", "data:src", "data:dst");

      fixture.cancellable.cancel();
      running.drive();

      assertThat(running.outcome().failure().isCancelled()).isTrue();
      assertThat(fixture.data.toFile().list()).containsExactly("src");
    }
  }

  private static void tree(CopyFixture fixture) throws IOException {
    Path source = Files.createDirectory(fixture.data.resolve("src"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(source.resolve("f" + i));
    }
  }

  /** Starts a copy and holds it while a worker is busy with that file; it rests then. */
  private CopyFixture.Running heldAt(CopyFixture fixture, String name, String from, String to)
      throws OperationException {
    Gate gate = new Gate();
    fixture.files.hook =
        (call, path) -> {
          calls.incrementAndGet();
          gate.passIf(call.equals("openCopy") && path.name().equals(name));
        };
    CopyFixture.Running running = fixture.copy(from, to).start();
    running.driveUntil(gate::isReached);
    running.change(copy -> copy.hold(() -> told.add("quiet")));
    assertThat(told).isEmpty();
    gate.open();
    running.driveUntil(() -> !told.isEmpty());
    assertThat(running.isOver()).isFalse();
    return running;
  }
}
