package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Removes from a tree that was being staged what the copy cannot go on with, bit by bit:
 *
 * <ul>
 *   <li>What the source does not have, or not as the same type, or the filter leaves out.
 *   <li>Files that are not as large and as old as their source, so also those that were growing.
 *   <li>All links: to make them again costs as much as to look at them.
 * </ul>
 *
 * <p>Then the tree has only finished files, in directories that nobody else may enter, as when they
 * were made. So whatever becomes of the source meanwhile, nothing half-made can be published.
 *
 * <p>Memory: the names of one call, and for each level the directories that were found in it.
 *
 * <p><b>Threads</b>: one at a time, which may block.
 */
final class UnfinishedRemoval implements TreeRemoval {

  /** See {@link CopyWalk}. */
  private static final int MOST_HELD = 1024;

  /** A directory that was staged, and that of the source from which it came. */
  private static final class Level {

    final RootPath source;
    final RootPath staged;
    final Deque<String> directories = new ArrayDeque<>();

    /** Null, both, when the staged one was read to its end. */
    @Nullable DirectoryListing sources;

    @Nullable DirectoryListing names;

    Level(RootPath source, RootPath staged) {
      this.source = source;
      this.staged = staged;
    }

    void close() {
      if (sources != null) {
        sources.close();
      }
      if (names != null) {
        names.close();
      }
      sources = null;
      names = null;
    }
  }

  private final CopyPlan plan;
  private final FileAccess files;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Deque<RootPath> found = new ArrayDeque<>();
  private @Nullable TreeRemoval removal;
  private boolean begun;

  UnfinishedRemoval(CopyPlan plan, FileAccess files) {
    this.plan = plan;
    this.files = files;
  }

  /** {@inheritDoc} After a failure the tree is good for nothing but to be removed as a whole. */
  @Override
  public boolean step(int atMost) throws OperationException {
    int left = atMost;
    while (left > 0 && !isOver()) {
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
  private int advance(int atMost) throws OperationException {
    if (!begun) {
      begun = true;
      enter(plan.request().source(), plan.temporary(plan.request().destination()));
    } else if (removal != null) {
      removeSome(removal, atMost);
      return atMost;
    } else if (!found.isEmpty()) {
      removal = files.openRemoval(found.remove());
    } else {
      return walkOn(levels.getLast(), atMost);
    }
    return 1;
  }

  private void removeSome(TreeRemoval open, int atMost) throws OperationException {
    if (!open.step(atMost)) {
      closeRemoval();
    }
  }

  private void closeRemoval() {
    if (removal != null) {
      removal.close();
      removal = null;
    }
  }

  // ---- Walking

  private void enter(RootPath source, RootPath staged) throws OperationException {
    Level level = new Level(source, staged);
    levels.addLast(level); // so that it is closed whatever happens
    level.sources = files.list(source);
    files.makePrivate(staged);
    level.names = files.list(staged);
  }

  private int walkOn(Level level, int atMost) throws OperationException {
    DirectoryListing sources = level.sources;
    DirectoryListing names = level.names;
    if (sources != null && names != null && level.directories.size() < MOST_HELD) {
      return read(level, sources, names, atMost);
    }
    String directory = level.directories.poll();
    if (directory != null) {
      enterBelow(level, directory);
    } else {
      level.close();
      levels.removeLast();
    }
    return 1;
  }

  /** What cannot be read of the source will be missing from the copy. */
  private void enterBelow(Level level, String directory) throws OperationException {
    RootPath source = level.source.resolve(directory);
    RootPath staged = level.staged.resolve(directory);
    try {
      enter(source, staged);
    } catch (OperationException e) {
      levels.removeLast().close();
      found.add(staged);
    }
  }

  private int read(Level level, DirectoryListing sources, DirectoryListing names, int atMost)
      throws OperationException {
    int looked = 0;
    for (String name : names.next(atMost)) {
      looked++;
      FileStatus staged = names.status(name);
      if (!stays(sources, level.source.resolve(name), staged)) {
        found.add(level.staged.resolve(name));
      } else if (staged.type() == FileStatus.Type.DIRECTORY) {
        level.directories.add(name);
      }
    }
    if (looked == 0) {
      level.close();
    }
    return Math.max(1, looked);
  }

  private boolean stays(DirectoryListing sources, RootPath source, FileStatus staged) {
    FileStatus status;
    try {
      status = sources.status(source.name());
    } catch (OperationException e) {
      return false; // it is gone, or will be missing
    }
    return plan.filter().seesName(source.name())
        && plan.filter().accepts(source, status.type())
        && (isDirectory(staged) ? isDirectory(status) : staged.hasContentOf(status));
  }

  private static boolean isDirectory(FileStatus status) {
    return status.type() == FileStatus.Type.DIRECTORY;
  }
}
