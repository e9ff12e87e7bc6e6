package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
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

  private final String name;
  private final MainContextListener listener;
  private final Ownership ownership = new Ownership();
  private final EntryQueue queue;
  private final DispatchReport report;

  private volatile boolean quitRequested;

  /** When a drain gives up, on the queue's clock; written before the queue is closed. */
  private volatile long drainUntilNanos = Long.MAX_VALUE;

  // Confined to the owner.
  private boolean dispatching;
  private long iteration;

  /** A context on the system's clock that nobody listens to. */
  public MainContext(String name) {
    this(name, Ticker.system(), MainContextListener.NONE);
  }

  /** A context with a clock and a listener of its own. */
  public MainContext(String name, Ticker ticker, MainContextListener listener) {
    this.name = Objects.requireNonNull(name, "name");
    this.listener = Objects.requireNonNull(listener, "listener");
    queue = new EntryQueue(name, Objects.requireNonNull(ticker, "ticker"));
    report = new DispatchReport(name, queue::now, listener);
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
    return ownership.acquire();
  }

  /**
   * Gives one level of ownership back. With the last level of a closed context it drains, so
   * whoever is the owner while {@link #close} is called finishes what is queued.
   *
   * @throws IllegalStateException if the caller is not the owner (M1), or from inside a callback if
   *     this would leave the rest of the batch without an owner
   */
  public void release() {
    checkOwner();
    if (ownership.isLastLevel()) {
      if (dispatching) {
        throw new IllegalStateException(
            "The main context '%s' is dispatching and keeps its owner.".formatted(name));
      }
      drainIfClosed();
    }
    ownership.release();
  }

  /** Whether the calling thread owns this context (M2). */
  public boolean isOwner() {
    return ownership.isMine();
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
    Objects.requireNonNull(release, "release");
    return enqueue(new Entry(this, priority, label, action, release));
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
    Registration handler = cancellable.connect(() -> queue.addUnlessClosed(entry));
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
    return schedule(new Timeout(this, priority, label, action, EntryQueue.nanosOf(delay), false));
  }

  /**
   * Runs the action again and again, first after one full interval. The next run is due one
   * interval after the last one ended: no catching up (M12). An interval of zero is always ready
   * and starves all worse priorities (M6).
   *
   * @throws IllegalArgumentException if the interval is negative
   */
  public Registration every(Duration interval, Priority priority, String label, Runnable action) {
    return schedule(new Timeout(this, priority, label, action, EntryQueue.nanosOf(interval), true));
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
    } finally {
      release();
    }
  }

  /**
   * Makes {@link #run} return after the batch it is dispatching. What is queued stays queued for a
   * later run (M18).
   */
  public void quit() {
    quitRequested = true;
    queue.wakeup();
  }

  /**
   * One iteration (M5), owned by the calling thread meanwhile.
   *
   * @param mayBlock whether to sleep until something is ready, {@link #wakeup} is called (M4), or
   *     the calling thread is interrupted; the flag is cleared (M16)
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
    queue.wakeup();
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
   * <p>If another thread is the owner, that thread drains when it gives the context up, and this
   * call waits for it until the deadline; from inside a callback this returns at once and the loop
   * drains afterwards; a context without an owner is drained in this call.
   *
   * @param deadline how long draining may take; that of the first call counts
   */
  public void close(Duration deadline) {
    long limitNanos = EntryQueue.nanosOf(deadline);
    if (!queue.isClosed()) {
      drainUntilNanos = EntryQueue.saturatedAdd(queue.now(), limitNanos);
      queue.close();
    }
    if (isOwner() && dispatching) {
      return;
    }
    ownership.awaitNoOther(limitNanos);
    if (acquire()) {
      try {
        drainIfClosed();
      } finally {
        release();
      }
    } else {
      LOG.log(Level.WARNING, "The main context '%s' is still busy.".formatted(name));
    }
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return queue.isClosed();
  }

  // ---- How it is doing

  /** The number of entries that are ready and not yet taken, by priority (M22). */
  public Map<Priority, Integer> queueDepths() {
    return queue.depths();
  }

  /** How long the oldest entry of a priority has been ready; zero if there is none (M6). */
  public Duration oldestWait(Priority priority) {
    return Duration.ofNanos(queue.oldestWaitNanos(priority));
  }

  /** How many callbacks threw (M16, T25). */
  public long failureCount() {
    return report.failureCount();
  }

  /**
   * The first error that leaves the process in doubt, such as an {@link OutOfMemoryError}; null if
   * there was none. The loop goes on; health says DOWN (M16).
   */
  public @Nullable Throwable fatalError() {
    return report.fatalError();
  }

  // ---- For this room

  /** Logs and counts a callback that threw; the caller goes on (M16, T25). */
  void callbackFailed(String label, Throwable error) {
    report.callbackFailed(label, error);
  }

  /** Posts an entry that was made by the caller; if this is closed, its hook has run (M21). */
  Entry enqueue(Entry entry) {
    try {
      queue.add(entry);
      return entry;
    } catch (RejectedExecutionException e) {
      entry.close();
      throw e;
    }
  }

  EntryQueue queue() {
    return queue;
  }

  MainContextListener listener() {
    return listener;
  }

  DispatchReport report() {
    return report;
  }

  @Nullable Thread ownerThread() {
    return ownership.owner();
  }

  // ---- Inside

  private Registration schedule(Timeout timeout) {
    queue.schedule(timeout);
    return timeout;
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
    return !queue.isClosed();
  }

  /** Nobody has a reason to interrupt the loop, and its callbacks must not suffer (M16). */
  private void clearStrayInterrupt() {
    if (Thread.interrupted()) {
      LOG.log(Level.WARNING, "The main context '%s' was interrupted.".formatted(name));
    }
  }

  private boolean iterateOwned(boolean mayBlock) {
    iteration++;
    Lane batch = queue.take(mayBlock);
    if (mayBlock) {
      clearStrayInterrupt();
    }
    return batch != null && dispatch(batch);
  }

  private boolean dispatch(Lane batch) {
    Priority priority = batch.priority();
    boolean any = false;
    dispatching = true;
    try {
      report.batchTaken(priority, batch.sinceNanos());
      for (Entry entry = batch.poll(); entry != null; entry = batch.poll()) {
        report.begun(entry);
        any |= entry.dispatch();
        report.ended(priority);
      }
    } finally {
      report.batchEnded();
      dispatching = false;
    }
    return any;
  }

  private void drainIfClosed() {
    if (!queue.isClosed()) {
      return;
    }
    queue.removeTimeouts().forEach(Entry::close);
    while (queue.now() < drainUntilNanos && queue.hasReady()) {
      iterateOwned(false);
    }
    List<Entry> undelivered = queue.removeReady();
    undelivered.forEach(Entry::close);
    if (!undelivered.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "The main context '%s' closed with %d entries undelivered."
              .formatted(name, undelivered.size()));
    }
  }
}
