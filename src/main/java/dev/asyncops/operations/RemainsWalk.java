package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what an operation left, bit by bit, and removes it: beside the destination, then, if
 * the copy may have merged, in each of its directories that the source has too, depth first.
 *
 * <p>Memory: the names of one call, and for each level the directories that were found in it. A
 * directory is closed before those in it are entered, unless they are very many.
 *
 * <p><b>Threads</b>: one at a time, which may block. <b>Cancellation</b>: looked at before every
 * entry.
 */
final class RemainsWalk implements AutoCloseable {

  /** How many directories a directory may have before they are entered while it is read. */
  private static final int MOST_HELD = 1024;

  /** A directory of the destination, and that of the source from which it came. */
  private static final class Level {

    final RootPath source;
    final RootPath destination;

    /**
     * First of the destination, to look for leftovers; then of the source, to go on below; null
     * when both were read to their ends.
     */
    @Nullable DirectoryListing listing;

    boolean searched;
    final Deque<String> directories = new ArrayDeque<>();

    /** What to go through instead, where only some entries were chosen. */
    final CopyChoice.@Nullable Below chosen;

    Level(RootPath source, RootPath destination, DirectoryListing listing) {
      this.source = source;
      this.destination = destination;
      this.listing = listing;
      chosen = null;
    }

