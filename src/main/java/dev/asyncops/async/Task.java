package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of an asynchronous operation: carries its owner, its cancellable, its data and its
 * callback from the starting call to the end, and the result with them.
 *
 * <ul>
 *   <li>A task is <em>returned</em> once: with a value, an error, or as cancelled. The first return
 *       wins, also among threads; a later one gets false and its value is released (T10).
 *   <li>It is <em>delivered</em> once: the callback runs on the main context, in a later iteration,
 *       never inside the starting call or a return (T1, T3, T4, T5).
 *   <li>Its result is <em>propagated</em> once, by the callback (T12).
 *   <li>{@link #isCompleted} turns true right after the callback, exactly once (T18).
 *   <li>What happened before the return is visible to the callback (T11).
 *   <li>After completion it holds on to nothing: owner, callback, data and value are let go (T23).
 * </ul>
 *
 * <p><b>Cancellation.</b> With {@linkplain #setCheckCancellable checking} on, the default, a
 * cancellable that is cancelled by the time of propagating replaces the result, whatever it was
 * (T14). An operation that has a commit point switches that off and notices the cancel itself: what
 * was done must not be reported as cancelled (T15).
 *
 * <p><b>Threads.</b> A task is set up by the thread that made it before anybody else sees it.
 * Returning is legal from any thread; propagating belongs to the callback.
 *
 * @param <R> the value; {@code Void} where there is only success or failure
 */
public final class Task<R extends @Nullable Object> {

  private static final Logger LOG = System.getLogger(Task.class.getName());

  /** How far a task has come; it only goes forward. */
  private enum Stage {
    /** Nobody has returned it. */
    PENDING,
    /** It has its result, and its function still runs (R2). */
    RETURNED,
    /** Its delivery is posted, or its waiting caller is about to be told. */
    POSTED,
    /** Its callback has ended. */
    COMPLETED,
    /** It could not be delivered, for its context is closed (M21). */
    DROPPED
  }

  /** Whether a function of the task may still touch its owner and data. */
  private enum Function {
    NONE,
    RUNNING,
    ENDED
  }

  private final MainContext context;
  private final Cancellable cancellable;
  private final long createdIteration;
  private final @Nullable UnreturnedTaskReport unreturned;

  /** Guards everything below; nobody else's code runs while it is held. */
  private final Object lock = new Object();

  private @Nullable Object owner;
  private @Nullable TaskCallback<R> callback;
  private String name = "task";
  private @Nullable Object tag;
  private Priority priority = Priority.DEFAULT;
  private boolean checkCancellable = true;
  private boolean returnOnCancel;
  private boolean interruptOnCancel;
  private Consumer<? super R> valueRelease = value -> {};
  private @Nullable Held<?> data;
  private List<Runnable> completedListeners = List.of();

  private Stage stage = Stage.PENDING;
  private Function function = Function.NONE;

  /** What the winning return gave; null before, and once it was taken or let go. */
  private @Nullable TaskResult<R> result;

  private boolean propagated;
  private boolean hadError;
  private boolean endedEarly;
  private boolean secondReturnLogged;

  /** Opened when a caller that waits may go on; null if nobody waits (R10). */
  private volatile @Nullable CountDownLatch waiting;

  private Task(
      MainContext context,
      @Nullable Object owner,
      Cancellable cancellable,
      @Nullable TaskCallback<R> callback) {
    this.context = Objects.requireNonNull(context, "context");
    this.owner = owner;
    this.cancellable = Objects.requireNonNull(cancellable, "cancellable");
    this.callback = callback;
    createdIteration = context.isOwner() ? context.iteration() : -1;
    unreturned =
        callback == null ? null : UnreturnedTaskReport.watch(this, context, callback.getClass());
  }

  /**
   * Makes a task.
   *
   * @param owner the object whose operation this is; held until completion (T23)
   * @param cancellable {@link Cancellable#none} if nobody can cancel (A5)
   * @param callback null if nobody wants to know; the task has its whole life all the same (T2)
   */
  public static <R extends @Nullable Object> Task<R> create(
      MainContext context,
      @Nullable Object owner,
      Cancellable cancellable,
      @Nullable TaskCallback<R> callback) {
    return new Task<>(context, owner, cancellable, callback);
  }

  /**
   * Reports a refusal through the callback instead of throwing it: a task of its own without a
   * cancellable, returned at once. So it is deferred, delivered once, and never becomes CANCELLED
   * (A3, T20).
   */
  public static <R extends @Nullable Object> void reportError(
      MainContext context,
      @Nullable Object owner,
      Object tag,
      @Nullable TaskCallback<R> callback,
      OperationException error) {
    Task<R> task = create(context, owner, Cancellable.none(), callback);
    task.setName(tag.toString());
    task.setTag(tag);
    task.returnError(error);
  }

  // ---- Setting up

  /** Names the task in log lines, its worker's thread and its posted entry (T27). */
  public void setName(String name) {
    synchronized (lock) {
      this.name = Objects.requireNonNull(name, "name");
    }
    if (unreturned != null) {
      unreturned.setName(name);
    }
  }

  /** The name; "task" unless set. */
  public String name() {
    synchronized (lock) {
      return name;
    }
  }

  /** Says which operation this is a task of, for {@link #checkResultOf} (A4). */
  public void setTag(Object tag) {
    synchronized (lock) {
      this.tag = Objects.requireNonNull(tag, "tag");
    }
  }

  /** The priority of the delivery; counts only before the return (T8). */
  public void setPriority(Priority priority) {
    Objects.requireNonNull(priority, "priority");
    synchronized (lock) {
      if (stage == Stage.PENDING) {
        this.priority = priority;
      }
    }
  }

  /** The priority of the delivery. */
  public Priority priority() {
    synchronized (lock) {
      return priority;
    }
  }

  /**
   * Whether a cancel replaces the result at propagating; true unless set (T14, T15).
   *
   * @throws IllegalStateException if switched off while return-on-cancel is on (R7)
   */
  public void setCheckCancellable(boolean check) {
    synchronized (lock) {
      if (!check && returnOnCancel) {
        throw new IllegalStateException("Return-on-cancel needs the cancellable to be checked.");
      }
      checkCancellable = check;
    }
  }

  /**
   * What becomes of a value that nobody takes: one that lost, or was never propagated (T10, T13).
   */
  public void setValueRelease(Consumer<? super R> release) {
    synchronized (lock) {
      valueRelease = Objects.requireNonNull(release, "release");
    }
  }

  /**
   * Gives the task its data and releases the data it had at once. The last one is released exactly
   * once, after completion, on the main context, and not before the worker function has ended
   * (T22).
   */
  public <D> void setData(D data, Consumer<? super D> release) {
    Held<?> before;
    Held<?> given = new Held<>(data, release);
    synchronized (lock) {
      before = this.data;
      this.data = given;
    }
    letGo(before);
  }

  /** The task's data, as the operation that set it knows it. */
  public <D> D data(Class<D> type) {
    synchronized (lock) {
      return type.cast(Objects.requireNonNull(data, "no data").value());
    }
  }

  /** The owner object; null if it has none, or after completion (T23). */
  public @Nullable Object owner() {
    synchronized (lock) {
      return owner;
    }
  }

  /** The cancellable; {@link Cancellable#none} if the task has none. */
  public Cancellable cancellable() {
    return cancellable;
  }

  /** The context its callback runs on. */
  public MainContext context() {
    return context;
  }

  // ---- Returning

  /**
   * Returns the task with a value; null is a success too (T21). Any thread; never blocks. The first
   * return wins and gets true; a later one has no effect, and its value is released. The callback
   * runs in a later iteration, never inside this call (T1, T4, T10).
   */
  public boolean returnValue(R value) {
    return returnResult(new TaskResult.Success<>(value));
  }

  /** Returns the task with an error; otherwise as {@link #returnValue} (T21). */
  public boolean returnError(OperationException error) {
    return returnResult(new TaskResult.Failure<>(Objects.requireNonNull(error, "error")));
  }

  /**
   * Returns the task as cancelled iff its cancellable is cancelled, also when the cancellable is
   * not checked otherwise (T16).
   *
   * @return true iff the cancellable is cancelled
   */
  public boolean returnErrorIfCancelled() {
    if (!cancellable.isCancelled()) {
      return false;
    }
    returnError(OperationException.cancelled());
    return true;
  }

  // ---- Propagating

  /**
   * Takes the result out, once: the value is returned, the error thrown (T12).
   *
   * @throws OperationException the error; or CANCELLED if the cancellable is checked and was
   *     cancelled meanwhile, which consumes nothing and repeats (T14)
   * @throws IllegalStateException if the task was not returned yet, or this is the second time
   */
  public R propagate() throws OperationException {
    synchronized (lock) {
      if (!isPosted()) {
        throw new IllegalStateException("Task '%s' was not returned yet.".formatted(name));
      }
      if (propagated || result == null) {
        throw new IllegalStateException("Task '%s' has no result any more.".formatted(name));
      }
      if (checkCancellable) {
        cancellable.throwIfCancelled();
      }
      propagated = true;
      if (waiting != null && function != Function.RUNNING) {
        owner = null; // held so long for the finish method of a caller that waited (R10)
      }
      return switch (result) {
        case TaskResult.Success<R>(R value) -> {
          result = null;
          yield value;
        }
        case TaskResult.Failure<R>(OperationException error) -> throw error;
      };
    }
  }

  /**
   * Checks, for a finish method, that this is a result of that owner's operation; "no owner"
   * matches only "no owner". Consumes nothing (A4).
   *
   * @throws IllegalArgumentException if it is another's
   */
  @SuppressWarnings("ReferenceEquality") // the owner is who it is, not what it equals
  public void checkResultOf(@Nullable Object expectedOwner, Object expectedTag) {
    Object givenOwner;
    Object givenTag;
    synchronized (lock) {
      givenOwner = owner;
      givenTag = tag;
    }
    if (givenOwner != expectedOwner || !expectedTag.equals(givenTag)) {
      throw new IllegalArgumentException(
          "Task '%s' is not a result of '%s'.".formatted(name(), expectedTag));
    }
  }

  /**
   * Whether an error was returned, also after it was propagated; with the cancellable checked also
   * while that is cancelled (T17).
   */
  public boolean hadError() {
    synchronized (lock) {
      return hadError || (checkCancellable && cancellable.isCancelled());
    }
  }

  /** False until the callback has ended, then true for ever; not "was returned" (T18, T19). */
  public boolean isCompleted() {
    synchronized (lock) {
      return stage == Stage.COMPLETED;
    }
  }

  /**
   * Has the listener run on the main context right after the callback, before anything else is
   * dispatched (T18). One that comes after completion is posted, so none is lost (T19).
   */
  public void addCompletedListener(Runnable listener) {
    Objects.requireNonNull(listener, "listener");
    synchronized (lock) {
      if (stage != Stage.COMPLETED) {
        if (completedListeners.isEmpty()) {
          completedListeners = new ArrayList<>(1);
        }
        completedListeners.add(listener);
        return;
      }
    }
    context.post(priority(), name(), listener);
  }

  // ---- Running in a thread

  /** {@link #runInThread(Executor, TaskFunction)} on a virtual thread of its own (R11). */
  public void runInThread(TaskFunction<R> function) {
    runInThread(work -> Thread.ofVirtual().name(name()).start(work), function);
  }

  /**
   * Runs the function exactly once, off the main context, even if the cancellable is cancelled
   * already (R1). The delivery waits for the function to end (R2), unless {@linkplain
   * #setReturnOnCancel return-on-cancel} is on.
   *
   * <p>An executor that refuses, because it is closed, fails the task with CLOSED (A3).
   *
   * @param executor where it runs; must not run it in the calling thread
   * @throws IllegalStateException if the task runs or ran a function already (R9)
   */
  public void runInThread(Executor executor, TaskFunction<R> function) {
    TaskWorker<R> worker = begin(function, null);
    try {
      executor.execute(worker);
    } catch (RejectedExecutionException e) {
      worker.refuse(e);
    }
  }

  /**
   * Runs the function on a virtual thread and waits for it, or for a cancel with return-on-cancel.
   * The callback is not called; the task is completed when this returns, and holds its owner until
   * the result was propagated (R10).
   *
   * @throws IllegalStateException on the main context, which must not block
   * @throws InterruptedException if the waiting was interrupted; the function goes on
   */
  public void runInThreadSync(TaskFunction<R> function) throws InterruptedException {
    if (context.isOwner()) {
      throw new IllegalStateException("The main context does not wait for a task.");
    }
    CountDownLatch over = new CountDownLatch(1);
    Thread.ofVirtual().name(name()).start(begin(function, over));
    over.await();
  }

  /**
   * Whether a cancel ends the task at once while its function goes on in the background; what the
   * function returns later is released (R3). Off unless set, and of no effect on a task that runs
   * no function (R7).
   *
   * <p>Switching it off inside the function is the commit point: true means that from here a cancel
   * no longer ends the task early; false means that it is cancelled already and the function must
   * change nothing that can be seen from outside (R4). Switching it on after a cancel ends the task
   * at that moment and returns false (R5).
   *
   * @throws IllegalStateException if switched on while the cancellable is not checked (R7)
   */
  public boolean setReturnOnCancel(boolean on) {
    synchronized (lock) {
      if (on && !checkCancellable) {
        throw new IllegalStateException("Return-on-cancel needs the cancellable to be checked.");
      }
      if (function == Function.NONE || !cancellable.isCancelled()) {
        returnOnCancel = on;
        return true;
      }
      returnOnCancel |= on;
    }
    cancelledWhileRunning();
    return false;
  }

  /**
   * Whether a cancel interrupts the thread of the function; off unless set, and set before the
   * function runs. The interrupt can hit nothing but the function (R13). It closes an interruptible
   * channel that is just being used, so that channel must belong to this task alone.
   */
  public void setInterruptOnCancel(boolean on) {
    synchronized (lock) {
      interruptOnCancel = on;
    }
  }

  // ---- For its worker

  /** Ends the task early if return-on-cancel is on (R3, R5); it was cancelled. Any thread. */
  void cancelledWhileRunning() {
    Delivery delivery;
    synchronized (lock) {
      if (!returnOnCancel || isPosted()) {
        return;
      }
      if (stage == Stage.PENDING) {
        keep(new TaskResult.Failure<>(OperationException.cancelled()));
      }
      endedEarly = true;
      delivery = becomePosted();
    }
    post(delivery);
  }

  /** The function has ended: delivers, unless that was done early (R2, R3, R8). */
  void functionEnded() {
    Delivery delivery;
    synchronized (lock) {
      function = Function.ENDED;
      if (stage == Stage.PENDING) {
        keep(new TaskResult.Failure<>(noResult()));
      }
      delivery = isPosted() ? null : becomePosted();
    }
    if (delivery != null) {
      post(delivery);
    } else {
      letGoOfDataIfOver();
    }
  }

  // ---- Inside

  private boolean returnResult(TaskResult<R> attempt) {
    Delivery delivery = null;
    boolean won;
    synchronized (lock) {
      won = stage == Stage.PENDING;
      if (won) {
        keep(attempt);
        if (function == Function.RUNNING) {
          stage = Stage.RETURNED;
        } else {
          delivery = becomePosted();
        }
      }
    }
    if (delivery != null) {
      post(delivery);
    } else if (!won) {
      refuse(attempt);
    }
    return won;
  }

  private static OperationException noResult() {
    return new OperationException(ErrorCode.FAILED, "The task ended without a result.");
  }

  /** Whether the delivery is on its way or was; the caller holds the lock. */
  private boolean isPosted() {
    return stage.compareTo(Stage.POSTED) >= 0;
  }

  /** Whoever gets this delivery posts it, so it happens once (T1); the caller holds the lock. */
  private Delivery becomePosted() {
    stage = Stage.POSTED;
    return new Delivery(priority, name);
  }

  /** Keeps the result of the return that won; the caller holds the lock and moves the stage. */
  private void keep(TaskResult<R> won) {
    result = won;
    hadError = won instanceof TaskResult.Failure;
  }

  private void refuse(TaskResult<R> attempt) {
    boolean log;
    Consumer<? super R> release;
    synchronized (lock) {
      log = !endedEarly && !secondReturnLogged; // after an early end it is what R3 expects
      secondReturnLogged |= log;
      release = valueRelease;
    }
    if (log) {
      Throwable lost =
          attempt instanceof TaskResult.Failure<R>(OperationException error) ? error : null;
      LOG.log(Level.WARNING, "Task '%s' was returned a second time.".formatted(name()), lost);
    }
    letGo(held(attempt, release));
  }

  private void post(Delivery delivery) {
    if (unreturned != null) {
      unreturned.returned();
    }
    CountDownLatch waiter = waiting;
    if (waiter != null) {
      completeFor(waiter);
      return;
    }
    try {
      context.enqueue(delivery);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.WARNING, "Task '%s' ended after its context had closed.".formatted(name()));
    }
  }

  /** The posted entry of a task; its hook comes after the callback, or instead of it (M21). */
  private final class Delivery extends Entry {

    Delivery(Priority priority, String name) {
      super(context, priority, name);
    }

    @Override
    void act() {
      deliver();
    }

    @Override
    void letGo() {
      letGoOfAll();
    }
  }

  private void deliver() {
    assert createdIteration < context.iteration() : "delivered in the iteration it was made in";
    TaskCallback<R> ready;
    Object source;
    synchronized (lock) {
      ready = callback;
      source = owner;
    }
    if (ready != null) {
      guarded(() -> ready.ready(source, this));
    }
    complete().forEach(this::guarded);
  }

  /** Completes a task whose caller waits for it: in the thread that ended it, with no callback. */
  private void completeFor(CountDownLatch waiter) {
    try {
      complete().forEach(listener -> context.post(priority(), name(), listener));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.WARNING, "Task '%s' ended after its context had closed.".formatted(name()));
    } finally {
      letGoOfDataIfOver();
      waiter.countDown();
    }
  }

  /** Turns {@code completed} true and gives the listeners that want to know. */
  private List<Runnable> complete() {
    synchronized (lock) {
      stage = Stage.COMPLETED;
      List<Runnable> listeners = completedListeners;
      completedListeners = List.of();
      return listeners;
    }
  }

  /** Drops and releases what the task held: the value now, the data when no function runs (T23). */
  private void letGoOfAll() {
    Held<R> value;
    Held<?> last;
    synchronized (lock) {
      if (stage == Stage.POSTED) {
        stage = Stage.DROPPED;
        completedListeners = List.of();
      }
      value = held(result, valueRelease);
      result = null;
      callback = null;
      last = takeData();
    }
    letGo(value);
    letGoOnContext(last);
  }

  private void letGoOfDataIfOver() {
    Held<?> last;
    synchronized (lock) {
      last = stage == Stage.POSTED ? null : takeData();
    }
    letGoOnContext(last);
  }

  /** Takes the data, and drops the owner, unless a function may still use them (T22). */
  private @Nullable Held<?> takeData() {
    if (function == Function.RUNNING) {
      return null;
    }
    Held<?> last = data;
    data = null;
    if (waiting == null || propagated) {
      owner = null;
    }
    return last;
  }

  private void letGoOnContext(@Nullable Held<?> last) {
    if (last == null) {
      return;
    }
    try {
      context.invoke(() -> letGo(last));
    } catch (RejectedExecutionException e) {
      letGo(last);
    }
  }

  private void letGo(@Nullable Held<?> held) {
    if (held != null) {
      guarded(held::letGo);
    }
  }

  private static <R extends @Nullable Object> @Nullable Held<R> held(
      @Nullable TaskResult<R> result, Consumer<? super R> release) {
    return result instanceof TaskResult.Success<R>(R value) && value != null
        ? new Held<>(value, release)
        : null;
  }

  private void guarded(Runnable runnable) {
    try {
      runnable.run();
    } catch (Throwable e) { // completion, release and all other callbacks go on (T25)
      context.callbackFailed(name(), e);
    }
  }

  private TaskWorker<R> begin(TaskFunction<R> work, @Nullable CountDownLatch waiter) {
    TaskWorker<R> worker;
    synchronized (lock) {
      if (function != Function.NONE) {
        throw new IllegalStateException("Task '%s' runs a function already.".formatted(name));
      }
      worker = new TaskWorker<>(this, work, interruptOnCancel);
      function = Function.RUNNING;
      if (waiter != null) {
        waiting = waiter;
        callback = null;
      }
    }
    worker.connect();
    return worker;
  }
}
