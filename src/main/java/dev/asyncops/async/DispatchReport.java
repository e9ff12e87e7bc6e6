package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a loop is doing and how it went: for the listener, for health, and for the watchdog.
 *
 * <p><b>Threads</b>: the owner of the context tells; failures are told by any thread; all may ask.
 */
final class DispatchReport {

  private static final Logger LOG = System.getLogger(MainContext.class.getName());
  private static final String LISTENER = "listener";
  private static final VarHandle RUNNING;
  private static final VarHandle DISPATCHES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RUNNING = lookup.findVarHandle(DispatchReport.class, "running", Entry.class);
      DISPATCHES = lookup.findVarHandle(DispatchReport.class, "dispatches", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final Ticker clock;
  private final MainContextListener listener;

  /** Whether anybody wants to know times; if not, no clock is read. */
  private final boolean timed;

  private final LongAdder failures = new LongAdder();
  private volatile @Nullable Throwable fatalError;

  // Written by the owner alone, without a fence it could feel; sampled by the watchdog. The count
  // goes first: whoever sees an entry also sees its number.
  private long dispatches;

  @SuppressWarnings("unused") // through RUNNING
  private @Nullable Entry running;

  /** When the running entry began; confined to the owner. */
  private long beginNanos;

  DispatchReport(String name, Ticker clock, MainContextListener listener) {
    this.name = name;
    this.clock = clock;
    this.listener = listener;
    timed = !listener.equals(MainContextListener.NONE);
  }

  /** A batch was taken whose oldest entry has been ready since then. */
  void batchTaken(Priority priority, long sinceNanos) {
    if (timed) {
      beginNanos = clock.nanos();
      try {
        listener.batchTaken(priority, beginNanos - sinceNanos);
      } catch (Throwable e) { // it must not throw, but the batch would be lost if it did
        callbackFailed(LISTENER, e);
      }
    }
  }

  void begun(Entry entry) {
    DISPATCHES.setOpaque(this, dispatches + 1);
    RUNNING.setRelease(this, entry);
  }

  void ended(Priority priority) {
    if (timed) {
      long endNanos = clock.nanos();
      long runNanos = endNanos - beginNanos;
      beginNanos = endNanos;
      try {
        listener.entryRan(priority, runNanos);
      } catch (Throwable e) { // as above
        callbackFailed(LISTENER, e);
      }
    }
  }

  void batchEnded() {
    RUNNING.setRelease(this, null);
  }

  /** Logs and counts a callback that threw; never throws itself, whatever happens (M16, T25). */
  void callbackFailed(String label, Throwable error) {
    failures.increment();
    if (isFatal(error) && fatalError == null) {
      fatalError = error;
    }
    try {
      LOG.log(Level.ERROR, "Callback '%s' on '%s' failed.".formatted(label, name), error);
      listener.callbackFailed();
    } catch (Throwable _) { // e.g. no memory left for the log line: the loop matters more
      failures.increment();
    }
  }

  long failureCount() {
    return failures.sum();
  }

  @Nullable Throwable fatalError() {
    return fatalError;
  }

  /** The label of what is being dispatched now; null between batches. */
  @Nullable String runningLabel() {
    Entry entry = (Entry) RUNNING.getAcquire(this);
    return entry == null ? null : entry.label();
  }

  /** How many entries were begun so far. */
  long dispatchCount() {
    return (long) DISPATCHES.getOpaque(this);
  }

  private static boolean isFatal(Throwable error) {
    return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
  }
}
