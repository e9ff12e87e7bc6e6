package dev.asyncops.registry;

import dev.asyncops.async.Priority;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a place: by priority, then in the order of coming. Adding, taking and removing
 * cost the same however much waits.
 *
 * @param <E> what waits
 */
final class RunQueue<E> {

  private final Map<Priority, LinkedHashSet<E>> lanes = new EnumMap<>(Priority.class);

  void add(E waiting, Priority priority) {
    lanes.computeIfAbsent(priority, _ -> new LinkedHashSet<>()).add(waiting);
  }

  /** How much waits. */
  int size() {
    return lanes.values().stream().mapToInt(LinkedHashSet::size).sum();
  }

  /** Takes one out before its turn; nothing happens if it does not wait. */
  void remove(E waiting, Priority priority) {
    LinkedHashSet<E> lane = lanes.get(priority);
    if (lane != null) {
      lane.remove(waiting);
    }
  }

  /** The one whose turn it is, which stays; null if none waits. */
  @Nullable E peek() {
    for (LinkedHashSet<E> lane : lanes.values()) {
      if (!lane.isEmpty()) {
        return lane.getFirst();
      }
    }
    return null;
  }
}
