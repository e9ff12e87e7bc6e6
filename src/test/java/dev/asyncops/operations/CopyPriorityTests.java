package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of low priority on a main context that always has something better to do. */
class CopyPriorityTests {

  @TempDir Path host;
  private CopyFixture fixture;
  private Registration betterWork;

  @BeforeEach
  void open() throws Exception {
    fixture = new CopyFixture(host);
    Files.writeString(fixture.data.resolve("f"), "f");
    betterWork = fixture.context.every(Duration.ZERO, Priority.DEFAULT, "better work", () -> {});
  }

  @AfterEach
  void close() {
    betterWork.close();
    fixture.close();
  }

  @Test
  void raised_whileItRuns_comesToItsEnd() throws Exception {
    CopyFixture.Running running = starved();

    running.change(copy -> copy.setPriority(Priority.HIGH));

    running.drive();
    assertThat(running.outcome().result().succeeded()).isEqualTo(1);
  }

  @Test
  void raised_whileItIsQueued_comesToItsEnd() throws Exception {
    CopyFixture.Running running = fixture.copy("data:f", "data:g").prepare(Priority.LOW);

    running.change(copy -> copy.setPriority(Priority.DEFAULT));

    running.startNow().drive();
    assertThat(running.outcome().result().succeeded()).isEqualTo(1);
  }

  @Test
  void k9_cancelled_doesNotWaitBehindOtherWork() throws Exception {
    CopyFixture.Running running = starved();

    fixture.cancellable.cancel();

    running.drive();
    assertThat(running.outcome().failure().isCancelled()).isTrue();
    assertThat(fixture.data.toFile().list()).containsExactly("f");
  }

  @Test
  void k9_cancelled_staysUrgent_whateverItIsChangedTo() throws Exception {
    CopyFixture.Running running = starved();
    fixture.cancellable.cancel();

    running.change(copy -> copy.setPriority(Priority.LOW));

    running.drive();
    assertThat(running.outcome().failure().isCancelled()).isTrue();
  }

  /** Its first answer from a worker waits, and will for ever. */
  private CopyFixture.Running starved() throws Exception {
    CopyFixture.Running running = fixture.copy("data:f", "data:g").start(Priority.LOW);
    while (fixture.context.queueDepths().getOrDefault(Priority.LOW, 0) == 0) {
      fixture.context.iterate(false);
    }
    for (int i = 0; i < 1000; i++) {
      fixture.context.iterate(false);
    }
    assertThat(running.isOver()).isFalse();
    return running;
  }
}
