package dev.asyncops.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Priority;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoPoolTests {

  private final IoPool pool = new IoPool("data", 1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch gateReached = new CountDownLatch(1);
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    gate.countDown();
    pool.close();
  }

  @Test
  void r12_insideALane_workIsDoneInOrder() throws InterruptedException {
    IoPool.Lane lane = heldLane(Priority.DEFAULT, Cancellable.none());
    lane.execute(says("1"));
    lane.execute(says("2"));
    lane.execute(says("3"));

    gate.countDown();

    assertThat(take(3)).containsExactly("1", "2", "3");
  }

  @Test
  void r12_lanesOfEqualPriority_takeTurns() throws InterruptedException {
    hold();
    IoPool.Lane many = pool.openLane(Priority.DEFAULT, Cancellable.none());
    IoPool.Lane few = pool.openLane(Priority.DEFAULT, Cancellable.none());
    for (int i = 1; i <= 3; i++) {
      many.execute(says("many" + i));
    }
    few.execute(says("few"));

    gate.countDown();

    assertThat(take(4)).containsExactly("many1", "few", "many2", "many3");
  }

  @Test
  void r12_betterPriority_goesFirst_andMayChange() throws InterruptedException {
    hold();
    IoPool.Lane low = pool.openLane(Priority.LOW, Cancellable.none());
    IoPool.Lane raised = pool.openLane(Priority.LOW, Cancellable.none());
    IoPool.Lane high = pool.openLane(Priority.DEFAULT, Cancellable.none());
    low.execute(says("low"));
    raised.execute(says("raised"));
    high.execute(says("default"));
    raised.setPriority(Priority.HIGH);

    gate.countDown();

    assertThat(take(3)).containsExactly("raised", "default", "low");
  }

  @Test
  void r12_cancelledLane_goesFirst() throws InterruptedException {
    hold();
    Cancellable cancellable = new Cancellable();
    IoPool.Lane high = pool.openLane(Priority.HIGH, Cancellable.none());
    IoPool.Lane cancelled = pool.openLane(Priority.LOW, cancellable);
    high.execute(says("high"));
    cancelled.execute(says("cancelled"));
    cancellable.cancel();

    gate.countDown();

    assertThat(take(2)).containsExactly("cancelled", "high");
  }

  @Test
  void heldLane_isQuietWhenItsPieceIsDone_andBeginsNothingUntilItIsReleased()
      throws InterruptedException {
    IoPool.Lane lane = pool.openLane(Priority.DEFAULT, Cancellable.none());
    IoPool.Lane other = pool.openLane(Priority.LOW, Cancellable.none());
    lane.execute(() -> {
      gateReached.countDown();
      await(gate);
      done.add("1");
    });
    assertThat(gateReached.await(10, TimeUnit.SECONDS)).isTrue();
    lane.execute(says("2"));

    lane.hold(says("quiet"));
    other.execute(says("other"));
    assertThat(done).isEmpty();
    gate.countDown();

    assertThat(take(3)).containsExactly("1", "quiet", "other");
    assertThat(pool.queued()).isZero();
    lane.execute(says("3"));
    other.execute(says("more"));
    assertThat(take(1)).containsExactly("more");
    lane.release();
    assertThat(take(2)).containsExactly("2", "3");
  }

  @Test
  void laneThatRests_isQuietAtOnce_andNotIfItIsReleasedBefore() throws InterruptedException {
    IoPool.Lane lane = pool.openLane(Priority.DEFAULT, Cancellable.none());
    lane.hold(says("quiet"));
    assertThat(take(1)).containsExactly("quiet");
    lane.release();
    hold();
    IoPool.Lane second = pool.openLane(Priority.DEFAULT, Cancellable.none());
    second.execute(says("work"));
    second.release();

    gate.countDown();

    assertThat(take(1)).containsExactly("work");
    assertThat(done).isEmpty();
  }

  @Test
  void heldLane_isServedWhenItIsCancelled() throws InterruptedException {
    Cancellable cancellable = new Cancellable();
    IoPool.Lane lane = pool.openLane(Priority.DEFAULT, cancellable);
    lane.hold(() -> {});
    lane.execute(says("clean up"));

    cancellable.cancel();

    assertThat(take(1)).containsExactly("clean up");
  }

  @Test
  void workThatThrows_leavesTheWorkerAlive() throws InterruptedException {
    IoPool.Lane lane = pool.openLane(Priority.DEFAULT, Cancellable.none());

    lane.execute(() -> {
      throw new IllegalStateException("on purpose");
    });
    lane.execute(says("next"));

    assertThat(take(1)).containsExactly("next");
  }

  @Test
  void threads_areNamed_boundedAndPlatform() throws InterruptedException {
    Set<String> names = ConcurrentHashMap.newKeySet();
    try (IoPool three = new IoPool("data", 3)) {
      IoPool.Lane lane = three.openLane(Priority.DEFAULT, Cancellable.none());
      CountDownLatch allAtWork = new CountDownLatch(3);
      AtomicInteger virtual = new AtomicInteger();
      for (int i = 0; i < 30; i++) {
        lane.execute(() -> {
          names.add(Thread.currentThread().getName());
          virtual.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
          allAtWork.countDown();
          await(gate);
          done.add("done");
        });
      }

      assertThat(allAtWork.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(three.busy()).isEqualTo(3);
      assertThat(three.queued()).isEqualTo(27);
      gate.countDown();
      take(30);
    }

    assertThat(names).containsExactlyInAnyOrder("io-data-1", "io-data-2", "io-data-3");
  }

  @Test
  void idleThread_endsAndAnotherIsStartedWhenNeeded() throws InterruptedException {
    try (IoPool brief = new IoPool("brief", 1, Duration.ofMillis(1), IoPool.threads("brief"))) {
      IoPool.Lane lane = brief.openLane(Priority.DEFAULT, Cancellable.none());
      Thread first = workerOf(lane);
      lane.close();

      assertThat(first.join(Duration.ofSeconds(10))).isTrue();
      IoPool.Lane next = brief.openLane(Priority.DEFAULT, Cancellable.none());
      assertThat(workerOf(next)).isNotSameAs(first);
    }
  }

  @Test
  void close_refusesLanes_butServesThoseThatAreOpen() throws InterruptedException {
    IoPool.Lane lane = heldLane(Priority.DEFAULT, Cancellable.none());
    lane.execute(says("queued"));
    pool.close();

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.openLane(Priority.DEFAULT, Cancellable.none()));
    gate.countDown();
    assertThat(take(1)).containsExactly("queued");
    lane.execute(says("late"));
    assertThat(take(1)).containsExactly("late");
  }

  @Test
  void closedPool_endsItsThread_withItsLastLane() throws InterruptedException {
    IoPool.Lane lane = pool.openLane(Priority.DEFAULT, Cancellable.none());
    IoPool.Lane other = pool.openLane(Priority.DEFAULT, Cancellable.none());
    Thread worker = workerOf(lane);
    pool.close();
    lane.close();

    assertThat(workerOf(other)).isSameAs(worker);
    other.close();

    assertThat(worker.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void openLane_hasAThread_howeverLongItIsIdle() throws InterruptedException {
    CountDownLatch twice = new CountDownLatch(2);
    try (IoPool brief =
        new IoPool(
            "brief",
            1,
            Duration.ofNanos(1),
            work -> {
              twice.countDown();
              return Thread.ofPlatform().daemon().unstarted(work);
            })) {
      IoPool.Lane lane = brief.openLane(Priority.DEFAULT, Cancellable.none());
      Thread worker = workerOf(lane);
      IoPool.Lane other = brief.openLane(Priority.DEFAULT, Cancellable.none());
      lane.close();

      assertThat(workerOf(other)).isSameAs(worker);
      other.close();
      assertThat(worker.join(Duration.ofSeconds(10))).isTrue();
      assertThat(twice.getCount()).isEqualTo(1);
    }
  }

  @Test
  void noThreadToBeHad_refusesTheLane_unlessThereIsOne() throws InterruptedException {
    AtomicInteger left = new AtomicInteger();
    ThreadFactory few =
        work -> {
          if (left.getAndDecrement() <= 0) {
            throw new OutOfMemoryError("on purpose");
          }
          return Thread.ofPlatform().daemon().unstarted(work);
        };
    try (IoPool poor = new IoPool("poor", 4, Duration.ofSeconds(30), few)) {
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(() -> poor.openLane(Priority.DEFAULT, Cancellable.none()));
      left.set(1);
      IoPool.Lane lane = poor.openLane(Priority.DEFAULT, Cancellable.none());
      for (int i = 1; i <= 3; i++) {
        lane.execute(says("" + i));
      }

      assertThat(take(3)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void idleThread_holdsNothingOfItsLastPiece() throws InterruptedException {
    IoPool.Lane lane = pool.openLane(Priority.DEFAULT, Cancellable.none());
    WeakReference<Runnable> piece = new WeakReference<>(handIn(lane));
    workerOf(lane);

    for (int i = 0; i < 100 && piece.get() != null; i++) {
      System.gc();
    }

    assertThat(piece.get()).isNull();
  }

  private Runnable handIn(IoPool.Lane lane) {
    Runnable piece =
        new Runnable() {
          @Override
          public void run() {
            done.add("held " + hashCode());
          }
        };
    lane.execute(piece);
    return piece;
  }

  @Test
  void closedLane_refusesWork_andLeavesNoHandlerBehind() throws InterruptedException {
    Cancellable cancellable = new Cancellable();
    IoPool.Lane lane = heldLane(Priority.DEFAULT, cancellable);
    lane.execute(says("queued"));
    lane.close();
    lane.close();

    assertThatIllegalStateException().isThrownBy(() -> lane.execute(says("late")));
    gate.countDown();
    assertThat(take(1)).containsExactly("queued");
  }

  @Test
  void pools_areOneARoot_andOneAPairOfRoots() {
    List<Root> roots =
        List.of(new Root("a", Path.of("a"), false), new Root("b", Path.of("b"), false));
    RootPath a = new RootPath("a", List.of("x"));
    RootPath b = new RootPath("b", List.of());

    try (IoPools pools = new IoPools(roots, 2)) {
      assertThat(pools.all()).extracting(IoPool::name).containsExactly("a", "a:b", "b:a", "b");
      assertThat(pools.all()).allMatch(p -> p.limit() == 2 && p.busy() == 0 && p.queued() == 0);
      assertThat(pools.between(a, a)).isSameAs(pools.of(a));
      assertThat(pools.between(a, b)).isNotSameAs(pools.between(b, a));
    }
  }

  private IoPool.Lane heldLane(Priority priority, Cancellable cancellable)
      throws InterruptedException {
    hold();
    return pool.openLane(priority, cancellable);
  }

  /** The thread that serves the lane. */
  private static Thread workerOf(IoPool.Lane lane) throws InterruptedException {
    BlockingQueue<Thread> workers = new LinkedBlockingQueue<>();
    lane.execute(() -> workers.add(Thread.currentThread()));
    return Objects.requireNonNull(workers.poll(10, TimeUnit.SECONDS));
  }

  /** Keeps the only worker busy until the gate opens. */
  private void hold() throws InterruptedException {
    IoPool.Lane lane = pool.openLane(Priority.HIGH, Cancellable.none());
    lane.execute(() -> {
      gateReached.countDown();
      await(gate);
    });
    lane.close();
    assertThat(gateReached.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private Runnable says(String word) {
    return () -> done.add(word);
  }

  private List<String> take(int words) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      taken.add(done.poll(10, TimeUnit.SECONDS));
    }
    return taken;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
