package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Priority;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Verify;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Small work is done while large work goes on at the same root (R12); counted, not timed. */
class FairnessFaultTests extends DeleteBatchFixture {

  private static final int FILES = 20_000;

  /** A turn of every worker for each step of the copy: its check, its file, its end. */
  private static final int MOST_SERVED = 4 * THREADS * LeftToDelete.Paths.MOST;

  private final Semaphore turns = new Semaphore(0);
  private final AtomicInteger served = new AtomicInteger();

  @Test
  void r12_oneFileIsCopied_whileABatchOfManyPathsIsDeleted() throws Exception {
    assertThat(servedUntilACopyIsOver(batch(files(FILES)))).isLessThan(MOST_SERVED);
  }

  @Test
  void r12_oneFileIsCopied_whileALargeDirectoryIsDeleted() throws Exception {
    Files.createDirectory(data.resolve("large"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(data.resolve("large/f" + i));
    }

    DeleteBatchOperation batch = batch(List.of(path("large")), true, false, false, false);

    assertThat(servedUntilACopyIsOver(batch)).isLessThan(MOST_SERVED);
    assertThat(data.resolve("large")).doesNotExist();
  }

  /** How many deletions were begun between the handing in of a copy and its end. */
  private int servedUntilACopyIsOver(DeleteBatchOperation batch) throws Exception {
    Files.writeString(data.resolve("one"), "one");
    hook =
        (call, path) -> {
          if (call.equals("delete") && !path.name().startsWith(".asyncops-")) {
            served.incrementAndGet();
            turns.acquireUninterruptibly();
          }
        };
    OperationDriver<DeleteBatchResult> deletion = driver(batch);
    deletion.start();
    turns.release(100);
    iterateUntil(() -> served.get() >= 100);
    OperationDriver<CopyResult> copy =
        new OperationDriver<>(context, copyOfOne(), new Cancellable());
    int before = served.get();

    copy.start();
    while (copy.deliveries() == 0) {
      int now = served.get();
      turns.release();
      iterateUntil(() -> served.get() > now || copy.deliveries() > 0);
    }
    int during = served.get() - before;

    turns.release(2 * FILES);
    deletion.finish();
    assertThat(deletion.value().deleted()).isGreaterThanOrEqualTo(FILES);
    assertThat(data.resolve("copied")).hasContent("one");
    return during;
  }

  private CopyOperation copyOfOne() {
    return new CopyOperation(
        new CopyRequest(
            path("one"),
            path("copied"),
            OnConflict.FAIL,
            false,
            Set.of(),
            Verify.NONE,
            Durability.FSYNC,
            List.of(),
            List.of(),
            false,
            false),
        new OperationOptions(Priority.DEFAULT, null),
        services());
  }

  private void iterateUntil(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      context.iterate(false);
      Thread.onSpinWait();
    }
  }
}
