package dev.asyncops.registry;

import dev.asyncops.async.Priority;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps some room to run for each {@linkplain dev.asyncops.async.Operation#place place}, for when
 * all common room is taken: operations on a file system that hangs never end, and must not stop the
 * work on the others.
 *
 * <p>Memory and time: by the number of places at which something is live. Main context only.
 *
 * @param <E> what waits
 */
final class ReservedPlaces<E> {

  private static final class Place<E> {

    final RunQueue<E> queue = new RunQueue<>();
    int running;
  }

  private final int each;
  private final Map<String, Place<E>> byName = new LinkedHashMap<>();

  /** Room for so many at each place; 0 for none. */
  ReservedPlaces(int each) {
    this.each = each;
  }

  void add(E waiting, String place, Priority priority) {
    byName.computeIfAbsent(place, _ -> new Place<>()).queue.add(waiting, priority);
  }

  /** It waits no longer; nothing happens if it does not wait. */
  void remove(E waiting, String place, Priority priority) {
    Place<E> at = byName.get(place);
    if (at != null) {
      at.queue.remove(waiting, priority);
      forgetIfIdle(place, at);
    }
  }

  /** One runs there, in whatever room. */
  void started(String place) {
    byName.computeIfAbsent(place, _ -> new Place<>()).running++;
  }

  /** One that ran there is over. */
  void ended(String place) {
    Place<E> at = byName.get(place);
    if (at != null) {
      at.running--;
      forgetIfIdle(place, at);
    }
  }

  /** The first that waits at a place with room left, which stays; null if there is none. */
  @Nullable E peek() {
    for (Place<E> at : byName.values()) {
      E first = at.running < each ? at.queue.peek() : null;
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  private void forgetIfIdle(String place, Place<E> at) {
    if (at.running == 0 && at.queue.peek() == null) {
      byName.remove(place);
    }
  }
}
