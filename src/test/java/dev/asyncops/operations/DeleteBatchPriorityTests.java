package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation;
import dev.asyncops.async.Priority;
import dev.asyncops.files.IoPool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One worker is left, and it has to choose. */
class DeleteBatchPriorityTests extends DeleteBatchFixture {

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Gate allBusy = new Gate();
  private final Gate oneBusy = new Gate();
  private IoPool pool;

  @BeforeEach
  void holdTheWorkers() {
    hook = (_, path) -> done.add(path.name());
    pool = services().pools().of(path("a"));
    IoPool.Lane lane = pool.openLane(Priority.HIGH, Cancellable.none());
    lane.execute(() -> oneBusy.passIf(true));
    oneBusy.awaitReached();
    lane.execute(() -> allBusy.passIf(true));
    allBusy.awaitReached();
    lane.close();
  }

  @AfterEach
  void letThemGo() {
    allBusy.open();
    oneBusy.open();
  }

  @Test
  void lowered_whileItRuns_letsOthersGoFirst() throws Exception {
    DeleteBatchOperation batch = batch(files(1));
    OperationDriver<DeleteBatchResult> driver = driver(batch);
    driver.start();
    others(Priority.DEFAULT);

    change(batch, Priority.LOW);

    allBusy.open();
    driver.finish();
    assertThat(done).containsExactly("other", "f0");
  }

  @Test
  void raised_whileItIsQueued_goesFirst() throws Exception {
    DeleteBatchOperation batch = batch(files(1));
    OperationDriver<DeleteBatchResult> driver = driver(batch);
    others(Priority.DEFAULT);

    change(batch, Priority.HIGH);

    driver.start();
    allBusy.open();
    driver.finish();
    assertThat(done).startsWith("f0");
  }

  @Test
  void p2_changedBatch_isJoinedByThoseWhoAskForWhatItWasAskedFor() throws Exception {
    DeleteBatchOperation batch = batch(files("a", 1));
    OperationDriver<DeleteBatchResult> driver = driver(batch);
    driver.start();

    change(batch, Priority.LOW);

    assertThat(driver.join(batch(files("b", 1)))).isEqualTo(Operation.Join.JOINED);
    allBusy.open();
    assertThat(driver.finish().ended(ItemState.SUCCEEDED)).isEqualTo(2);
  }

  private void others(Priority priority) {
    try (IoPool.Lane lane = pool.openLane(priority, Cancellable.none())) {
      lane.execute(() -> done.add("other"));
    }
  }

  private void change(DeleteBatchOperation batch, Priority priority) {
    assertThat(context.acquire()).isTrue();
    try {
      batch.setPriority(priority);
    } finally {
      context.release();
    }
  }
}
