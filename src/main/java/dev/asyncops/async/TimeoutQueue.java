package dev.asyncops.async;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts that are not due yet, by deadline, then by attachment (M13). Not thread-safe: the
 * context's lock guards it.
 *
 * <p>Closing a timeout costs a flag. Closed ones are skipped at the head and swept when they are
 * the majority, so that ten thousand waiting requests that end early leave nothing behind.
 */
final class TimeoutQueue {

  private static final int SWEEP_FROM = 64;

  private final PriorityQueue<Timeout> heap =
      new PriorityQueue<>(
          Comparator.comparingLong(Timeout::deadlineNanos).thenComparingLong(Timeout::sequence));
  private long nextSequence;
  private int closedSinceSweep;

  void add(Timeout timeout, long deadlineNanos) {
    timeout.due(deadlineNanos, nextSequence++);
    heap.add(timeout);
  }

  /** The next timeout that is due at this time, or null. */
  @Nullable Timeout pollDue(long nowNanos) {
    dropClosedHead();
    Timeout head = heap.peek();
    return head == null || head.deadlineNanos() > nowNanos ? null : heap.poll();
  }

  /** The earliest deadline; {@link Long#MAX_VALUE} if there is none. */
  long firstDeadline() {
    dropClosedHead();
    Timeout head = heap.peek();
    return head == null ? Long.MAX_VALUE : head.deadlineNanos();
  }

  boolean isEmpty() {
    return heap.isEmpty();
  }

  int size() {
    return heap.size();
  }

  void noteClosed() {
    closedSinceSweep++;
    if (closedSinceSweep >= SWEEP_FROM && closedSinceSweep > heap.size() / 2) {
      heap.removeIf(Timeout::isOver);
      closedSinceSweep = 0;
    }
  }

  List<Timeout> removeAll() {
    List<Timeout> all = new ArrayList<>(heap);
    heap.clear();
    return all;
  }

  private void dropClosedHead() {
    for (Timeout head = heap.peek(); head != null && head.isOver(); head = heap.peek()) {
      heap.poll();
    }
  }
}
