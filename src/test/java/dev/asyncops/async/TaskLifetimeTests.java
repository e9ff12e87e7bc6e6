package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a task holds, for how long, and what becomes of it. */
class TaskLifetimeTests {

  private static final int GCS = 20;

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  @RegisterExtension final LogCapture log = new LogCapture(UnreturnedTaskReport.class);
  private final MainContext context = loop.context();
  private final Cancellable cancellable = new Cancellable();
  private final List<String> released = Collections.synchronizedList(new ArrayList<>());

  @Test
  void t22_newData_releasesTheOldAtOnceAndTheLastAfterCompletionOnTheContext() {
    Task<String> task = loop.task(this, cancellable, (o, result) -> released.add("callback"));
    task.addCompletedListener(() -> released.add("completed"));

    task.setData("first", released::add);
    task.setData("second", data -> released.add(data + " owner " + context.isOwner()));
    List<String> atOnce = List.copyOf(released);
    task.returnValue("value");
    loop.drain();

    assertThat(atOnce).containsExactly("first");
    assertThat(released).containsExactly("first", "callback", "completed", "second owner true");
  }

  @Test
  void r3_t22_dataAndOwner_outliveTheDeliveryUntilTheFunctionEnds() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Task<String> task = loop.task(this, cancellable, null);
    task.setData("data", data -> released.add("owner " + context.isOwner()));
    task.setReturnOnCancel(true);
    task.runInThread(running -> {
      inside.countDown();
      OtherThread.await(goOn);
      released.add(running.data(String.class) + " " + this.equals(running.owner()));
    });
    OtherThread.await(inside);

    cancellable.cancel();
    loop.drain();
    boolean completed = task.isCompleted();
    List<String> whileRunning = List.copyOf(released);
    goOn.countDown();
    while (released.size() < 2) {
      context.iterate(true);
    }

