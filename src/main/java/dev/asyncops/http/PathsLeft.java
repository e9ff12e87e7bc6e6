package dev.asyncops.http;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.operations.MarkedPaths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a delete-batch that is over has left to be done again, one path after the other: those that
 * failed, then the named ones that had not ended, of which only a part is in memory at a time.
 *
 * <p>With recursive, what lies below another of these goes with it, or fails with it, and is left
 * out: a failed path below another one of either sort, and a named one below a failed one. What a
 * client has named below its own paths stays as it was named.
 *
 * <p><b>Threads</b>: one at a time that may block.
 */
final class PathsLeft {

  private final Iterator<RootPath> failed;
  private final MarkedPaths named;

  /** What is named below these goes with them. */
  private final Set<RootPath> covering;

  private final long atMost;

  private PathsLeft(List<RootPath> failed, MarkedPaths named, Set<RootPath> covering) {
    this.failed = failed.iterator();
    this.named = named;
    this.covering = covering;
    atMost = failed.size() + named.left();
  }

  /**
   * Of a batch without recursive: all of them.
   *
   * @param failed as its report lists them
   * @param inputs what it was given
   * @param mark its last one
   */
  static PathsLeft of(List<RootPath> failed, List<BatchPaths> inputs, DeleteBatchMark mark) {
    return new PathsLeft(failed, new MarkedPaths(inputs, mark), Set.of());
  }

  /**
   * Of one with recursive; reads the named ones once before.
   *
   * @throws OperationException STORE_UNAVAILABLE
   */
  static PathsLeft recursive(List<RootPath> failed, List<BatchPaths> inputs, DeleteBatchMark mark)
      throws OperationException {
    Set<RootPath> all = new LinkedHashSet<>(failed);
    Set<RootPath> above = namedAbove(all, new MarkedPaths(inputs, mark));
    List<RootPath> topmost = new ArrayList<>();
    for (RootPath path : all) {
      if (!isBelowOne(path, all) && !above.contains(path) && !isBelowOne(path, above)) {
        topmost.add(path);
      }
    }
    return new PathsLeft(topmost, new MarkedPaths(inputs, mark), new HashSet<>(topmost));
  }

  /** Those of the named paths that are failed ones, or have failed ones below them. */
  private static Set<RootPath> namedAbove(Set<RootPath> failed, MarkedPaths named)
      throws OperationException {
    Set<RootPath> above = new HashSet<>();
    if (failed.isEmpty()) {
      return above;
    }
    Set<RootPath> atOrAbove = new HashSet<>();
    for (RootPath path : failed) {
      for (RootPath at = path; !at.isRoot() && atOrAbove.add(at); ) {
        at = at.parent();
      }
    }
    for (@Nullable RootPath path = named.next(); path != null; path = named.next()) {
      if (atOrAbove.contains(path)) {
        above.add(path);
      }
    }
    return above;
  }

  private static boolean isBelowOne(RootPath path, Set<RootPath> all) {
    RootPath above = path;
    while (!all.isEmpty() && !above.isRoot()) {
      above = above.parent();
      if (all.contains(above)) {
        return true;
      }
    }
    return false;
  }

  /** How many there are, or less. */
  long atMost() {
    return atMost;
  }

  /**
   * The next few, at most so many; empty after the last.
   *
   * @throws OperationException STORE_UNAVAILABLE
   */
  List<RootPath> next(int limit) throws OperationException {
    List<RootPath> some = new ArrayList<>();
    while (some.size() < limit) {
      @Nullable RootPath path = next();
      if (path == null) {
        break;
      }
      some.add(path);
    }
    return some;
  }

  private @Nullable RootPath next() throws OperationException {
    if (failed.hasNext()) {
      return failed.next();
    }
    @Nullable RootPath path = named.next();
    while (path != null && isBelowOne(path, covering)) {
      path = named.next();
    }
    return path;
  }
}
