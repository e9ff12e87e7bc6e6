package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Snapshots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits while the writer is at work goes into one transaction; the test holds the writer. */
@Timeout(60)
class GroupCommitTests {

  @TempDir Path directory;

  private final AtomicInteger commits = new AtomicInteger();
  private final Semaphore atWork = new Semaphore(0);
  private final Semaphore goOn = new Semaphore(0);
  private StoreRig rig;

  /** Opens the same registry each time. */
  StoreRig open(LongConsumer committed) {
    return new StoreRig(directory, committed);
  }

  @BeforeEach
  void open() {
    rig = open(_ -> afterCommit());
  }

  @AfterEach
  void close() {
    goOn.release(1000);
    rig.close();
  }

  @Test
  void whatWaits_isOneTransactionAndOneEntryOnTheMainContext() throws Exception {
    holdTheWriter();
    List<OperationId> told = new ArrayList<>();
    List<OperationId> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      OperationSnapshot operation = rig.operation();
      asked.add(operation.id());
      rig.store.admit(operation, null, _ -> told.add(operation.id()));
    }

    goOn.release();
    assertThat(atWork.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    goOn.release();
    while (told.isEmpty()) {
      rig.context.iterate(true);
    }

    assertThat(told).isEqualTo(asked);
    assertThat(commits).hasValue(2);
  }

  @Test
  void ofSeveralSnapshotsThatWait_onlyTheNewestIsWrittenAndAllAreTold() throws Exception {
    goOn.release();
    OperationSnapshot queued = rig.admitted();
    assertThat(atWork.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    holdTheWriter();
    List<Long> told = new ArrayList<>();
    OperationSnapshot next = queued;
    for (int i = 0; i < 5; i++) {
      next = Snapshots.with(next, OperationState.RUNNING);
      long revision = next.revision();
      rig.store.save(next, _ -> told.add(revision));
    }
    OperationSnapshot newest = next;

    goOn.release(1000);
    assertThat(rig.answer(rig.store::check)).isNull();

    assertThat(told).containsExactly(2L, 3L, 4L, 5L, 6L);
    assertThat(rig.store.find(queued.id())).contains(newest);
  }

  @Test
  void whatWaitsAtTheEnd_isWritten() throws Exception {
    holdTheWriter();
    OperationSnapshot operation = rig.operation();
    rig.store.admit(operation, null, _ -> {});

    goOn.release(1000);
    rig.close();

    rig = open(_ -> {});
    assertThat(rig.store.find(operation.id())).contains(operation);
  }

  private void holdTheWriter() throws InterruptedException {
    rig.store.check(_ -> {});
    assertThat(atWork.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    commits.set(1);
  }

  private void afterCommit() {
    commits.incrementAndGet();
    atWork.release();
    goOn.acquireUninterruptibly();
  }
}
