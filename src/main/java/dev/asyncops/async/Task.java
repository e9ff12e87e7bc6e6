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

  private final MainContext context;
  private final Cancellable cancellable;
  private final long createdIteration;
  private final @Nullable UnreturnedTaskReport unreturned;

  /** Guards everything below. */
  private final Object lock = new Object();

  private @Nullable Object owner;
  private @Nullable TaskCallback<R> callback;
  private String name = "task";
  private @Nullable Object tag;
  private Priority priority = Priority.DEFAULT;
  private boolean checkCancellable = true;
  private Consumer<? super R> valueRelease = value -> {};

  private @Nullable Object data;
  private Consumer<Object> dataRelease = released -> {};
  private List<Runnable> completedListeners = new ArrayList<>();

  /** Set by the return that won; dropped at completion, or when the value was taken. */
  private @Nullable Result<R> result;

  private boolean returned;
  private boolean deliverable;
  private boolean propagated;
  private boolean completed;
  private boolean hadError;
  private boolean secondReturnLogged;

  private @Nullable Worker worker;
  private boolean returnOnCancel;
  private boolean interruptOnCancel;

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
    unreturned = callback == null ? null : UnreturnedTaskReport.watch(this, context);
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
    synchronized (lock) {
      this.priority = Objects.requireNonNull(priority, "priority");
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
  @SuppressWarnings("unchecked")
  public <D> void setData(D data, Consumer<? super D> release) {
    Object before;
    Consumer<Object> beforeRelease;
    synchronized (lock) {
      before = this.data;
      beforeRelease = dataRelease;
      this.data = Objects.requireNonNull(data, "data");
      dataRelease = (Consumer<Object>) Objects.requireNonNull(release, "release");
    }
    if (before != null) {
      guarded(() -> beforeRelease.accept(before));
    }
  }

  /** The task's data, as the operation that set it knows it. */
  public <D> D data(Class<D> type) {
    synchronized (lock) {
      return type.cast(Objects.requireNonNull(data, "no data"));
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
    return returnResult(new Result.Value<>(value));
  }

  /** Returns the task with an error; otherwise as {@link #returnValue} (T21). */
  public boolean returnError(OperationException error) {
    return returnResult(new Result.Error<>(Objects.requireNonNull(error, "error")));
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
      if (!deliverable) {
        throw new IllegalStateException("Task '%s' was not returned yet.".formatted(name));
      }
      if (propagated || result == null) {
        throw new IllegalStateException("Task '%s' has no result any more.".formatted(name));
      }
      if (checkCancellable) {
        cancellable.throwIfCancelled();
      }
      propagated = true;
      return switch (result) {
        case Result.Value<R>(R value) -> {
          result = null;
          yield value;
        }
        case Result.Error<R>(OperationException error) -> throw error;
      };
    }
  }

  /**
   * Checks, for a finish method, that this is a result of that owner's operation; "no owner"
   * matches only "no owner". Consumes nothing (A4).
   *
   * @throws IllegalArgumentException if it is another's
   */
  public void checkResultOf(@Nullable Object expectedOwner, Object expectedTag) {
    synchronized (lock) {
      if (owner != expectedOwner || !expectedTag.equals(tag)) {
        throw new IllegalArgumentException(
            "Task '%s' is not a result of '%s'.".formatted(name, expectedTag));
      }
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
      return completed;
    }
  }

  /**
   * Has the listener run on the main context right after the callback, before anything else is
   * dispatched (T18). One that comes after completion is posted, so none is lost (T19).
   */
  public void addCompletedListener(Runnable listener) {
    synchronized (lock) {
      if (!completed) {
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
   * @param executor where it runs; must not run it in the calling thread
   * @throws IllegalStateException if the task runs or ran a function already (R9)
   */
  public void runInThread(Executor executor, TaskFunction<R> function) {
    executor.execute(begin(function, false)::run);
  }

  /**
   * Runs the function on a virtual thread and waits for it, or for a cancel with return-on-cancel.
   * The callback is not called, and the task is completed when this returns (R10).
   *
   * @throws IllegalStateException on the main context, which must not block
   */
  public void runInThreadSync(TaskFunction<R> function) throws InterruptedException {
    if (context.isOwner()) {
      throw new IllegalStateException("The main context does not wait for a task.");
    }
    Worker sync = begin(function, true);
    Thread.ofVirtual().name(name()).start(sync::run);
    sync.delivered.await();
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
    boolean endNow;
    synchronized (lock) {
      if (on && !checkCancellable) {
        throw new IllegalStateException("Return-on-cancel needs the cancellable to be checked.");
      }
      if (worker == null || !cancellable.isCancelled()) {
        returnOnCancel = on;
        return true;
      }
      endNow = on && !returnOnCancel;
      returnOnCancel |= on;
    }
    if (endNow) {
      returnEarly();
    }
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

  // ---- Inside

  private boolean returnResult(Result<R> attempt) {
    boolean won;
    boolean deliver;
    synchronized (lock) {
      won = !returned;
      if (won) {
        returned = true;
        result = attempt;
        hadError = attempt instanceof Result.Error;
      }
      deliver = won && (worker == null || worker.ended);
      deliverable |= deliver;
    }
    if (!won) {
      refuse(attempt);
    } else if (deliver) {
      post();
    }
    return won;
  }

  private void refuse(Result<R> attempt) {
    boolean log;
    Consumer<? super R> release;
    synchronized (lock) {
      boolean expected = worker != null && worker.cancelledEarly;
      log = !expected && !secondReturnLogged;
      secondReturnLogged |= log;
      release = valueRelease;
    }
    if (log) {
      LOG.log(Level.WARNING, "Task '%s' was returned a second time.".formatted(name()));
    }
    releaseValue(attempt, release);
  }

  /** Ends a task whose function runs, because it was cancelled with return-on-cancel (R3). */
  private void returnEarly() {
    synchronized (lock) {
      if (deliverable || worker == null) {
        return;
      }
      deliverable = true;
      worker.cancelledEarly = true;
      if (!returned) {
        returned = true;
        result = new Result.Error<>(OperationException.cancelled());
        hadError = true;
      }
    }
    post();
  }

  /** Posts the delivery; the caller has made the task deliverable, which happens once (T1). */
  private void post() {
    if (unreturned != null) {
      unreturned.returned();
    }
    Worker sync = worker;
    if (sync != null && sync.synchronous) {
      completeSynchronously(sync);
      return;
    }
    try {
      context.post(priority(), name(), this::deliver);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.WARNING, "Task '%s' ended after its context had closed.".formatted(name()));
      letGo();
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
    takeListeners().forEach(this::guarded);
    letGo();
  }

  private void completeSynchronously(Worker sync) {
    for (Runnable listener : takeListeners()) {
      context.post(priority(), name(), listener);
    }
    releaseData();
    sync.delivered.countDown();
  }

  private List<Runnable> takeListeners() {
    synchronized (lock) {
      completed = true;
      List<Runnable> listeners = completedListeners;
      completedListeners = List.of();
      return listeners;
    }
  }

  /** Drops and releases what the task held: the value now, the data when no function runs (T23). */
  private void letGo() {
    Result<R> left;
    Consumer<? super R> release;
    synchronized (lock) {
      left = result;
      release = valueRelease;
      result = null;
      callback = null;
    }
    releaseValue(left, release);
    releaseData();
  }

  private void releaseData() {
    Object last;
    Consumer<Object> release;
    synchronized (lock) {
      if (worker != null && !worker.ended) {
        return;
      }
      last = data;
      release = dataRelease;
      data = null;
      owner = null;
    }
    releaseOn(last, release);
  }

  private void releaseValue(@Nullable Result<R> dropped, Consumer<? super R> release) {
    if (dropped instanceof Result.Value<R>(R value) && value != null) {
      guarded(() -> release.accept(value));
    }
  }

  private void releaseOn(@Nullable Object last, Consumer<Object> release) {
    if (last == null) {
      return;
    }
    Runnable hook = () -> guarded(() -> release.accept(last));
    try {
      context.invoke(hook);
    } catch (RejectedExecutionException e) {
      hook.run();
    }
  }

  private void guarded(Runnable runnable) {
    try {
      runnable.run();
    } catch (Throwable e) { // completion, release and all other callbacks go on (T25)
      context.callbackFailed(name(), e);
    }
  }

  private Worker begin(TaskFunction<R> function, boolean synchronous) {
    Worker begun = new Worker(function, synchronous);
    synchronized (lock) {
      if (worker != null) {
        throw new IllegalStateException("Task '%s' runs a function already.".formatted(name));
      }
      worker = begun;
    }
    begun.cancelHandler = cancellable.connect(begun::onCancelled);
    return begun;
  }

  /** The function of a task, and the thread it runs on. */
  private final class Worker {

    private final TaskFunction<R> function;
    private final boolean synchronous;
    private final CountDownLatch delivered = new CountDownLatch(1);
    private Registration cancelHandler = Registration.inert();

    // Guarded by the task's lock.
    private @Nullable Thread thread;
    private boolean ended;
    private boolean cancelledEarly;

    Worker(TaskFunction<R> function, boolean synchronous) {
      this.function = Objects.requireNonNull(function, "function");
      this.synchronous = synchronous;
    }

    /** Runs in the cancelling thread. */
    void onCancelled() {
      boolean early;
      synchronized (lock) {
        early = returnOnCancel;
        if (interruptOnCancel && thread != null) {
          thread.interrupt();
        }
      }
      if (early) {
        returnEarly();
      }
    }

    void run() {
      synchronized (lock) {
        thread = Thread.currentThread();
        if (interruptOnCancel && cancellable.isCancelled()) {
          thread.interrupt();
        }
      }
      try {
        function.run(Task.this);
      } catch (Throwable e) { // becomes the task's error (R8)
        returnError(errorOf(e));
      } finally {
        end();
      }
    }

    private void end() {
      cancelHandler.close(); // waits: a late interrupt must not hit this thread's next work (R13)
      Thread.interrupted(); // cleared for that work (R13)
      boolean deliver;
      synchronized (lock) {
        thread = null;
        ended = true;
        if (!returned) {
          returned = true;
          hadError = true;
          result =
              new Result.Error<>(
                  new OperationException(ErrorCode.FAILED, "The task ended without a result."));
        }
        deliver = !deliverable;
        deliverable = true;
      }
      if (deliver) {
        post();
      } else if (isCompleted()) {
        releaseData();
      }
    }

    private OperationException errorOf(Throwable e) {
      if (cancellable.isCancelled() && ErrorCodes.isInterruption(e)) {
        return OperationException.cancelled();
      }
      return ErrorCodes.toOperationException(e);
    }
  }

  /** What a task was returned with. */
  private sealed interface Result<R extends @Nullable Object> {

    /** A success. */
    record Value<R extends @Nullable Object>(R value) implements Result<R> {}

    /** A failure, or a cancel. */
    record Error<R extends @Nullable Object>(OperationException error) implements Result<R> {}
  }
}
