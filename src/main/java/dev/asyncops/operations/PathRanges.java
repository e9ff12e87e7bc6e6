package dev.asyncops.operations;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A set of positions as ranges, few as long as they are taken out nearly in order. */
final class PathRanges {

  /** The one after the last of each range, by its first; they never touch. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /** Adds a range that is not there, nor next to one. */
  void add(long from, long to) {
    if (from < to) {
      ranges.put(from, to);
    }
  }

  /** Takes out a range; what of it is not there does not matter. */
  void remove(long from, long to) {
    Map.@Nullable Entry<Long, Long> range = ranges.lowerEntry(to);
    while (range != null && range.getValue() > from) {
      long first = range.getKey();
      long end = range.getValue();
      ranges.remove(first);
      add(first, Math.min(end, from));
      add(Math.max(first, to), end);
      range = ranges.lowerEntry(first);
    }
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Calls with the first of each range and the one after its last, in order. */
  void forEach(BiConsumer<Long, Long> action) {
    ranges.forEach(action);
  }
}
