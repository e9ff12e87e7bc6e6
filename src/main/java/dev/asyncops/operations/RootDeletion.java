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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a delete-batch below one root: hands out pieces of it, a bounded number at a time
 * (P14), and counts what comes back.
 *
 * <p>What is left to do is a stack. Under it are the paths that clients named; directories that
 * have entries lie above what they were found in. So the walk is depth first, and the stack grows
 * with the depth of the tree, by a bounded number of directories each, and not with the number of
 * its entries. Nothing is open while it waits there.
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
  private final DeleteBatchOptions optionsAgain;
  private final int inputsBefore;
  private final Cancellable stop;
  private final DeleteLane lane;
  private final OperationProgress progress;
  private final WalkCounts walk;
  private final NamedPaths named;
  private final Listener listener;

  /** A stack; the first is its top. */
  private final Deque<LeftToDelete.Directories> left = new ArrayDeque<>();

  /** Directories whose entries are all gone, or tried. */
  private final Deque<WalkedDirectory> settled = new ArrayDeque<>();

  /** Directories that clients named, with entries, which have not ended. */
  private long openTops;

  private boolean stopped;

  /**
   * With all to do.
   *
   * @param inputsBefore how many inputs an attempt before may have begun
   * @param named what there is to do, counted already
   */
  RootDeletion(
      DeleteBatchOptions options,
      int inputsBefore,
      Cancellable stop,
      DeleteLane lane,
      OperationProgress progress,
      WalkCounts walk,
      NamedPaths named,
      Listener listener) {
    this.options = options;
    optionsAgain = options.again();
    this.inputsBefore = inputsBefore;
    this.stop = stop;
    this.lane = lane;
    this.progress = progress;
    this.walk = walk;
    this.named = named;
    this.listener = listener;
  }

  /** Has it served at another priority. */
  void setPriority(Priority priority) {
    lane.setPriority(priority);
  }

  /** Begins nothing until it is released; tells, later, when nothing is under way. */
  void hold(Runnable quiet) {
    lane.hold(quiet);
  }

  /** Goes on, once it is asked to hand out. */
  void release() {
    lane.release();
  }

  /** Hands out pieces as long as there is something to do and enough room. */
  void handOut() {
    readAhead();
    while (!stopped && lane.hasRoom() && isAnyAtHand()) {
      handOutOne();
      readAhead();
    }
  }

  private boolean isAnyAtHand() {
    return !left.isEmpty() || !settled.isEmpty() || named.isAnyAtHand();
  }

  private void readAhead() {
    NamedPaths.Reading reading = stopped ? null : named.readAhead();
    if (reading != null) {
      lane.read(reading::read, this::onRead);
    }
  }

  /** Hands out nothing more; what is out comes back. */
  void stop() {
    stopped = true;
    named.stop();
    left.clear();
    settled.clear();
  }

  /** Whether nothing is out and nothing is left to be handed out. */
  boolean isOver() {
    return lane.isIdle() && isAllOut();
  }

  private boolean isAllOut() {
    return named.isEmpty() && left.isEmpty() && settled.isEmpty();
  }

  /** Lets go of the lane; what never got as far as being deleted counts as cancelled. */
  void close() {
    progress.ended(ItemState.CANCELLED, openTops);
    openTops = 0;
    lane.close();
  }

  // ---- Handing out

  private void handOutOne() {
    if (!settled.isEmpty()) {
      removeSettled();
      return;
    }
    if (left.isEmpty()) {
      deleteSome(named.take(lane.room()));
      return;
    }
    LeftToDelete.Directories first = left.getFirst();
    sweepSome(first.take(lane.room()));
    if (first.isEmpty()) {
      left.remove(first);
    }
  }

  private void deleteSome(NamedPaths.Piece piece) {
    progress.started(piece.paths().size());
    Named handedOut = new Named(piece);
    lane.delete(piece.paths(), null, handedOut.options, options.recursive(), handedOut::onDeleted);
  }

  private void sweepSome(List<WalkedDirectory> directories) {
    directories.forEach(WalkedDirectory::sweeping);
    lane.sweep(directories, directories.getFirst().origin().options(), this::onSwept);
  }

  private void removeSettled() {
    RootPath top = settled.getFirst().foundFrom();
    DeleteBatchOptions treated = settled.getFirst().origin().options();
    Deque<WalkedDirectory> directories = new ArrayDeque<>();
    while (!settled.isEmpty()
        && Objects.equals(settled.getFirst().foundFrom(), top)
        && settled.getFirst().origin().options().equals(treated)
        && directories.size() < MOST_REMOVED) {
      directories.addLast(settled.removeFirst());
    }
    List<RootPath> paths = directories.stream().map(WalkedDirectory::path).toList();
    lane.delete(paths, top, treated, false, outcome -> onRemoved(directories, outcome));
  }

  // ---- Coming back

  private void onRead(NamedPaths.@Nullable Piece piece, @Nullable OperationException failure) {
    if (piece != null && !stopped) {
      named.wasRead(piece);
    }
    listener.changed(failure != null && stop.cancel() ? failure : null);
  }

  /** Paths that clients named, on their way. */
  private final class Named {

    private final NamedPaths.Piece piece;
    private final DeleteBatchOptions options;

    /** How many of the paths came back. */
    private int back;

    Named(NamedPaths.Piece piece) {
      this.piece = piece;
      this.options = piece.input() < inputsBefore ? optionsAgain : RootDeletion.this.options;
    }

    void onDeleted(Outcome outcome) {
      int first = back;
      back += outcome.ended() + outcome.directories().size();
      List<WalkedDirectory> directories = ended(outcome, first, back - outcome.untouched());
      progress.ended(ItemState.SUCCEEDED, outcome.succeeded());
      outcome.reported().forEach(progress::ended);
      progress.ended(ItemState.CANCELLED, outcome.untouched());
      openTops += directories.size();
      if (!stopped) { // each is reached in its own way
        directories.forEach(one -> left.addFirst(new LeftToDelete.Directories(List.of(one))));
      }
      listener.changed(outcome.stoppedBy());
    }

    /** Has all these end but the directories with entries, which have come in the same order. */
    @SuppressWarnings("ReferenceEquality") // a path may be named twice
    private List<WalkedDirectory> ended(Outcome outcome, int from, int to) {
      List<WalkedDirectory> directories = new ArrayList<>(outcome.directories().size());
      int start = from;
      for (RootPath directory : outcome.directories()) {
        int at = start;
        while (piece.paths().get(at) != directory) {
          at++;
        }
        named.ended(piece.input(), piece.from() + start, piece.from() + at);
        directories.add(
            new WalkedDirectory(
                directory, new WalkedDirectory.Origin(piece.input(), piece.from() + at, options)));
        start = at + 1;
      }
      named.ended(piece.input(), piece.from() + start, piece.from() + to);
      return directories;
    }
  }

  private void onSwept(List<Swept> news) {
    OperationException stoppedBy = null;
    for (Swept one : news) {
      WalkedDirectory directory = one.directory();
      walk.found(one.found());
      count(directory.top(), one.outcome());
      directory.stay(one.staying());
      directory.swept(one.stage(), one.error());
      walkInto(one.outcome().directories(), directory);
      settle(directory);
      stoppedBy = stoppedBy == null ? one.outcome().stoppedBy() : stoppedBy;
    }
    listener.changed(stoppedBy);
  }

  /** Puts directories with entries before everything else: the walk is depth first. */
  private void walkInto(List<RootPath> found, WalkedDirectory parent) {
    if (found.isEmpty()) {
      return;
    }
    parent.directoriesFound(found.size());
    if (!stopped) {
      left.addFirst(
          new LeftToDelete.Directories(
              found.stream().map(path -> new WalkedDirectory(path, parent)).toList()));
    }
  }

  private void onRemoved(Deque<WalkedDirectory> directories, Outcome outcome) {
    boolean areTops = directories.getFirst().parent() == null;
    if (areTops) {
      openTops -= outcome.ended();
      progress.ended(ItemState.SUCCEEDED, outcome.succeeded());
      outcome.reported().forEach(progress::ended);
      progress.ended(ItemState.CANCELLED, outcome.untouched());
    } else {
      count(directories.getFirst().top(), outcome);
    }
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
      } else if (i < outcome.ended() - outcome.untouched()) {
        topEnded(directories.getFirst());
      }
      directories.removeFirst();
    }
    listener.changed(outcome.stoppedBy());
  }

  private void count(WalkedDirectory top, Outcome outcome) {
    walk.ended(top, ItemState.SUCCEEDED, outcome.succeeded());
    outcome.reported().forEach(item -> walk.ended(top, item));
    walk.ended(top, ItemState.CANCELLED, outcome.untouched());
  }

  private void topEnded(WalkedDirectory top) {
    named.ended(top.origin().input(), top.origin().position(), top.origin().position() + 1);
    walk.topEnded(top);
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
    WalkedDirectory parent = directory.parent();
    ItemResult item =
        error == null
            ? PathResults.of(directory.path(), ItemState.SUCCEEDED)
            : directory.origin().options().itemOf(directory.path(), error);
    if (parent == null) {
      openTops--;
      topEnded(directory);
      tell(item, progress::ended, state -> progress.ended(state, 1));
    } else {
      parent.directoryEnded(directory, error != null && error.code() != ErrorCode.NOT_FOUND);
      WalkedDirectory top = directory.top();
      tell(item, one -> walk.ended(top, one), state -> walk.ended(top, state, 1));
    }
    if (error != null && options.stopsAfter(item) && stop.cancel()) {
      listener.changed(error);
    }
  }

  /** What succeeded is only counted, unless all is to be listed. */
  private void tell(ItemResult item, Consumer<ItemResult> report, Consumer<ItemState> count) {
    if (item.state() == ItemState.SUCCEEDED && !options.listsAll()) {
      count.accept(ItemState.SUCCEEDED);
    } else {
      report.accept(item);
    }
  }
}