    Level(RootPath source, RootPath destination, CopyChoice.Below chosen) {
      this.source = source;
      this.destination = destination;
      this.chosen = chosen;
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
  private final Deque<RootPath> found = new ArrayDeque<>();
  private @Nullable TreeRemoval removal;
  private boolean sparing;
  private boolean kept;
  private boolean begun;
  private long removed;
  private long stayed;
  private @Nullable OperationException error;

  /**
   * A walk that was not begun.
   *
   * @param sparing whether finished files of a staged tree stay
   */
  RemainsWalk(CopyPlan plan, FileAccess files, Cancellable stop, boolean sparing) {
    this.plan = plan;
    this.sparing = sparing;
    this.files = files;
    this.stop = stop;
  }

  /** How many leftovers are gone. */
  long removed() {
    return removed;
  }

  /** Whether a staged tree was left, with what is finished in it. */
  boolean kept() {
    return kept;
  }

  /** How many were found and could not be removed. */
  long stayed() {
    return stayed;
  }

  /** The first error; null if there was none. */
  @Nullable OperationException error() {
    return error;
  }

  /** Goes on for so many entries, about; returns whether there is more to do. */
  boolean step(int entries) {
    int left = entries;
    while (left > 0 && !isOver()) {
      if (stop.isCancelled()) {
        error = OperationException.cancelled();
        return false;
      }
      left -= advance(left);
    }
    return !isOver();
  }

  @Override
  public void close() {
    closeRemoval();
    levels.forEach(Level::close);
    levels.clear();
    found.clear();
  }

  private boolean isOver() {
    return begun && removal == null && found.isEmpty() && levels.isEmpty();
  }

  /** Returns how many entries were looked at, at least one. */
  private int advance(int atMost) {
    try {
      if (!begun) {
        begun = true;
        begin();
      } else if (removal != null) {
        return removeSome(removal, atMost);
      } else if (!found.isEmpty()) {
        openRemoval(found.remove());
      } else {
        return walkOn(levels.getLast(), atMost);
      }
    } catch (OperationException e) {
      failed(e);
    }
    return 1;
  }

  private void begin() throws OperationException {
    RootPath destination = plan.request().destination();
    if (!destination.isRoot()) {
      findBeside(destination, sparing);
    }
    CopyChoice only = plan.request().only();
    if (only != null) {
      levels.addLast(new Level(plan.request().source(), destination, only.below()));
    } else if (merges()) {
      enter(plan.request().source(), destination);
    }
  }

  private boolean merges() {
    return plan.request().onConflict() != CopyRequest.OnConflict.FAIL;
  }

  private void findBeside(RootPath destination, boolean spares) {
    RootPath temporary = plan.temporary(destination);
    try {
      FileStatus there = CopyPlaces.existing(files, temporary);
      sparing = spares && there != null && there.type() == FileStatus.Type.DIRECTORY;
      if (sparing) {
        removal = new UnfinishedRemoval(plan, files);
      } else if (there != null) {
        found.add(temporary);
      }
    } catch (OperationException e) {
      failed(e);
    }
  }

  // ---- Removing

  private void openRemoval(RootPath leftover) throws OperationException {
    try {
      removal = files.openRemoval(leftover);
    } catch (OperationException e) {
      stayed++;
      throw e;
    }
  }

  private int removeSome(TreeRemoval open, int atMost) throws OperationException {
    boolean more = false;
    try {
      more = open.step(atMost);
      if (!more) {
        removedOne();
      }
      return atMost;
    } catch (OperationException e) {
      if (sparing) { // it all goes, then
        sparing = false;
        found.add(plan.temporary(plan.request().destination()));
        return 1;
      }
      stayed++;
      throw e;
    } finally {
      if (!more) {
        closeRemoval();
      }
    }
  }

  private void removedOne() {
    kept |= sparing;
    removed += sparing ? 0 : 1;
    sparing = false;
  }

  private void closeRemoval() {
    if (removal != null) {
      removal.close();
      removal = null;
    }
  }

  // ---- Walking

  private int walkOn(Level level, int atMost) throws OperationException {
    if (level.chosen != null) {
      choose(level, level.chosen);
      return 1;
    }
    DirectoryListing listing = level.listing;
    if (listing != null && level.directories.size() < MOST_HELD) {
      return read(level, listing, atMost);
    }
    String directory = level.directories.poll();
    if (directory != null) {
      enter(level.source.resolve(directory), level.destination.resolve(directory));
    } else {
      levels.removeLast();
    }
    return 1;
  }

  /** What was chosen was made beside its place, and so were missing directories on the way. */
  private void choose(Level level, CopyChoice.Below chosen) throws OperationException {
    if (!chosen.hasNext()) {
      levels.removeLast();
      return;
    }
    CopyChoice.Child child = chosen.nextChild();
    RootPath destination = level.destination.resolve(child.name());
    findBeside(destination, false);
    if (child.below() != null) {
      levels.addLast(new Level(level.source.resolve(child.name()), destination, child.below()));
    } else if (merges() && isWalked(level, child.name())) {
      enter(level.source.resolve(child.name()), destination);
    }
  }

  /** Not into what is no directory, or not there any more: the copy put nothing there. */
  private void enter(RootPath source, RootPath destination) throws OperationException {
    levels.addLast(new Level(source, destination, files.list(destination)));
  }

  private int read(Level level, DirectoryListing listing, int atMost) throws OperationException {
    List<String> names = next(listing, atMost);
    if (names.isEmpty()) {
      endReading(level);
    } else if (level.searched) {
      lookForDirectories(level, names);
    } else {
      names.stream()
          .filter(name -> TemporaryName.isOf(plan.id(), name))
          .forEach(name -> found.add(level.destination.resolve(name)));
    }
    return Math.max(1, names.size());
  }

  /** No more if the directory cannot be read on. */
  private List<String> next(DirectoryListing listing, int atMost) {
    try {
      return listing.next(atMost);
    } catch (OperationException e) {
      failed(e);
      return List.of();
    }
  }

  /** After the destination comes the source; after both what was found in it. */
  private void endReading(Level level) throws OperationException {
    level.close();
    if (!level.searched) {
      level.searched = true;
      level.listing = files.list(level.source);
    }
  }

  private void lookForDirectories(Level level, List<String> names) {
    for (String name : names) {
      if (plan.filter().seesName(name) && !stop.isCancelled() && isWalked(level, name)) {
        level.directories.add(name);
      }
    }
  }

  /** Whether the copy went into it. */
  private boolean isWalked(Level level, String name) {
    RootPath source = level.source.resolve(name);
    try {
      return files.status(source).type() == FileStatus.Type.DIRECTORY
          && plan.filter().accepts(source, FileStatus.Type.DIRECTORY);
    } catch (OperationException e) {
      failed(e);
      return false;
    }
  }

  /** What is gone, or was never there, is no failure. */
  private void failed(OperationException e) {
    boolean nothingThere = e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.NOT_DIRECTORY;
    if (error == null && !nothingThere) {
      error = e;
    }
  }
}
