package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
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
 * <p>Memory: one open directory a level, and at most a bit's names of each.
 *
 * <p><b>Threads</b>: one at a time, which may block. <b>Cancellation</b>: looked at before every
 * entry.
 */
final class CopyWalk implements AutoCloseable {

  /** How many entries one step looks at, about. */
  static final int BIT = 256;

  private record Level(
      CopyDirectory directory, DirectoryListing listing, Deque<CopyEntry> directories) {}

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable CopyEntry top;

  CopyWalk(CopyPlan plan, FileAccess files, Cancellable stop, CopyEntry top) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
    this.top = top;
  }

  /** Whether everything was told. */
  boolean isOver() {
    return top == null && levels.isEmpty();
  }

  /** Walks on a bit and tells what it found, also if it throws in the middle of it. */
  void step(List<CopyFound> found) {
    int left = BIT;
    while (left > 0 && !isOver() && !stop.isCancelled()) {
      left -= advance(found, left);
    }
  }

  @Override
  public void close() {
    levels.forEach(level -> level.listing.close());
    levels.clear();
    top = null;
  }

  /** Returns how many entries were looked at, at least one. */
  private int advance(List<CopyFound> found, int atMost) {
    CopyEntry next = nextDirectory();
    if (next != null) {
      enter(next, found);
      return 1;
    }
    Level level = levels.getLast();
    try {
      List<String> names = level.listing.next(atMost);
      if (names.isEmpty()) {
        leave(level, found, null);
      } else {
        look(level, names, found);
      }
      return Math.max(1, names.size());
    } catch (OperationException e) {
      leave(level, found, e);
      return 1;
    }
  }

  private @Nullable CopyEntry nextDirectory() {
    CopyEntry first = top;
    if (first != null) {
      top = null;
      return first;
    }
    return levels.getLast().directories.poll();
  }

  private void leave(Level level, List<CopyFound> found, @Nullable OperationException error) {
    level.listing.close();
    levels.removeLast();
    found.add(new CopyFound.Listed(level.directory, error));
  }

  // ---- What is in a directory

  private void look(Level level, List<String> names, List<CopyFound> found) {
    List<CopyEntry> entries = new ArrayList<>();
    List<ItemResult> broken = new ArrayList<>();
    for (String name : names) {
      if (plan.filter().seesName(name) && !stop.isCancelled()) {
        look(level, name, entries, broken);
      }
    }
    found.add(new CopyFound.Names(level.directory, entries, broken));
  }

  private void look(Level level, String name, List<CopyEntry> entries, List<ItemResult> broken) {
    CopyDirectory directory = level.directory;
    RootPath source = directory.entry.source().resolve(name);
    RootPath destination = directory.entry.destination().resolve(name);
    try {
      FileStatus status = files.status(source);
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
        broken.add(CopyEntry.failed(source, destination, e));
      }
    }
  }

  static void checkSupported(RootPath source, FileStatus status) throws OperationException {
    if (status.type() == FileStatus.Type.OTHER) {
      throw new OperationException(
          ErrorCode.NOT_SUPPORTED, "'%s' is a FIFO, socket or device.".formatted(source));
    }
  }

  // ---- Into a directory

  private void enter(CopyEntry entry, List<CopyFound> found) {
    try {
      FileStatus existing =
          entry.mayExist() ? CopyPlaces.existing(files, entry.destination()) : null;
      CopyDecision decision = CopyDecision.of(entry, existing, plan.request().onConflict());
      if (decision == CopyDecision.SKIP) {
        found.add(new CopyFound.NotEntered(entry, entry.ended(ItemState.SKIPPED)));
        return;
      }
      CopyDirectory directory = directory(entry, decision, existing);
      Level level = new Level(directory, open(directory), new ArrayDeque<>());
      levels.addLast(level);
      found.add(new CopyFound.Entered(directory));
    } catch (OperationException e) {
      found.add(new CopyFound.NotEntered(entry, entry.failed(e)));
    }
  }

  private CopyDirectory directory(
      CopyEntry entry, CopyDecision decision, @Nullable FileStatus existing) {
    boolean made = decision != CopyDecision.MERGE;
    boolean staged = isStaged(entry, made);
    return new CopyDirectory(
        entry, target(entry, staged), decision, staged, goodEnd(entry, existing, made));
  }

  /** The top directory to a free name is staged, and so is all below it. */
  private boolean isStaged(CopyEntry entry, boolean made) {
    CopyDirectory parent = entry.parent();
    boolean hidden = parent == null ? made : parent.staged;
    return hidden && !plan.request().dryRun();
  }

  private RootPath target(CopyEntry entry, boolean staged) {
    if (!staged) {
      return entry.destination();
    }
    CopyDirectory parent = entry.parent();
    return parent == null
        ? plan.temporary(entry.destination())
        : parent.target.resolve(entry.source().name());
  }

  private ItemState goodEnd(CopyEntry entry, @Nullable FileStatus existing, boolean made) {
    boolean stays =
        switch (plan.request().onConflict()) {
          case SKIP -> true;
          case UPDATE -> existing != null && CopyDecision.isCurrent(entry, existing);
          case FAIL, OVERWRITE -> false;
        };
    return !made && stays ? ItemState.SKIPPED : ItemState.SUCCEEDED;
  }

  /** Makes the directory where it has to be made, and opens its source. */
  private DirectoryListing open(CopyDirectory directory) throws OperationException {
    DirectoryListing listing = files.list(directory.entry.source());
    if (directory.made && !plan.request().dryRun()) {
      try {
        make(directory);
      } catch (OperationException e) {
        listing.close();
        throw CopyPlan.retold(e, directory.target, directory.entry.destination());
      }
    }
    return listing;
  }

  private void make(CopyDirectory directory) throws OperationException {
    if (directory.staged && directory.entry.isTop()) {
      CopyPlaces.makeAnew(
          files,
          directory.target,
          () -> {
            files.createDirectory(directory.target, false);
            return directory;
          });
    } else {
      if (directory.replaces) {
        CopyPlaces.removeLink(files, directory.target);
      }
      files.createDirectory(directory.target, false);
    }
  }
}
