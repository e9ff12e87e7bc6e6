package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.DirectoryPair;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileComparison;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, bit by bit, whether what is at the destination is all that a copy would put there, and
 * nothing else.
 *
 * <ul>
 *   <li>The same names, those that the filter leaves out apart, of the same types.
 *   <li>Files have the same bytes, links say the same.
 *   <li>Where times are kept, everything has the same time of change.
 *   <li>Permissions, owners, extended attributes and further names of files are not looked at.
 * </ul>
 *
 * <p>The cheap is looked at before any content is read. The first difference is the end.
 *
 * <p>Memory: the names of one call, and for each level the directories that were found in it. A
 * directory is closed before those in it are entered, unless they are very many.
 *
 * <p><b>Threads</b>: one at a time, which may block. <b>Cancellation</b>: looked at before every
 * entry and every 2 MiB.
 */
final class CopyComparison implements AutoCloseable {

  /** What is read between two looks at the cancel. */
  private static final long STEP = 2L << 20;

  /** To look at an entry takes about as long as to compare so many bytes. */
  private static final long ENTRY = 64L << 10;

  private static final int NAMES = 64;

  /** See {@link CopyWalk}. */
  private static final int MOST_HELD = 1024;

  /** A directory of the source, and that of the destination. */
  private static final class Level {

    final RootPath source;
    final RootPath destination;

    /**
     * First of the source, to compare what is in it; then of the destination, to see that there is
     * no more; null when both were read to their ends.
     */
    @Nullable DirectoryListing listing;

    boolean compared;
    long entries;
    final Deque<String> files = new ArrayDeque<>();
    final Deque<String> directories = new ArrayDeque<>();

    Level(RootPath source, RootPath destination, DirectoryListing listing) {
      this.source = source;
      this.destination = destination;
      this.listing = listing;
    }

    void close() {
      if (listing != null) {
        listing.close();
      }
      listing = null;
    }
  }

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable FileComparison open;
  private boolean begun;
  private boolean different;
  private long items;
  private long bytes;

  CopyComparison(CopyPlan plan, FileAccess files, Cancellable stop) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
  }

  /** Whether no difference was found; of all there is once the last step was done. */
  boolean isEqual() {
    return !different;
  }

  /** How many entries the source has, itself too. */
  long items() {
    return items;
  }

  /** How many bytes were compared. */
  long bytes() {
    return bytes;
  }

  /**
   * Goes on for a few MiB, about; returns whether there is more to do.
   *
   * @throws OperationException CANCELLED; what else keeps it from being known, NOT_FOUND too
   */
  boolean step() throws OperationException {
    long left = 4 * STEP;
    while (left > 0 && !isOver()) {
      stop.throwIfCancelled();
      left -= advance();
    }
    return !isOver();
  }

  @Override
  public void close() {
    closeFile();
    levels.forEach(Level::close);
    levels.clear();
  }

  private boolean isOver() {
    return different || (begun && open == null && levels.isEmpty());
  }

  /** Returns how much was done, in bytes. */
  private long advance() throws OperationException {
    if (!begun) {
      begun = true;
      begin();
    } else if (open != null) {
      return compareContent(open);
    } else {
      return walkOn(levels.getLast());
    }
    return ENTRY;
  }

  private void begin() throws OperationException {
    RootPath source = plan.request().source();
    RootPath destination = plan.request().destination();
    FileStatus status = files.status(source);
    if (status.type() != FileStatus.Type.DIRECTORY
        && !plan.filter().accepts(source, status.type())) {
      different = true; // the copy would skip it, and put nothing there
    } else if (isAlike(source, status, destination, files.status(destination))) {
      switch (status.type()) {
        case DIRECTORY -> enter(source, destination);
        case FILE -> openContent(source, destination);
        case SYMLINK, OTHER -> {}
      }
    }
  }

  // ---- One entry

  /** Counts it and looks at all but its content, or what is below it. */
  private boolean isAlike(
      RootPath source, FileStatus status, RootPath destination, FileStatus existing)
      throws OperationException {
    items++;
    boolean directory = status.type() == FileStatus.Type.DIRECTORY;
    boolean alike =
        status.type() != FileStatus.Type.OTHER
            && existing.type() == status.type()
            && (directory || existing.size() == status.size())
            && (!keepsTimes() || existing.modified().equals(status.modified()))
            && !existing.isSameFileAs(status); // a copy never makes that
    if (alike && status.type() == FileStatus.Type.SYMLINK) {
      try (DirectoryPair pair = files.openPair(source.parent(), destination.parent())) {
        alike = pair.isSameLink(source.name(), destination.name());
      }
    }
    different |= !alike;
    return alike;
  }

  private boolean keepsTimes() {
    return plan.request().preserve().contains(CopyRequest.Preserve.TIMES);
  }

  private void openContent(RootPath source, RootPath destination) throws OperationException {
    try (DirectoryPair pair = files.openPair(source.parent(), destination.parent())) {
      open = pair.openComparison(source.name(), destination.name());
    }
  }

  private long compareContent(FileComparison content) throws OperationException {
    try {
      long compared = content.step(STEP);
      bytes += compared;
      if (compared == 0) {
        closeFile();
      }
      return Math.max(compared, ENTRY);
    } catch (OperationException e) {
      if (e.code() != ErrorCode.VERIFY_FAILED) {
        throw e;
      }
      different = true;
      return ENTRY;
    }
  }

  private void closeFile() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  // ---- Directories

  private void enter(RootPath source, RootPath destination) throws OperationException {
    levels.addLast(new Level(source, destination, files.list(source)));
  }

  private long walkOn(Level level) throws OperationException {
    String file = level.files.poll();
    if (file != null) {
      openContent(level.source.resolve(file), level.destination.resolve(file));
      return ENTRY;
    }
    DirectoryListing listing = level.listing;
    if (listing != null && level.directories.size() < MOST_HELD) {
      return read(level, listing);
    }
    String directory = level.directories.poll();
    if (directory != null) {
      enter(level.source.resolve(directory), level.destination.resolve(directory));
    } else {
      levels.removeLast();
    }
    return ENTRY;
  }

  private long read(Level level, DirectoryListing listing) throws OperationException {
    List<String> names = listing.next(NAMES);
    if (names.isEmpty()) {
      endReading(level);
    } else if (level.compared) {
      level.entries -= names.size();
    } else {
      for (String name : names) {
        look(level, listing, name);
      }
    }
    return ENTRY * Math.max(1, names.size());
  }

  /** After the source comes the destination: it has what was found, so no more if not more. */
  private void endReading(Level level) throws OperationException {
    level.close();
    if (level.compared) {
      different |= level.entries != 0;
    } else {
      level.compared = true;
      level.listing = files.list(level.destination);
    }
  }

  private void look(Level level, DirectoryListing listing, String name) throws OperationException {
    if (different || !plan.filter().seesName(name)) {
      return;
    }
    stop.throwIfCancelled();
    RootPath source = level.source.resolve(name);
    RootPath destination = level.destination.resolve(name);
    FileStatus status = listing.status(name);
    if (plan.filter().accepts(source, status.type())
        && isAlike(source, status, destination, files.status(destination))) {
      level.entries++;
      switch (status.type()) {
        case DIRECTORY -> level.directories.add(name);
        case FILE -> level.files.add(name);
        case SYMLINK, OTHER -> {}
      }
    }
  }
}
