package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.FileSystemSync;
import dev.asyncops.files.RootPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the source depth first, bit by bit, and makes each directory at the destination before it
 * tells what is in it.
 *
 * <p>Where only some entries were chosen it goes down only to them, and reads no directory on the
 * way.
 *
 * <p>Memory: the names of one call, and for each level the directories that were found in it. A
 * directory is closed before those in it are entered, unless they are very many.
 *
 * <p><b>Threads</b>: one at a time, which may block. <b>Cancellation</b>: looked at before every
 * entry.
 */
final class CopyWalk implements AutoCloseable {

  /** How many entries one step looks at, about. */
  static final int BIT = 256;

  /**
   * How many directories a directory may have before they are entered while it is still being read:
   * else it is read to its end first, so that a deep tree does not hold many open.
   */
  private static final int MOST_HELD = 1024;

  /** A directory on the way down. */
  private static final class Level {

    final CopyDirectory directory;
    final Deque<CopyEntry> directories = new ArrayDeque<>();

    /** Null when it was read to its end. */
    @Nullable DirectoryListing listing;

    /** What to go through instead of a listing, where only some entries were chosen. */
    final CopyChoice.@Nullable Below chosen;

    Level(CopyDirectory directory, DirectoryListing listing) {
      this.directory = directory;
      this.listing = listing;
      chosen = null;
    }

    Level(CopyDirectory directory, CopyChoice.Below chosen) {
      this.directory = directory;
      this.chosen = chosen;
    }

    void close() {
      if (listing != null) {
        listing.close();
      }
      listing = null;
    }
  }

  /** What was chosen below a directory that cannot be entered, or was left out (no error). */
  private record Refused(CopyChoice.Below chosen, @Nullable OperationException error) {}

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final CopyDirectories directories;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable Refused refused;
  private @Nullable CopyEntry top;

