package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a delete-batch below one root: hands out pieces of it, a bounded number at a time
 * (P14), and counts what comes back.
 *
 * <p>What is left to do is a stack. At its bottom are the paths that clients named; a directory
 * that has entries lies above what it was found in, and its entries above it. So the walk is depth
 * first, and the stack grows with the depth of the tree and not with the number of its entries.
 *
 * <p><b>Threads</b>: main context only.
 */
final class RootDeletion {

  /** What hears of it, on the main context. */
  interface Listener {

    /** Something changed: some paths ended, and there may be nothing left to do. */
    void changed(@Nullable OperationException stoppedBy);
  }

  private static final int MAX_ENTRIES_READ = 256;

  private final DeleteBatchOptions options;
  private final Cancellable stop;
  private final DeleteLane lane;
  private final OperationProgress progress;
  private final Listener listener;

  /** A stack; the first is its top. */
  private final Deque<LeftToDelete> left = new ArrayDeque<>();

  /** Directories whose entries are all gone, or tried. */
  private final Deque<WalkedDirectory> settled = new ArrayDeque<>();

  /** Directories that were started and have not ended. */
  private long openDirectories;

  private boolean stopped;

  RootDeletion(
      DeleteBatchOptions options,
      Cancellable stop,
      DeleteLane lane,
      OperationProgress progress,
      Listener listener) {
    this.options = options;
    this.stop = stop;
    this.lane = lane;
    this.progress = progress;
    this.listener = listener;
  }

  /** Takes on paths that are counted already, behind those it has. */
  void add(List<RootPath> paths) {
    left.addLast(new LeftToDelete.Paths(paths, null));
  }

  /** Has it served at another priority. */
  void setPriority(Priority priority) {
    lane.setPriority(priority);
  }

  /** Hands out pieces as long as there is something to do and enough room. */
  void handOut() {
    while (!stopped && lane.hasRoom() && !isAllOut()) {
      handOutOne();
    }
  }

  /** Hands out nothing more; what is out comes back. */
  void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    for (LeftToDelete one : left) {
      if (one instanceof LeftToDelete.Entries(WalkedDirectory directory)) {
        closeListing(directory);
      }
    }
    left.clear();
    settled.clear();
  }

  /** Whether nothing is out and nothing is left to be handed out. */
  boolean isOver() {
    return lane.isIdle() && isAllOut();
  }

  private boolean isAllOut() {
    return left.isEmpty() && settled.isEmpty();
  }

  /** Lets go of the lane; what never got as far as being deleted counts as cancelled. */
  void close() {
    progress.ended(ItemState.CANCELLED, openDirectories);
    openDirectories = 0;
    lane.close();
  }

  // ---- Handing out

  private void handOutOne() {
    if (!settled.isEmpty()) {
      removeSettled();
      return;
    }
    switch (left.getFirst()) {
      case LeftToDelete.Entries(WalkedDirectory directory) -> {
        left.removeFirst();
        readEntries(directory);
      }
      case LeftToDelete.Paths paths -> deleteSome(paths);
    }
  }

  private void readEntries(WalkedDirectory directory) {
    lane.readEntries(
        directory, MAX_ENTRIES_READ, (entries, error) -> onEntriesRead(directory, entries, error));
  }

  private void deleteSome(LeftToDelete.Paths paths) {
    List<RootPath> taken = paths.take(lane.room());
    if (paths.isEmpty()) {
      left.removeFirst();
    }
    WalkedDirectory parent = paths.parent();
    RootPath top = parent == null ? null : parent.top();
    progress.started(taken.size());
    lane.delete(taken, top, options.recursive(), outcome -> onDeleted(parent, outcome));
  }

  private void removeSettled() {
    RootPath top = settled.getFirst().foundFrom();
    Deque<WalkedDirectory> directories = new ArrayDeque<>();
    while (!settled.isEmpty()
        && Objects.equals(settled.getFirst().foundFrom(), top)
        && directories.size() < LeftToDelete.MAX_PATHS_IN_PIECE) {
      directories.addLast(settled.removeFirst());
    }
    List<RootPath> paths = directories.stream().map(WalkedDirectory::path).toList();
    lane.delete(paths, top, false, outcome -> onRemoved(directories, outcome));
  }

  private void closeListing(WalkedDirectory directory) {
    if (directory.isOpen()) {
      lane.closeListing(directory, () -> listener.changed(null));
    }
  }

  // ---- Coming back

  private void onDeleted(@Nullable WalkedDirectory parent, Outcome outcome) {
    count(outcome);
    openDirectories += outcome.directories().size();
    if (!stopped) {
      for (RootPath path : outcome.directories()) {
        left.addFirst(new LeftToDelete.Entries(new WalkedDirectory(path, parent)));
      }
    }
    if (parent != null) {
      parent.childrenEnded(outcome.ended(), outcome.someStay());
      settle(parent);
    }
    listener.changed(outcome.stoppedBy());
  }

  private void onEntriesRead(
      WalkedDirectory directory, List<RootPath> entries, @Nullable OperationException error) {
    if (stop.isCancelled()) {
      closeListing(directory); // what was just read was not counted, and will not be begun
    } else {
      progress.found(entries.size(), 0);
      directory.childrenFound(entries.size());
      if (error != null || entries.size() < MAX_ENTRIES_READ) {
        directory.listed(error);
      } else {
        left.addFirst(new LeftToDelete.Entries(directory));
      }
      if (!entries.isEmpty()) {
        left.addFirst(new LeftToDelete.Paths(entries, directory));
      }
      settle(directory);
    }
    listener.changed(null);
  }

  private void onRemoved(Deque<WalkedDirectory> directories, Outcome outcome) {
    count(outcome);
    openDirectories -= outcome.ended();
    for (int i = 0; i < outcome.ended(); i++) {
      WalkedDirectory parent = directories.removeFirst().parent();
      if (parent != null) {
        parent.childrenEnded(1, false);
        settle(parent);
      }
    }
    listener.changed(outcome.stoppedBy());
  }

  private void count(Outcome outcome) {
    progress.ended(ItemState.SUCCEEDED, outcome.succeeded());
    outcome.reported().forEach(progress::ended);
    progress.ended(ItemState.CANCELLED, outcome.untouched());
  }

  /**
   * Goes on with a directory once nothing below it is left to do. One that could not be read, and
   * every one of a dry run, ends here, and maybe its parents with it; the others are to be removed.
   */
  private void settle(WalkedDirectory lowest) {
    for (WalkedDirectory directory = lowest;
        directory != null && directory.isSettled() && !stopped;
        directory = directory.parent()) {
      OperationException error = directory.error();
      if (error == null && !options.dryRun()) {
        settled.addLast(directory);
        return;
      }
      if (error == null && directory.keepsAChild()) {
        error = DryDeletion.notEmpty(directory.path());
      }
      ended(directory, error);
    }
  }

  private void ended(WalkedDirectory directory, @Nullable OperationException error) {
    openDirectories--;
    WalkedDirectory parent = directory.parent();
    if (parent != null) {
      parent.childrenEnded(1, error != null);
    }
    if (error == null) {
      progress.ended(ItemState.SUCCEEDED, 1);
      return;
    }
    ItemResult item = options.itemOf(directory.path(), error);
    progress.ended(item);
    if (options.stopsAfter(item) && stop.cancel()) {
      listener.changed(error);
    }
  }
}
