package dev.asyncops.async;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries of one priority in the order of posting. Not thread-safe. */
final class Lane {

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();

  /** When the oldest entry became ready; meaningless while there is none. */
  private long sinceNanos;

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  long sinceNanos() {
    return sinceNanos;
  }

  /** Notes the time of the entry that is added next, the first. */
  void beginsAt(long nowNanos) {
    sinceNanos = nowNanos;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  @Nullable Entry poll() {
    return entries.poll();
  }

  /** The priority of what is in it; there must be something. */
  Priority priority() {
    return entries.element().priority();
  }

  void drainTo(List<Entry> all) {
    all.addAll(entries);
    entries.clear();
  }
}
