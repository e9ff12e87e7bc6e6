package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeleteBatchHoldTests extends DeleteBatchFixture {

  private static final int FILES = 2000;

  private final List<String> told = new ArrayList<>();

  @Test
  void heldBatch_rests_andGoesOnWithWhatIsLeft() throws Exception {
    DeleteBatchOperation batch = batch(files(FILES));

    OperationDriver<DeleteBatchResult> driver = held(batch);

    long left = driver.pending();
    assertThat(left).isPositive();
    while (context.iterate(false)) {}
    assertThat(driver.pending()).isEqualTo(left);
    assertThat(data.toFile().list()).hasSize((int) left);
    owned(batch::release);
    driver.finish();
    assertThat(driver.ended(ItemState.SUCCEEDED)).isEqualTo(FILES);
    assertThat(data.toFile().list()).isEmpty();
    assertThat(told).hasSize(1);
  }

  @Test
  void p2_heldBatch_isJoined_andDoesNothingOfItBefore() throws Exception {
    DeleteBatchOperation batch = batch(files(FILES));
    OperationDriver<DeleteBatchResult> driver = held(batch);
    long left = driver.pending();

    assertThat(driver.join(batch(files("g", 3)))).isEqualTo(Operation.Join.JOINED);
    while (context.iterate(false)) {}

    assertThat(driver.pending()).isEqualTo(left + 3);
    owned(batch::release);
    assertThat(driver.finish().ended(ItemState.SUCCEEDED)).isEqualTo(FILES + 3);
  }

  @Test
  void heldBatch_thatIsCancelled_ends() throws Exception {
    OperationDriver<DeleteBatchResult> driver = held(batch(files(FILES)));

    driver.cancellable().cancel();

    driver.finish();
    assertThat(driver.error().isCancelled()).isTrue();
    assertThat(data.toFile().list()).isNotEmpty();
  }

  /** Holds a batch of {@code f0} and more in the middle of that file; returns when it rests. */
  private OperationDriver<DeleteBatchResult> held(DeleteBatchOperation batch) {
    Gate gate = gateAt("f0");
    OperationDriver<DeleteBatchResult> driver = driver(batch);
    driver.start();
    gate.awaitReached();
    owned(() -> batch.hold(() -> told.add("quiet")));
    assertThat(told).isEmpty();
    gate.open();
    driver.iterateUntil(() -> !told.isEmpty());
    return driver;
  }

  private void owned(Runnable action) {
    assertThat(context.acquire()).isTrue();
    try {
      action.run();
    } finally {
      context.release();
    }
  }
}
