package dev.asyncops.async;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a context: the entries that are ready, the timeouts that are not due, and the
 * sleep of the owner until there is something to do.
 *
 * <p>One lock guards all of it. An entry is added and the sleeping owner is signalled under that
 * lock, and the owner looks for entries and falls asleep under it, so no wake-up is lost; an owner
 * that does not sleep costs no signal (M3).
 *
 * <p><b>Threads</b>: any, but only the owner of the context takes.
 */
final class EntryQueue {

  private final String name;
  private final Ticker ticker;
  private final long originNanos;

  /** Guards the fields below; {@code closed} is written under it and read anywhere. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition wake = lock.newCondition();
  private final ReadyLanes ready = new ReadyLanes();
  private final TimeoutQueue timeouts = new TimeoutQueue();
  private boolean sleeping;
  private boolean wakeupRequested;
  private volatile boolean closed;

  EntryQueue(String name, Ticker ticker) {
    this.name = name;
    this.ticker = ticker;
    originNanos = ticker.nanos();
  }

  /** Nanoseconds since this queue was made: never negative, so deadlines can be compared. */
  long now() {
    return ticker.nanos() - originNanos;
  }

  /**
   * Appends an entry that is ready.
   *
   * @throws RejectedExecutionException if closed (M21)
   */
  void add(Entry entry) {
    if (!addUnlessClosed(entry)) {
      throw closedException();
    }
  }

  /** Appends an entry that is ready; false if closed. */
  boolean addUnlessClosed(Entry entry) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      Lane lane = ready.lane(entry.priority());
      if (lane.isEmpty()) {
        lane.beginsAt(now());
      }
      ready.add(lane, entry);
      signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes a timeout due one interval from now.
   *
   * @throws RejectedExecutionException if closed (M21)
   */
  void schedule(Timeout timeout) {
    if (!scheduleUnlessClosed(timeout)) {
      throw closedException();
    }
  }

  /** Makes a timeout due one interval from now; false if closed. */
  boolean scheduleUnlessClosed(Timeout timeout) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      timeouts.add(timeout, saturatedAdd(now(), timeout.intervalNanos()));
      signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Hears that a timeout was closed and may still be here. */
  void timeoutClosed() {
    lock.lock();
    try {
      timeouts.noteClosed();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes all that is ready at the best priority (M5); owner only. The caller empties the lane
   * before it takes the next.
   *
   * @param mayBlock whether to sleep until something is ready, {@link #wakeup} or {@link #close}
   * @return null if nothing is ready
   */
  @Nullable Lane take(boolean mayBlock) {
    lock.lock();
    try {
      promoteDueTimeouts();
      if (mayBlock) {
        sleepUntilReady();
        wakeupRequested = false;
      }
      return ready.isEmpty() ? null : ready.takeBest();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the blocking {@link #take}, the current one or else the next, return (M4). */
  void wakeup() {
    lock.lock();
    try {
      wakeupRequested = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what is added from now on, and never blocks again. */
  void close() {
    lock.lock();
    try {
      closed = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  boolean hasReady() {
    lock.lock();
    try {
      return !ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the timeouts that are not due. */
  List<Timeout> removeTimeouts() {
    lock.lock();
    try {
      return timeouts.removeAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the entries that are ready. */
  List<Entry> removeReady() {
    lock.lock();
    try {
      return ready.removeAll();
    } finally {
      lock.unlock();
    }
  }

  Map<Priority, Integer> depths() {
    Map<Priority, Integer> depths = new EnumMap<>(Priority.class);
    lock.lock();
    try {
      for (Priority priority : Priority.values()) {
        depths.put(priority, ready.lane(priority).size());
      }
    } finally {
      lock.unlock();
    }
    return depths;
  }

  /** How long the oldest entry of a priority has been ready; 0 if there is none. */
  long oldestWaitNanos(Priority priority) {
    lock.lock();
    try {
      Lane lane = ready.lane(priority);
      return lane.isEmpty() ? 0 : now() - lane.sinceNanos();
    } finally {
      lock.unlock();
    }
  }

  int timeoutCount() {
    lock.lock();
    try {
      return timeouts.size();
    } finally {
      lock.unlock();
    }
  }

  /** The sum of two durations that are not negative; what would overflow lasts for ever (M12). */
  static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** The nanoseconds of a duration that is not negative; more than a long can count is for ever. */
  static long nanosOf(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("A negative duration: " + duration);
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private void signal() {
    if (sleeping) {
      sleeping = false;
      wake.signal();
    }
  }

  /** An interrupt ends the sleep too; the loop clears it (M16). */
  private void sleepUntilReady() {
    try {
      while (ready.isEmpty() && !wakeupRequested && !closed) {
        long deadlineNanos = timeouts.firstDeadline();
        sleeping = true;
        if (deadlineNanos == Long.MAX_VALUE) {
          wake.await();
        } else {
          long _ = wake.awaitNanos(deadlineNanos - now());
        }
        promoteDueTimeouts();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sleeping = false;
    }
  }

  private void promoteDueTimeouts() {
    if (timeouts.isEmpty()) {
      return;
    }
    long now = now();
    for (Timeout due = timeouts.pollDue(now); due != null; due = timeouts.pollDue(now)) {
      Lane lane = ready.lane(due.priority());
      if (lane.isEmpty()) {
        lane.beginsAt(now);
      }
      ready.add(lane, due);
    }
  }

  private RejectedExecutionException closedException() {
    return new RejectedExecutionException("The main context '%s' is closed.".formatted(name));
  }
}