  CopyWalk(CopyPlan plan, FileAccess files, Cancellable stop, CopyEntry top) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
    directories = new CopyDirectories(plan, files);
    this.top = top;
  }

  /** Whether everything was told. */
  boolean isOver() {
    return top == null && refused == null && levels.isEmpty();
  }

  /** Walks on a bit and tells what it found, also if it throws in the middle of it. */
  void step(List<CopyFound> found) {
    int left = BIT;
    while (left > 0 && !isOver() && !stop.isCancelled()) {
      left -= advance(found, left);
    }
  }

  /** See {@link CopyDirectories#takeSync}. */
  @Nullable FileSystemSync takeSync() {
    return directories.takeSync();
  }

  @Override
  public void close() {
    directories.close();
    levels.forEach(Level::close);
    levels.clear();
    refused = null;
    top = null;
  }

  /** Returns how many entries were looked at, at least one. */
  private int advance(List<CopyFound> found, int atMost) {
    CopyEntry first = top;
    if (first != null) {
      top = null;
      CopyChoice only = plan.request().only();
      if (only == null) {
        enter(first, found);
      } else {
        pass(first, only.below(), found);
      }
      return 1;
    }
    if (refused != null) {
      return refuse(refused, found, atMost);
    }
    Level level = levels.getLast();
    if (level.chosen != null) {
      choose(level, level.chosen, found);
      return 1;
    }
    DirectoryListing listing = level.listing;
    if (listing != null && level.directories.size() < MOST_HELD) {
      return read(level, listing, found, atMost);
    }
    CopyEntry next = level.directories.poll();
    if (next != null) {
      enter(next, found);
    } else {
      levels.removeLast();
    }
    return 1;
  }

  private int read(Level level, DirectoryListing listing, List<CopyFound> found, int atMost) {
    try {
      List<String> names = listing.next(atMost);
      if (names.isEmpty()) {
        endReading(level, found, null);
      } else {
        look(level, listing, names, found);
      }
      return Math.max(1, names.size());
    } catch (OperationException e) {
      endReading(level, found, e);
      return 1;
    }
  }

  private static void endReading(
      Level level, List<CopyFound> found, @Nullable OperationException error) {
    level.close();
    found.add(new CopyFound.Listed(level.directory, error));
  }

  // ---- What is in a directory

  private void look(
      Level level, DirectoryListing listing, List<String> names, List<CopyFound> found) {
    List<CopyEntry> entries = new ArrayList<>();
    List<ItemResult> broken = new ArrayList<>();
    for (String name : names) {
      if (plan.filter().seesName(name) && !stop.isCancelled()) {
        look(level, listing, name, entries, broken);
      }
    }
    found.add(new CopyFound.Names(level.directory, entries, broken));
  }

  private void look(
      Level level,
      DirectoryListing listing,
      String name,
      List<CopyEntry> entries,
      List<ItemResult> broken) {
    CopyDirectory directory = level.directory;
    RootPath source = directory.entry.source().resolve(name);
    RootPath destination = directory.entry.destination().resolve(name);
    try {
      FileStatus status = listing.status(name);
      if (!plan.filter().accepts(source, status.type())) {
        return;
      }
      checkSupported(source, status);
      CopyEntry entry = new CopyEntry(directory, source, destination, status, !directory.made);
      entries.add(entry);
      if (status.type() == FileStatus.Type.DIRECTORY) {
        level.directories.add(entry);
      }
    } catch (OperationException e) {
      if (e.code() != ErrorCode.NOT_FOUND) { // else it went away before it was looked at
        broken.add(PathResults.failed(source, destination, e));
      }
    }
  }

  static void checkSupported(RootPath source, FileStatus status) throws OperationException {
    if (status.type() == FileStatus.Type.OTHER) {
      throw new OperationException(
          ErrorCode.NOT_SUPPORTED, "'%s' is a FIFO, socket or device.".formatted(source));
    }
  }

  // ---- What was chosen in a directory

  private void choose(Level level, CopyChoice.Below chosen, List<CopyFound> found) {
    if (!chosen.hasNext()) {
      levels.removeLast();
      found.add(new CopyFound.Listed(level.directory, null));
      return;
    }
    CopyChoice.Child child = chosen.nextChild();
    CopyDirectory directory = level.directory;
    RootPath source = directory.entry.source().resolve(child.name());
    RootPath destination = directory.entry.destination().resolve(child.name());
    CopyChoice.Below below = child.below();
    try {
      FileStatus status = files.status(source);
      CopyEntry entry = new CopyEntry(directory, source, destination, status, !directory.made);
      if (!plan.filter().seesName(child.name()) || !plan.filter().accepts(source, status.type())) {
        refuse(source, destination, below, null, found);
      } else if (below == null) {
        checkSupported(source, status);
        take(directory, entry, found);
      } else {
        pass(entry, below, found);
      }
    } catch (OperationException e) {
      refuse(source, destination, below, e, found);
    }
  }

  private void take(CopyDirectory directory, CopyEntry entry, List<CopyFound> found) {
    found.add(new CopyFound.Names(directory, List.of(entry), List.of()));
    if (entry.status().type() == FileStatus.Type.DIRECTORY) {
      enter(entry, found);
    }
  }

  /** Goes through a directory to what was chosen below it. */
  private void pass(CopyEntry entry, CopyChoice.Below below, List<CopyFound> found) {
    try {
      if (entry.status().type() != FileStatus.Type.DIRECTORY) {
        throw CopyDirectories.notDirectory(entry.source());
      }
      CopyDirectory directory = directories.pass(entry);
      levels.addLast(new Level(directory, below));
      found.add(new CopyFound.Entered(directory));
    } catch (OperationException e) {
      refused = new Refused(below, e);
    }
  }

  /** One that was chosen, or all those below a directory. */
  private void refuse(
      RootPath source,
      RootPath destination,
      CopyChoice.@Nullable Below below,
      @Nullable OperationException error,
      List<CopyFound> found) {
    if (below == null) {
      found.add(new CopyFound.Ended(List.of(ended(source, destination, error))));
    } else {
      refused = new Refused(below, error);
    }
  }

  private int refuse(Refused all, List<CopyFound> found, int atMost) {
    List<ItemResult> results = new ArrayList<>();
    while (all.chosen.hasNext() && results.size() < atMost) {
      RootPath entry = all.chosen.nextEntry();
      results.add(ended(entry, plan.destinationOf(entry), all.error));
    }
    if (!all.chosen.hasNext()) {
      refused = null;
    }
    found.add(new CopyFound.Ended(results));
    return results.size();
  }

  private static ItemResult ended(
      RootPath source, RootPath destination, @Nullable OperationException error) {
    return error == null
        ? PathResults.of(source, destination, ItemState.SKIPPED, 0, null)
        : PathResults.failed(source, destination, error);
  }

  // ---- Into a directory

  private void enter(CopyEntry entry, List<CopyFound> found) {
    try {
      CopyDirectory directory = directories.decide(entry);
      if (directory.stays) {
        found.add(new CopyFound.NotEntered(entry, entry.ended(directory.goodEnd)));
        return;
      }
      levels.addLast(new Level(directory, directories.open(directory)));
      found.add(new CopyFound.Entered(directory));
    } catch (OperationException e) {
      found.add(new CopyFound.NotEntered(entry, entry.failed(e)));
    }
  }
}
