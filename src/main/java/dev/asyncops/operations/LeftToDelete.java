package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.util.List;

/**
 * Something a delete-batch still has to hand out: a list that is taken from bit by bit. Towards its
 * end the bits get smaller, so that all workers end together. Main context only.
 */
abstract sealed class LeftToDelete<T> {

  private final List<T> all;
  private int next;

  private LeftToDelete(List<T> all) {
    this.all = all;
  }

  /** The next few, for one of so many workers. */
  List<T> take(int workers) {
    return take(workers, 0);
  }

  /** The same, when there will be so many more behind these. */
  List<T> take(int workers, long behind) {
    int most = Math.clamp((size() + behind) / workers, 1, size());
    List<T> taken = all.subList(next, next + size(all, next, most));
    next += taken.size();
    return taken;
  }

  boolean isEmpty() {
    return next == all.size();
  }

  /** How many there are still. */
  int size() {
    return all.size() - next;
  }

  /** How many to take from there on: at least one, at most that many. */
  abstract int size(List<T> all, int from, int most);

  /** Paths that clients named. */
  static final class Paths extends LeftToDelete<RootPath> {

    /** How many paths a worker is given at once, at most. */
    static final int MOST = 1024;

    /** From how many on a worker is given no second directory. */
    private static final int ENOUGH = 64;

    Paths(List<RootPath> paths) {
      super(paths);
    }

    /** Not beyond a directory's end: two workers in one directory wait for each other. */
    @Override
    int size(List<RootPath> all, int from, int most) {
      int end = from + Math.min(most, MOST);
      int at = Math.min(end, from + ENOUGH);
      while (at < end && isInOne(all.get(at - 1), all.get(at))) {
        at++;
      }
      return at - from;
    }

    private static boolean isInOne(RootPath one, RootPath other) {
      return !one.isRoot() && !other.isRoot() && one.parent().equals(other.parent());
    }
  }

  /** Entries of one directory, or a path that a client named: directories to be swept. */
  static final class Directories extends LeftToDelete<WalkedDirectory> {

    private static final int MOST = 32;

    Directories(List<WalkedDirectory> directories) {
      super(directories);
    }

    @Override
    int size(List<WalkedDirectory> all, int from, int most) {
      return Math.min(most, MOST);
    }
  }
}
