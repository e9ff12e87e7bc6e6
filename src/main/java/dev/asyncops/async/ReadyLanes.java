package dev.asyncops.async;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are ready, one first-in-first-out lane a priority. Not thread-safe: the
 * context's lock guards it.
 *
 * <p>A lane is taken whole and becomes an iteration's batch, so what is posted meanwhile is for a
 * later one (M5), and every step costs the same whatever the length (M23).
 */
final class ReadyLanes {

  private static final Priority[] PRIORITIES = Priority.values();
  private static final int LARGEST_KEPT = 1 << 16;

  private final List<ArrayDeque<Entry>> lanes = new ArrayList<>(PRIORITIES.length);
  private final long[] oldestNanos = new long[PRIORITIES.length];

  /** Bit n says that the lane of the nth priority has an entry. */
  private int occupied;

  /** The batch of the iteration before, empty by now and used again. */
  private @Nullable ArrayDeque<Entry> spare;

  ReadyLanes() {
    for (int i = 0; i < PRIORITIES.length; i++) {
      lanes.add(new ArrayDeque<>());
    }
  }

  boolean isEmpty() {
    return occupied == 0;
  }

  boolean isEmpty(Priority priority) {
    return (occupied & bit(priority)) == 0;
  }

  int size(Priority priority) {
    return lanes.get(priority.ordinal()).size();
  }

  /** The most urgent priority that has an entry; there must be one. */
  Priority best() {
    return PRIORITIES[Integer.numberOfTrailingZeros(occupied)];
  }

  /** When the lane became non-empty; meaningless while it is empty. */
  long oldestNanos(Priority priority) {
    return oldestNanos[priority.ordinal()];
  }

  /** Appends an entry; the time counts only where it is the first of its lane. */
  void add(Entry entry, long nowNanos) {
    Priority priority = entry.priority();
    if (isEmpty(priority)) {
      occupied |= bit(priority);
      oldestNanos[priority.ordinal()] = nowNanos;
    }
    lanes.get(priority.ordinal()).add(entry);
  }

  /** Takes a whole lane; the caller empties it before it takes the next. */
  ArrayDeque<Entry> take(Priority priority) {
    ArrayDeque<Entry> batch = lanes.get(priority.ordinal());
    lanes.set(priority.ordinal(), spare == null ? new ArrayDeque<>() : spare);
    spare = batch.size() > LARGEST_KEPT ? null : batch;
    occupied &= ~bit(priority);
    return batch;
  }

  /** Takes everything, most urgent first. */
  List<Entry> removeAll() {
    List<Entry> all = new ArrayList<>();
    for (ArrayDeque<Entry> lane : lanes) {
      all.addAll(lane);
      lane.clear();
    }
    occupied = 0;
    return all;
  }

  private static int bit(Priority priority) {
    return 1 << priority.ordinal();
  }
}
