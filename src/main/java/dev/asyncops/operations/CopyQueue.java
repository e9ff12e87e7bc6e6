package dev.asyncops.operations;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files and links that are known and not started, in rows, one for each directory. They are
 * taken some at a time, of one row, and the rows take turns: two workers that make entries in one
 * directory wait for each other in the kernel, so a row that nobody works at goes first.
 *
 * <p>Main context only; taking costs the same however many rows there are.
 */
final class CopyQueue {

  /** The most that is taken at once, unless it is a single file. */
  static final long MOST_BYTES = 1L << 20;

  /** Where the source itself waits, which was found in no directory. */
  private static final Object TOP = new Object();

  private final Map<Object, Deque<CopyEntry>> rows = new LinkedHashMap<>();
  private final Map<Object, Integer> workers = new HashMap<>();
  private int size;

  int size() {
    return size;
  }

  /** One more, behind those of its directory. */
  void add(CopyEntry entry) {
    rows.computeIfAbsent(row(entry), key -> new ArrayDeque<>()).addLast(entry);
    size++;
  }

  /** One that has waited already, before those of its directory. */
  void addFirst(CopyEntry entry) {
    rows.computeIfAbsent(row(entry), key -> new ArrayDeque<>()).addFirst(entry);
    size++;
  }

  /**
   * Takes some of one directory, at least one, for a worker who says when he has {@link #done};
   * there must be one.
   */
  List<CopyEntry> take(int most) {
    Object row = nextRow();
    Deque<CopyEntry> waiting = rows.remove(row);
    if (waiting == null) {
      throw new IllegalStateException("Nothing waits.");
    }
    List<CopyEntry> taken = takeSome(waiting, most);
    size -= taken.size();
    if (!waiting.isEmpty()) {
      rows.put(row, waiting); // behind the others
    }
    workers.merge(row, 1, Integer::sum);
    return taken;
  }

  private static List<CopyEntry> takeSome(Deque<CopyEntry> waiting, int most) {
    List<CopyEntry> taken = new ArrayList<>();
    long bytes = 0;
    while (taken.size() < most && !waiting.isEmpty()) {
      bytes += waiting.getFirst().bytes();
      if (!taken.isEmpty() && bytes > MOST_BYTES) {
        break;
      }
      taken.add(waiting.removeFirst());
    }
    return taken;
  }

  /** A worker has left the directory of that entry. */
  void done(CopyEntry one) {
    workers.computeIfPresent(row(one), (row, count) -> count == 1 ? null : count - 1);
  }

  void clear() {
    rows.clear();
    size = 0;
  }

  /** There are never more rows with a worker than there are workers. */
  private @Nullable Object nextRow() {
    Object first = null;
    for (Object row : rows.keySet()) {
      if (!workers.containsKey(row)) {
        return row;
      }
      first = first == null ? row : first;
    }
    return first;
  }

  private static Object row(CopyEntry entry) {
    CopyDirectory directory = entry.parent();
    return directory == null ? TOP : directory;
  }
}
