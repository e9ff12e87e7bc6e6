package dev.asyncops.async;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The entries that are ready, one first-in-first-out lane a priority. Not thread-safe: the queue's
 * lock guards it.
 *
 * <p>A lane is taken whole and becomes an iteration's batch, so what is posted meanwhile is for a
 * later one (M5), and every step costs the same whatever the length (M23).
 */
final class ReadyLanes {

  private static final Priority[] PRIORITIES = Priority.values();
  private static final int LARGEST_KEPT = 1 << 16;

  private final Map<Priority, Lane> lanes = new EnumMap<>(Priority.class);

  /** The batch of the iteration before, empty by now and used again. */
  private Lane spare = new Lane();

  private int size;

  ReadyLanes() {
    for (Priority priority : PRIORITIES) {
      lanes.put(priority, new Lane());
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  Lane lane(Priority priority) {
    return Objects.requireNonNull(lanes.get(priority));
  }

  void add(Lane lane, Entry entry) {
    lane.add(entry);
    size++;
  }

  /**
   * Takes the most urgent lane that has an entry; there must be one. The caller empties it before
   * it takes the next.
   */
  Lane takeBest() {
    for (Priority priority : PRIORITIES) {
      if (!lane(priority).isEmpty()) {
        return take(priority);
      }
    }
    throw new IllegalStateException("Nothing is ready.");
  }

  /** Takes everything, most urgent first. */
  List<Entry> removeAll() {
    List<Entry> all = new ArrayList<>(size);
    for (Lane lane : lanes.values()) {
      lane.drainTo(all);
    }
    size = 0;
    return all;
  }

  private Lane take(Priority priority) {
    Lane batch = lane(priority);
    lanes.put(priority, spare);
    size -= batch.size();
    spare = batch.size() > LARGEST_KEPT ? new Lane() : batch;
    return batch;
  }
}
