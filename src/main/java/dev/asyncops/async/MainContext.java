package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one place where callbacks run: a queue of entries by priority, and the loop that dispatches
 * them.
 *
 * <ul>
 *   <li><b>One owner.</b> At most one thread owns a context; all callbacks run on it (M1, M2).
 *   <li><b>Order.</b> One iteration dispatches the entries of the best priority that were ready at
 *       its start, in the order of posting, and nothing else; what is posted meanwhile is for a
 *       later iteration (M5 to M8).
 *   <li><b>No re-entrance.</b> {@link #post} never runs its entry inside the call, and a callback
 *       is never entered again (M11, M15).
 *   <li><b>No lost wake-up.</b> An entry posted from any thread is dispatched without anything else
 *       having to happen (M3).
 *   <li><b>Visibility.</b> What a thread did before posting is visible to the entry.
 *   <li><b>Survival.</b> A callback that throws is logged and counted; the loop goes on (M16).
 * </ul>
 *
 * <p>The service runs exactly one context on one platform thread ({@link #run}); a test drives its
 * own by hand ({@link #iterate}). Posting costs one small node, one lock and no search, whatever
 * the length of the queue (M23).
 *
 * <p><b>Threads</b>: any, unless a method says otherwise.
 */
public final class MainContext implements AutoCloseable {

  private static final Logger LOG = System.getLogger(MainContext.class.getName());
  private static final Priority[] PRIORITIES = Priority.values();
  private static final VarHandle RUNNING;
  private static final VarHandle DISPATCHES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RUNNING = lookup.findVarHandle(MainContext.class, "running", Entry.class);
      DISPATCHES = lookup.findVarHandle(MainContext.class, "dispatches", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final Ticker ticker;
  private final MainContextListener listener;
  private final long originNanos;
  private final boolean timed;
  private final LongAdder failures = new LongAdder();

  /** Guards the fields down to the blank line, and the writing of the volatile ones. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition wake = lock.newCondition();
  private final Condition ownerGone = lock.newCondition();
  private final ReadyLanes ready = new ReadyLanes();
  private final TimeoutQueue timeouts = new TimeoutQueue();
  private boolean sleeping;
  private boolean wakeupRequested;
  private long drainUntilNanos;
  private int ownerDepth;

  private volatile boolean quitRequested;
  private volatile boolean closed;
  private volatile @Nullable Thread owner;
  private volatile @Nullable Throwable fatalError;

  // Confined to the owner.
  private boolean dispatching;
  private long iteration;

  // Written by the owner, opaquely; read by the watchdog.
  @SuppressWarnings("unused") // through RUNNING
  private @Nullable Entry running;

  @SuppressWarnings("unused") // through DISPATCHES
  private long dispatches;

  /** A context on the system's clock that nobody listens to. */
  public MainContext(String name) {
    this(name, Ticker.system(), MainContextListener.NONE);
  }

  /** A context with a clock and a listener of its own. */
  public MainContext(String name, Ticker ticker, MainContextListener listener) {
    this.name = Objects.requireNonNull(name, "name");
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    this.listener = Objects.requireNonNull(listener, "listener");
    timed = !listener.equals(MainContextListener.NONE);
    originNanos = ticker.nanos();
  }

  /** The name, as in log lines. */
  public String name() {
    return name;
  }

  // ---- Ownership

  /**
   * Takes ownership for the calling thread, or one level more of it; never blocks (M1).
   *
   * @return false iff another thread is the owner
   */
  public boolean acquire() {
    lock.lock();
    try {
      if (owner != null && owner != Thread.currentThread()) {
        return false;
      }
      owner = Thread.currentThread();
      ownerDepth++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives one level of ownership back.
   *
   * @throws IllegalStateException if the caller is not the owner (M1)
   */
  public void release() {
    checkOwner();
    lock.lock();
    try {
      ownerDepth--;
      if (ownerDepth == 0) {
        owner = null;
        ownerGone.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the calling thread owns this context (M2). */
  public boolean isOwner() {
    return owner == Thread.currentThread();
  }

  /**
   * Asserts that the calling thread owns this context: the first line of everything that touches
   * operation state (M2).
   *
   * @throws IllegalStateException if it does not
   */
  public void checkOwner() {
    if (!isOwner()) {
      throw new IllegalStateException(
          "Thread '%s' does not own the main context '%s'."
              .formatted(Thread.currentThread().getName(), name));
    }
  }

  // ---- Posting

  /** Posts idle work: {@link Priority#DEFAULT_IDLE} (M9). */
  public Registration post(Runnable action) {
    return post(Priority.DEFAULT_IDLE, action);
  }

  /** Posts an entry that is named after the class of its action. */
  public Registration post(Priority priority, Runnable action) {
    return enqueue(new Entry(this, priority, null, action, null));
  }

  /**
   * Posts an entry that needs no release hook; see {@link #post(Priority, String, Runnable,
   * Runnable)}.
   */
  public Registration post(Priority priority, String label, Runnable action) {
    return enqueue(new Entry(this, priority, label, action, null));
  }

  /**
   * Posts an entry to be run on the owner's thread in a later iteration, never inside this call
   * (M3, M11). Never blocks and has no limit: a completion cannot be refused (M22).
   *
   * <p>Closing the registration before the entry's turn means that it never runs; from another
   * thread it may lose against a run in progress and does not wait for it (M14).
   *
   * @param release runs exactly once: after the action ran, or was taken back, or this was closed
   * @throws RejectedExecutionException if the context is closed (M21); the hook has run then
   */
  public Registration post(Priority priority, String label, Runnable action, Runnable release) {
    Entry entry =
        new Entry(this, priority, label, action, Objects.requireNonNull(release, "release"));
    try {
      return enqueue(entry);
    } catch (RejectedExecutionException e) {
      entry.close();
      throw e;
    }
  }

  /** {@link #invoke(Priority, Runnable)} at {@link Priority#DEFAULT}. */
  public void invoke(Runnable action) {
    invoke(Priority.DEFAULT, action);
  }

  /**
   * Runs the action on this context: at once if the caller owns it, even in the middle of a
   * callback, and what it throws is then the caller's; else it is posted (M10).
   */
  public void invoke(Priority priority, Runnable action) {
    if (isOwner()) {
      action.run();
    } else {
      post(priority, action);
    }
  }

  /**
   * An entry that is dispatched here once the cancellable is cancelled, also if it already was;
   * with {@link Cancellable#none} never (C20).
   */
  public Registration onCancelled(
      Cancellable cancellable, Priority priority, String label, Runnable action) {
    Entry entry = new Entry(this, priority, label, action, null);
    Registration handler = cancellable.connect(() -> enqueueUnlessClosed(entry));
    return () -> {
      entry.close();
      handler.close();
    };
  }

  // ---- Timeouts

  /** Runs the action once, when the delay has passed, at {@link Priority#DEFAULT} (M12). */
  public Registration after(Duration delay, String label, Runnable action) {
    return after(delay, Priority.DEFAULT, label, action);
  }

  /**
   * Runs the action once, when the delay has passed; never early (M12). Overdue timeouts of equal
   * priority run by deadline, then in the order of this call (M13).
   *
   * @throws IllegalArgumentException if the delay is negative
   */
  public Registration after(Duration delay, Priority priority, String label, Runnable action) {
    return schedule(new Timeout(this, priority, label, action, nanosOf(delay), false));
  }

  /**
   * Runs the action again and again, first after one full interval. The next run is due one
   * interval after the last one ended: no catching up (M12). An interval of zero is always ready
   * and starves all worse priorities (M6).
   *
   * @throws IllegalArgumentException if the interval is negative
   */
  public Registration every(Duration interval, Priority priority, String label, Runnable action) {
    return schedule(new Timeout(this, priority, label, action, nanosOf(interval), true));
  }

  // ---- The loop

  /**
   * Dispatches until {@link #quit} or {@link #close}; the caller owns the context meanwhile. After
   * a quit that nobody has obeyed yet this returns at once.
   *
   * @throws IllegalStateException if another thread owns the context, or from inside a callback
   *     (M15, M19)
   */
  public void run() {
    checkNotDispatching();
    if (!acquire()) {
      throw new IllegalStateException("The main context '%s' has an owner.".formatted(name));
    }
    try {
      while (goesOn()) {
        iterateOwned(true);
      }
      drainIfClosed();
    } finally {
      release();
    }
  }

  /**
   * Makes {@link #run} return after the batch it is dispatching. What is queued stays queued for a
   * later run (M18).
   */
  public void quit() {
    lock.lock();
    try {
      quitRequested = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * One iteration (M5), owned by the calling thread meanwhile.
   *
   * @param mayBlock whether to sleep until something is ready or {@link #wakeup} is called (M4)
   * @return whether anything was dispatched; without blocking, false too if another thread owns the
   *     context (M19)
   * @throws IllegalStateException from inside a callback of this context (M15), or to block on a
   *     context that another thread owns
   */
  public boolean iterate(boolean mayBlock) {
    checkNotDispatching();
    if (!acquire()) {
      if (mayBlock) {
        throw new IllegalStateException("The main context '%s' has an owner.".formatted(name));
      }
      return false;
    }
    try {
      return iterateOwned(mayBlock);
    } finally {
      release();
    }
  }

  /** Makes the blocking iteration, the current one or else the next, return (M4). */
  public void wakeup() {
    lock.lock();
    try {
      wakeupRequested = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** The number of the current iteration, or of the last one; only goes up (T26). */
  public long iteration() {
    checkOwner();
    return iteration;
  }

  /** Closes with ten seconds to drain; see {@link #close(Duration)}. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Refuses new entries from now on, dispatches what is queued, and drops what is left of it at the
   * deadline, and all timeouts, with their release hooks (M21). Cancel what is unfinished, and wait
   * for it to end, before: what is returned later can no longer be delivered, which is logged.
   *
   * <p>If a thread runs the loop, that thread drains and this call waits for it; from inside a
   * callback it returns at once and the loop drains afterwards.
   */
  public void close(Duration deadline) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        drainUntilNanos = saturatedAdd(now(), nanosOf(deadline));
        signal();
      }
    } finally {
      lock.unlock();
    }
    if (isOwner() && dispatching) {
      return;
    }
    awaitOwnerGone(deadline);
    if (acquire()) {
      try {
        drainIfClosed();
      } finally {
        release();
      }
    }
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return closed;
  }

  // ---- How it is doing

  /** The number of entries that are ready and not yet taken, by priority (M22). */
  public Map<Priority, Integer> queueDepths() {
    Map<Priority, Integer> depths = new EnumMap<>(Priority.class);
    lock.lock();
    try {
      for (Priority priority : PRIORITIES) {
        depths.put(priority, ready.size(priority));
      }
    } finally {
      lock.unlock();
    }
    return depths;
  }

  /** How long the oldest entry of a priority has been ready; zero if there is none (M6). */
  public Duration oldestWait(Priority priority) {
    lock.lock();
    try {
      return ready.isEmpty(priority)
          ? Duration.ZERO
          : Duration.ofNanos(now() - ready.oldestNanos(priority));
    } finally {
      lock.unlock();
    }
  }

  /** How many callbacks threw (M16, T25). */
  public long failureCount() {
    return failures.sum();
  }

  /**
   * The first error that leaves the process in doubt, such as an {@link OutOfMemoryError}; null if
   * there was none. The loop goes on; health says DOWN (M16).
   */
  public @Nullable Throwable fatalError() {
    return fatalError;
  }

  /** The label of what is being dispatched now, for the watchdog; null between batches. */
  @Nullable String runningLabel() {
    Entry entry = (Entry) RUNNING.getOpaque(this);
    return entry == null ? null : entry.label();
  }

  /** How many entries were begun so far, for the watchdog. */
  long dispatchCount() {
    return (long) DISPATCHES.getOpaque(this);
  }

  @Nullable Thread ownerThread() {
    return owner;
  }

  MainContextListener listener() {
    return listener;
  }

  /** Logs and counts a callback that threw; the caller goes on (M16, T25). */
  void callbackFailed(String label, Throwable error) {
    failures.increment();
    if (error instanceof VirtualMachineError && !(error instanceof StackOverflowError)) {
      if (fatalError == null) {
        fatalError = error;
      }
    }
    LOG.log(Level.ERROR, "Callback '%s' on '%s' failed.".formatted(label, name), error);
    listener.callbackFailed();
  }

  // ---- Inside

  /** Puts a repeating timeout back after a run; false if the context was closed meanwhile. */
  boolean rearm(Timeout timeout) {
    lock.lock();
    try {
      if (!closed) {
        timeouts.add(timeout, saturatedAdd(now(), timeout.intervalNanos()));
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Hears that a timeout was closed and may still be in the queue. */
  void timeoutClosed() {
    lock.lock();
    try {
      timeouts.noteClosed();
    } finally {
      lock.unlock();
    }
  }

  private Registration schedule(Timeout timeout) {
    lock.lock();
    try {
      checkOpen();
      timeouts.add(timeout, saturatedAdd(now(), timeout.intervalNanos()));
      signal();
      return timeout;
    } finally {
      lock.unlock();
    }
  }

  private Entry enqueue(Entry entry) {
    lock.lock();
    try {
      checkOpen();
      append(entry);
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private void enqueueUnlessClosed(Entry entry) {
    lock.lock();
    try {
      if (!closed) {
        append(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(Entry entry) {
    ready.add(entry, ready.isEmpty(entry.priority()) ? now() : 0);
    signal();
  }

  private void checkOpen() {
    if (closed) {
      throw new RejectedExecutionException("The main context '%s' is closed.".formatted(name));
    }
  }

  /** Wakes the loop if it sleeps; the caller holds the lock, so no wake-up is lost (M3). */
  private void signal() {
    if (sleeping) {
      sleeping = false;
      wake.signal();
    }
  }

  private void checkNotDispatching() {
    if (isOwner() && dispatching) {
      throw new IllegalStateException(
          "The main context '%s' is not iterated from inside its callbacks.".formatted(name));
    }
  }

  private boolean goesOn() {
    if (quitRequested) {
      quitRequested = false;
      return false;
    }
    return !closed;
  }

  private boolean iterateOwned(boolean mayBlock) {
    Priority priority;
    long waitNanos = 0;
    ArrayDeque<Entry> batch;
    lock.lock();
    try {
      iteration++;
      promoteDueTimeouts();
      if (mayBlock && ready.isEmpty()) {
        sleepUntilReady();
      }
      wakeupRequested = false;
      if (ready.isEmpty()) {
        return false;
      }
      priority = ready.best();
      if (timed) {
        waitNanos = now() - ready.oldestNanos(priority);
      }
      batch = ready.take(priority);
    } finally {
      lock.unlock();
    }
    return dispatch(batch, priority, waitNanos);
  }

  private void sleepUntilReady() {
    while (ready.isEmpty() && !wakeupRequested && !quitRequested && !closed) {
      long waitNanos = timeouts.isEmpty() ? Long.MAX_VALUE : timeouts.firstDeadline() - now();
      sleeping = true;
      try {
        if (waitNanos == Long.MAX_VALUE) {
          wake.await();
        } else if (waitNanos > 0) {
          long _ = wake.awaitNanos(waitNanos);
        }
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread; the flag is cleared by now, so the loop
        // neither ends nor spins (M16).
        LOG.log(Level.WARNING, "The main context '%s' was interrupted.".formatted(name));
      } finally {
        sleeping = false;
      }
      promoteDueTimeouts();
    }
  }

  private void promoteDueTimeouts() {
    if (timeouts.isEmpty()) {
      return;
    }
    long now = now();
    for (Timeout due = timeouts.pollDue(now); due != null; due = timeouts.pollDue(now)) {
      ready.add(due, now);
    }
  }

  private boolean dispatch(ArrayDeque<Entry> batch, Priority priority, long waitNanos) {
    long startNanos = 0;
    if (timed) {
      listener.batchTaken(priority, waitNanos);
      startNanos = ticker.nanos();
    }
    long count = dispatches;
    boolean any = false;
    dispatching = true;
    try {
      for (Entry entry = batch.poll(); entry != null; entry = batch.poll()) {
        RUNNING.setOpaque(this, entry);
        DISPATCHES.setOpaque(this, ++count);
        any |= entry.dispatch();
        if (timed) {
          long endNanos = ticker.nanos();
          listener.entryRan(priority, endNanos - startNanos);
          startNanos = endNanos;
        }
      }
    } finally {
      RUNNING.setOpaque(this, null);
      dispatching = false;
    }
    return any;
  }

  private void awaitOwnerGone(Duration deadline) {
    lock.lock();
    try {
      long left = nanosOf(deadline);
      while (owner != null && owner != Thread.currentThread() && left > 0) {
        left = ownerGone.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void drainIfClosed() {
    if (!closed) {
      return;
    }
    removeTimeouts().forEach(Entry::close);
    while (now() < drainUntilNanos && hasReady()) {
      iterateOwned(false);
    }
    List<Entry> undelivered = removeReady();
    undelivered.forEach(Entry::close);
    if (!undelivered.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "The main context '%s' closed with %d entries undelivered."
              .formatted(name, undelivered.size()));
    }
  }

  private boolean hasReady() {
    lock.lock();
    try {
      return !ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private List<Entry> removeReady() {
    lock.lock();
    try {
      return ready.removeAll();
    } finally {
      lock.unlock();
    }
  }

  private List<Timeout> removeTimeouts() {
    lock.lock();
    try {
      return timeouts.removeAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds since this context was made: never negative, so deadlines can be compared. */
  private long now() {
    return ticker.nanos() - originNanos;
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static long nanosOf(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("A negative duration: " + duration);
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