    assertThat(completed).isTrue();
    assertThat(whileRunning).isEmpty();
    assertThat(released).containsExactly("data true", "owner true");
    assertThat(task.owner()).isNull();
  }

  @Test
  void t22_earlyEndThatCouldNotBeDelivered_releasesTheDataWhenTheFunctionEnds()
      throws InterruptedException {
    MainContext closed = new MainContext("closed");
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch dataReleased = new CountDownLatch(1);
    Task<String> task = Task.create(closed, this, cancellable, null);
    task.setData("data", data -> dataReleased.countDown());
    task.setReturnOnCancel(true);
    task.runInThread(running -> OtherThread.await(goOn));
    closed.close();

    cancellable.cancel();
    boolean early = dataReleased.await(0, TimeUnit.MILLISECONDS);
    goOn.countDown();

    assertThat(early).isFalse();
    OtherThread.await(dataReleased);
  }

  @Test
  void t22_hookThatThrows_isLoggedAndNothingElseIsLost() {
    loop.expectFailures(2);
    Task<String> task = loop.task(this, cancellable, null);
    task.setValueRelease(value -> {
      throw new IllegalArgumentException("on purpose");
    });
    task.setData(
        "data",
        data -> {
          throw new IllegalArgumentException("on purpose");
        });

    task.returnValue("value");
    loop.drain();

    assertThat(task.isCompleted()).isTrue();
    assertThat(context.failureCount()).isEqualTo(2);
  }

  @Test
  void t23_ownerInsideTheCallback_isTheSameObject() {
    Object owner = new Object();
    List<@Nullable Object> seen = new ArrayList<>();
    Task<String> task =
        loop.task(
            owner,
            cancellable,
            (o, result) -> {
              seen.add(o);
              seen.add(result.owner());
            });

    task.returnValue("value");
    loop.drain();

    assertThat(seen).hasSize(2).allSatisfy(o -> assertThat(o).isSameAs(owner));
    assertThat(task.owner()).isNull();
  }

  @Test
  void l1_t23_pendingTask_keepsItsOwnerAlive() {
    List<Task<String>> pending = new ArrayList<>();
    WeakReference<Object> owner = ownerOf(pending);

    System.gc();

    assertThat(owner.get()).isNotNull();
    pending.getFirst().returnValue("value");
  }

  private WeakReference<Object> ownerOf(List<Task<String>> pending) {
    Object owner = new Object();
    pending.add(loop.task(owner, cancellable, null));
    return new WeakReference<>(owner);
  }

  @Test
  void l6_t23_keptTask_keepsNothingElseAlive() {
    List<WeakReference<Object>> held = new ArrayList<>();
    Task<Object> task = taskHolding(held, "in callback");
    task.returnValue(heldObject(held));
    loop.drain();

    assertThat(held).hasSize(4).allSatisfy(TaskLifetimeTests::assertCleared);
    assertThat(task.isCompleted()).isTrue();
  }

  @Test
  void l6_t23_taskThatRanInThread_leavesNothingBehindInContextAndCancellable() {
    List<WeakReference<Object>> held = new ArrayList<>();
    Task<Object> task = taskHolding(held, "in thread");
    task.runInThread(running -> running.returnValue("value"));
    while (!task.isCompleted()) {
      context.iterate(true);
    }

    assertThat(held).hasSize(3).allSatisfy(TaskLifetimeTests::assertCleared);
    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void l6_closedRegistrations_keepNothingAlive() {
    List<Registration> kept = new ArrayList<>();
    WeakReference<Object> used = useInRegistrations(kept);

    kept.forEach(Registration::close);

    assertThat(kept).hasSize(4);
    assertCleared(used);
  }

  private WeakReference<Object> useInRegistrations(List<Registration> kept) {
    Object used = new Object();
    Runnable action = () -> released.add(used.toString());
    kept.add(cancellable.connect(action));
    kept.add(context.post(action));
    kept.add(context.after(Duration.ofDays(1), "t", action));
    kept.add(context.onCancelled(cancellable, Priority.LOW, "c", action));
    return new WeakReference<>(used);
  }

  /** Makes a task that holds an owner, a callback and data, which nobody else holds. */
  private Task<Object> taskHolding(List<WeakReference<Object>> held, String name) {
    Object owner = heldObject(held);
    Object inCallback = heldObject(held);
    Task<Object> task =
        loop.task(owner, cancellable, (o, result) -> released.add(inCallback.toString()));
    task.setName(name);
    task.setData(heldObject(held), data -> {});
    return task;
  }

  private static Object heldObject(List<WeakReference<Object>> held) {
    Object object = new Object();
    held.add(new WeakReference<>(object));
    return object;
  }

  private static void assertCleared(WeakReference<Object> reference) {
    for (int i = 0; i < GCS && reference.get() != null; i++) {
      System.gc();
    }
    assertThat(reference.get()).isNull();
  }

  @Test
  void t24_taskDroppedWithoutReturn_isReportedWithItsNameAndPlace() throws InterruptedException {
    CountDownLatch reported = new CountDownLatch(1);
    MainContext watched = watched(reported);
    dropTask(watched);

    awaitReport(reported);

    assertThat(log.lines(Level.ERROR))
        .singleElement()
        .asString()
        .contains("'forgotten'", "TaskLifetimeTests.dropTask");
  }

  @Test
  void t24_withoutDebugLog_thePlaceIsTheClassOfTheCallback() throws InterruptedException {
    log.setLevel(Level.INFO);
    CountDownLatch reported = new CountDownLatch(1);
    MainContext watched = watched(reported);
    dropTask(watched);

    awaitReport(reported);

    assertThat(log.lines(Level.ERROR))
        .singleElement()
        .asString()
        .contains("'forgotten'", "TaskLifetimeTests$$Lambda");
  }

  @Test
  void t24_taskThatWasReturned_orHasNoCallback_isNotReported() throws InterruptedException {
    CountDownLatch reported = new CountDownLatch(1);
    MainContext watched = watched(reported);
    dropReturnedTasks(watched);
    dropTask(watched); // the collector has been here when this one is reported

    awaitReport(reported);

    assertThat(log.lines(Level.ERROR)).hasSize(1);
  }

  private MainContext watched(CountDownLatch reported) {
    MainContextListener listener =
        new MainContextListener() {
          @Override
          public void taskUnreturned() {
            reported.countDown();
          }
        };
    return new MainContext("watched", loop.ticker(), listener);
  }

  private void dropTask(MainContext watched) {
    Task<String> dropped = Task.create(watched, this, Cancellable.none(), (o, result) -> {});
    dropped.setName("forgotten");
  }

  private void dropReturnedTasks(MainContext watched) {
    Task.<String>create(watched, this, Cancellable.none(), (o, result) -> {}).returnValue("value");
    Task.<String>create(watched, this, Cancellable.none(), null).setName("without callback");
    watched.iterate(false);
  }

  private static void awaitReport(CountDownLatch reported) throws InterruptedException {
    boolean seen = false;
    for (int i = 0; i < 10 * GCS && !seen; i++) {
      System.gc();
      seen = reported.await(50, TimeUnit.MILLISECONDS);
    }
    assertThat(seen).as("reported").isTrue();
  }

  @Test
  void c18_manyOperationsOnOneCancellable_leaveNoHandlerBehind() {
    for (int i = 0; i < 1_000_000; i++) {
      LinkedCancellable child = cancellable.linked();
      Task<String> task = Task.create(context, this, child, null);
      task.returnValue("value");
      child.close();
      if (i % 1_000 == 0) {
        loop.drain();
      }
    }

    assertThat(cancellable.handlerCount()).isZero();
  }
}
