package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some entries below a copy's source, each with all below it: those that a retry copies again.
 *
 * <p>They lie in order, depth first, so that a walk goes down only where some are, and needs
 * nothing but a number for each directory on its way. What lies below another of them, or is named
 * twice, counts once.
 *
 * <p><b>Threads</b>: immutable.
 */
public final class CopyChoice {

  /** Something in a directory: an entry that was chosen, or a directory on the way to some. */
  record Child(String name, @Nullable Below below) {}

  private final RootPath source;
  private final List<RootPath> entries;

  private CopyChoice(RootPath source, List<RootPath> entries) {
    this.source = source;
    this.entries = entries;
  }

  /** The choice; null if it is the source itself, so all there is. */
  static @Nullable CopyChoice of(RootPath source, Collection<RootPath> chosen) {
    List<RootPath> sorted = new ArrayList<>(chosen);
    for (RootPath entry : sorted) {
      if (!source.contains(entry)) {
        throw new IllegalArgumentException("'%s' is not below '%s'.".formatted(entry, source));
      }
    }
    sorted.sort(CopyChoice::compare);
    List<RootPath> entries = new ArrayList<>(sorted.size());
    for (RootPath entry : sorted) {
      if (entries.isEmpty() || !entries.getLast().contains(entry)) {
        entries.add(entry);
      }
    }
    boolean all = !entries.isEmpty() && entries.getFirst().equals(source);
    return all ? null : new CopyChoice(source, entries);
  }

  /** How many entries were chosen. */
  public int size() {
    return entries.size();
  }

  /** About how many bytes of memory the entries take. */
  long memory() {
    return 200L * entries.size();
  }

  /** What was chosen, from the source on. */
  Below below() {
    return new Below(0, entries.size(), source.depth());
  }

  /**
   * Of two paths below one root: by the names on the way down, a directory before what is in it.
   */
  private static int compare(RootPath a, RootPath b) {
    int depth = Math.min(a.depth(), b.depth());
    RootPath x = above(a, depth);
    RootPath y = above(b, depth);
    int difference = 0;
    while (!x.equals(y)) { // they meet at the source, if not before
      int names = x.name().compareTo(y.name());
      difference = names == 0 ? difference : names;
      x = x.parent();
      y = y.parent();
    }
    return difference == 0 ? Integer.compare(a.depth(), b.depth()) : difference;
  }

  private static RootPath above(RootPath entry, int depth) {
    RootPath at = entry;
    while (at.depth() > depth) {
      at = at.parent();
    }
    return at;
  }

  /** What was chosen below a directory, to be gone through once; by one thread at a time. */
  final class Below {

    private final int end;
    private final int depth;
    private int next;

    private Below(int begin, int end, int depth) {
      this.next = begin;
      this.end = end;
      this.depth = depth;
    }

    boolean hasNext() {
      return next < end;
    }

    /** The next in the directory itself; what is below that is gone through with it. */
    Child nextChild() {
      RootPath entry = entries.get(next);
      RootPath child = above(entry, depth + 1);
      if (entry.depth() == depth + 1) {
        next++;
        return new Child(child.name(), null);
      }
      int begin = next;
      next = endOf(child);
      return new Child(child.name(), new Below(begin, next, depth + 1));
    }

    /** The next entry that was chosen, however deep it lies. */
    RootPath nextEntry() {
      return entries.get(next++);
    }

    /** Where the entries below a child end. */
    private int endOf(RootPath child) {
      int within = next;
      int beyond = end;
      while (beyond - within > 1) {
        int middle = (within + beyond) >>> 1;
        if (child.contains(entries.get(middle))) {
          within = middle;
        } else {
          beyond = middle;
        }
      }
      return beyond;
    }
  }
}
