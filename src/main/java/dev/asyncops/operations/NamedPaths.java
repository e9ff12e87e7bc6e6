package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeleteBatchMark.Below;
import dev.asyncops.operations.DeleteBatchMark.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The paths below one root that clients named: handed out in order, a few at a time, read ahead a
 * little where they are not in memory, and remembered until they have ended.
 *
 * <p><b>Threads</b>: main context only, but for {@link Reading}.
 */
final class NamedPaths {

  /** From how many paths at hand on nothing is read ahead. */
  private static final int ENOUGH = 4096;

  /**
   * Some paths in a row.
   *
   * @param input the number of the input they are of
   * @param from the position of the first one
   */
  record Piece(int input, long from, List<RootPath> paths) {}

  /** A read that is to be done where it may block. */
  final class Reading {

    private final Range range;

    Reading(Range range) {
      this.range = range;
    }

    /** Any thread; may block. */
    Piece read() throws OperationException {
      List<RootPath> paths = inputs.get(range.input()).read(root, range.from());
      long most = range.to() - range.from();
      return new Piece(
          range.input(),
          range.from(),
          paths.size() > most ? paths.subList(0, Math.toIntExact(most)) : paths);
    }
  }

  private final String root;

  /** The operation's; only ever added to, and read while it is not. */
  private final List<BatchPaths> inputs;

  /** What has not ended, of the inputs that were begun. */
  private final TreeMap<Integer, PathRanges> left = new TreeMap<>();

  /** What was not read, of the inputs that were begun. */
  private final Deque<Range> unread = new ArrayDeque<>();

  private final Deque<Taken> atHand = new ArrayDeque<>();

  /** The first input that was not begun. */
  private int next;

  /** The paths of the inputs that were not begun. */
  private long notBegun;

  private int pathsAtHand;
  private long notHandedOut;
  private boolean reading;

  /** What was read of one range and waits to be handed out. */
  private static final class Taken {

    private final int input;
    private final LeftToDelete.Paths paths;
    private long from;

    Taken(Piece piece) {
      input = piece.input();
      from = piece.from();
      paths = new LeftToDelete.Paths(piece.paths());
    }
  }

  /** The paths of no input. */
  NamedPaths(String root, List<BatchPaths> inputs) {
    this.root = root;
    this.inputs = inputs;
  }

  String root() {
    return root;
  }

  /** Takes on the paths of an input, which is one after all before; returns how many there are. */
  long add(int input) {
    long size = sizeOf(input);
    notBegun += size;
    notHandedOut += size;
    return size;
  }

  /** Takes on what an attempt before has left of the first inputs; returns how much that is. */
  long goOn(@Nullable Below mark, int known) {
    next = mark == null ? known : mark.next();
    long paths = 0;
    if (mark != null) {
      for (Range range : mark.left()) {
        left.computeIfAbsent(range.input(), _ -> new PathRanges()).add(range.from(), range.to());
        unread.addLast(range);
        paths += range.to() - range.from();
      }
    }
    for (int input = next; input < known; input++) {
      notBegun += sizeOf(input);
    }
    paths += notBegun;
    notHandedOut += paths;
    return paths;
  }

  private long sizeOf(int input) {
    return inputs.get(input).sizes().getOrDefault(root, 0L);
  }

  // ---- Handing out

  /** Whether all was handed out. */
  boolean isEmpty() {
    return notHandedOut == 0;
  }

  /** Whether something can be handed out now. */
  boolean isAnyAtHand() {
    return !atHand.isEmpty();
  }

  /** Whether a read is on its way. */
  boolean isReading() {
    return reading;
  }

  /**
   * What is to be read next; null if enough is at hand, nothing is left to be read, or a read is on
   * its way. What is in memory is at hand after this call.
   */
  @Nullable Reading readAhead() {
    while (!reading && pathsAtHand < ENOUGH) {
      Range range = nextUnread();
      if (range == null) {
        return null;
      }
      Reading following = new Reading(range);
      reading = true;
      if (!inputs.get(range.input()).isAtHand()) {
        return following;
      }
      try {
        wasRead(following.read());
      } catch (OperationException e) {
        throw new IllegalStateException("What is at hand could not be read.", e);
      }
    }
    return null;
  }

  private @Nullable Range nextUnread() {
    while (unread.isEmpty() && next < inputs.size()) {
      long size = sizeOf(next);
      if (size > 0) {
        PathRanges all = new PathRanges();
        all.add(0, size);
        left.put(next, all);
        unread.addLast(new Range(next, 0, size));
        notBegun -= size;
      }
      next++;
    }
    return unread.peekFirst();
  }

  /** The read that was on its way came back. */
  void wasRead(Piece piece) {
    reading = false;
    Range range = unread.removeFirst();
    long end = piece.from() + piece.paths().size();
    if (end < range.to()) {
      unread.addFirst(new Range(range.input(), end, range.to()));
    }
    atHand.addLast(new Taken(piece));
    pathsAtHand += piece.paths().size();
  }

  /** The next few of what is at hand, for one of so many workers. */
  Piece take(int workers) {
    Taken first = atHand.getFirst();
    List<RootPath> paths = first.paths.take(workers, notHandedOut - first.paths.size());
    Piece piece = new Piece(first.input, first.from, paths);
    first.from += paths.size();
    pathsAtHand -= paths.size();
    notHandedOut -= paths.size();
    if (first.paths.isEmpty()) {
      atHand.removeFirst();
    }
    return piece;
  }

  /** Hands out nothing more; what a read brings is not wanted. */
  void stop() {
    notHandedOut = 0;
    pathsAtHand = 0;
    atHand.clear();
  }

  // ---- What has ended

  /** Paths have ended, one way or the other; those that were never done have not. */
  void ended(int input, long from, long to) {
    PathRanges ranges = left.get(input);
    if (ranges != null) {
      ranges.remove(from, to);
      if (ranges.isEmpty()) {
        left.remove(input);
      }
    }
  }

  /** What has not ended; null if nothing is left. */
  @Nullable Below mark() {
    List<Range> ranges = new ArrayList<>();
    for (Map.Entry<Integer, PathRanges> one : left.entrySet()) {
      one.getValue().forEach((from, to) -> ranges.add(new Range(one.getKey(), from, to)));
    }
    return notBegun > 0 || !ranges.isEmpty() ? new Below(root, next, ranges) : null;
  }
}
