package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import dev.asyncops.operations.DirectorySweep.Stage;
import dev.asyncops.operations.DirectorySweep.Swept;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a delete-batch below one root: hands out pieces of it, a bounded number at a time
 * (P14), and counts what comes back.
 *
 * <p>What is left to do is a stack. At its bottom are the paths that clients named; directories
 * that have entries lie above what they were found in. So the walk is depth first, and the stack
 * grows with the depth of the tree, by a bounded number of directories each, and not with the
 * number of its entries. Nothing is open while it waits there.
 *
 * <p><b>Threads</b>: main context only.
 */
final class RootDeletion {

  /** What hears of it, on the main context. */
  interface Listener {

    /** Something changed: some paths ended, and there may be nothing left to do. */
    void changed(@Nullable OperationException stoppedBy);
  }

  /** How many directories a worker removes at once, at most. */
  private static final int MOST_REMOVED = 32;

  private final DeleteBatchOptions options;
  private final Cancellable stop;
  private final DeleteLane lane;
  private final OperationProgress progress;
  private final Listener listener;

  /** A stack; the first is its top. */
  private final Deque<LeftToDelete<?>> left = new ArrayDeque<>();

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
    left.addLast(new LeftToDelete.Paths(paths));
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
    stopped = true;
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
    LeftToDelete<?> first = left.getFirst();
    switch (first) {
      case LeftToDelete.Paths paths -> deleteSome(paths.take(lane.room()));
      case LeftToDelete.Directories directories -> sweepSome(directories.take(lane.room()));
    }
    if (first.isEmpty()) {
      left.remove(first);
    }
  }

  private void deleteSome(List<RootPath> paths) {
    progress.started(paths.size());
    lane.delete(paths, null, options.recursive(), this::onDeleted);
  }

  private void sweepSome(List<WalkedDirectory> directories) {
    directories.forEach(WalkedDirectory::sweeping);
    lane.sweep(directories, this::onSwept);
  }

  private void removeSettled() {
    RootPath top = settled.getFirst().foundFrom();
    Deque<WalkedDirectory> directories = new ArrayDeque<>();
    while (!settled.isEmpty()
        && Objects.equals(settled.getFirst().foundFrom(), top)
        && directories.size() < MOST_REMOVED) {
      directories.addLast(settled.removeFirst());
    }
    List<RootPath> paths = directories.stream().map(WalkedDirectory::path).toList();
    lane.delete(paths, top, false, outcome -> onRemoved(directories, outcome));
  }

  // ---- Coming back

  private void onDeleted(Outcome outcome) {
    count(outcome);
    walkInto(outcome.directories(), null);
    listener.changed(outcome.stoppedBy());
  }

  private void onSwept(List<Swept> news) {
    OperationException stoppedBy = null;
    for (Swept one : news) {
      WalkedDirectory directory = one.directory();
      progress.found(one.found(), 0);
      progress.started(one.found());
      count(one.outcome());
      directory.stay(one.staying());
      directory.swept(one.stage(), one.error());
      walkInto(one.outcome().directories(), directory);
      settle(directory);
      stoppedBy = stoppedBy == null ? one.outcome().stoppedBy() : stoppedBy;
    }
    listener.changed(stoppedBy);
  }

  /** Puts directories with entries before everything else: the walk is depth first. */
  private void walkInto(List<RootPath> found, @Nullable WalkedDirectory parent) {
    if (found.isEmpty()) {
      return;
    }
    openDirectories += found.size();
    List<WalkedDirectory> directories =
        found.stream().map(path -> new WalkedDirectory(path, parent)).toList();
    if (parent != null) {
      parent.directoriesFound(found.size());
    }
    if (stopped) {
      return;
    }
    if (parent != null) {
      left.addFirst(new LeftToDelete.Directories(directories));
    } else { // each is reached in its own way
      directories.forEach(one -> left.addFirst(new LeftToDelete.Directories(List.of(one))));
    }
  }

  private void onRemoved(Deque<WalkedDirectory> directories, Outcome outcome) {
    count(outcome);
    openDirectories -= outcome.ended();
    Set<String> staying =
        outcome.reported().stream()
            .filter(item -> item.code() != null && item.code() != ErrorCode.NOT_FOUND)
            .map(ItemResult::path)
            .collect(Collectors.toSet());
    for (int i = 0; i < outcome.ended(); i++) {
      RootPath path = directories.getFirst().path();
      boolean stays = !staying.isEmpty() && staying.contains(path.toString());
      WalkedDirectory parent = directories.getFirst().parent();
      if (parent != null) {
        parent.directoryEnded(directories.getFirst(), stays);
        settle(parent);
      }
      directories.removeFirst();
    }
    listener.changed(outcome.stoppedBy());
  }

  private void count(Outcome outcome) {
    progress.ended(ItemState.SUCCEEDED, outcome.succeeded());
    outcome.reported().forEach(progress::ended);
    progress.ended(ItemState.CANCELLED, outcome.untouched());
  }

  /**
   * Goes on with a directory once nothing below it is left to do. One that is gone or will not go,
   * and every one of a dry run, ends here, and maybe its parents with it; the others are to be
   * swept once more, or removed.
   */
  private void settle(WalkedDirectory lowest) {
    for (WalkedDirectory directory = lowest;
        directory != null && directory.isSettled();
        directory = directory.parent()) {
      OperationException error = directory.error();
      if (error == null && directory.stage() != Stage.OVER) {
        if (stopped || isToGoOn(directory)) {
          return;
        }
        error = directory.keepsAnEntry() ? DryDeletion.notEmpty(directory.path()) : null;
      }
      ended(directory, error);
    }
  }

  /** Sees to it that a directory is swept once more, or removed. */
  private boolean isToGoOn(WalkedDirectory directory) {
    if (directory.stage() == Stage.LEFT_UNREAD) {
      left.addFirst(new LeftToDelete.Directories(List.of(directory)));
      return true;
    }
    if (!options.dryRun()) {
      settled.addLast(directory);
      return true;
    }
    return false;
  }

  /** Counts a directory that needs nothing more; its parent may be settled by that. */
  private void ended(WalkedDirectory directory, @Nullable OperationException error) {
    openDirectories--;
    WalkedDirectory parent = directory.parent();
    if (parent != null) {
      parent.directoryEnded(directory, error != null && error.code() != ErrorCode.NOT_FOUND);
    }
    if (error == null) {
      removed(directory.path());
      return;
    }
    ItemResult item = options.itemOf(directory.path(), error);
    progress.ended(item);
    if (options.stopsAfter(item) && stop.cancel()) {
      listener.changed(error);
    }
  }

  private void removed(RootPath directory) {
    if (options.listsAll()) {
      progress.ended(PathResults.of(directory, ItemState.SUCCEEDED));
    } else {
      progress.ended(ItemState.SUCCEEDED, 1);
    }
  }
}
