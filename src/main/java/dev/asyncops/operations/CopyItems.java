package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starts the files and links of a copy in pieces, a bounded number at once, at the copy's pace: a
 * piece of one file that is copied by chunks, or of some small ones. Main context only, but for
 * what is handed to the workers.
 */
final class CopyItems {

  /** How many pieces are under way at once. */
  static final int PIECES = 16;

  /** Among how many workers a few items are divided. */
  private static final int WORKERS = 4;

  /** How many items are under way at once, at most. */
  static final int IN_FLIGHT = PIECES * CopyPiece.MOST_ITEMS;

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final CopyPace pace;
  private final CopyWorkers workers;
  private final CopyLedger ledger;
  private final Consumer<CopyEntry> ended;
  private final CopyTakeOver takeOver;
  private final CopyLinks links = new CopyLinks();
  private final CopyQueue ready = new CopyQueue();
  private int underWay;

  /**
   * Items.
   *
   * @param ended hears of each item that ended, after it was counted
   */
  CopyItems(
      CopyPlan plan,
      FileAccess files,
      Cancellable stop,
      CopyPace pace,
      CopyWorkers workers,
      CopyLedger ledger,
      Consumer<CopyEntry> ended) {
    this.plan = plan;
    takeOver = new CopyTakeOver(plan);
    this.files = files;
    this.stop = stop;
    this.pace = pace;
    this.workers = workers;
    this.ledger = ledger;
    this.ended = ended;
  }

  /** The bytes an entry adds: those of a file with several names once. */
  long bytesOf(CopyEntry entry) {
    boolean counts = !plan.keepsLinks() || !CopyLinks.hasSeveral(entry) || links.isFirst(entry);
    return counts ? entry.bytes() : 0;
  }

  /** One more that is known and not started. */
  void add(CopyEntry entry) {
    ready.add(entry);
  }

  /** How many are known and not started. */
  int known() {
    return ready.size() + links.waiting();
  }

  /** How many pieces are under way. */
  int underWay() {
    return underWay;
  }

  /**
   * Starts as many as may be under way. Few that are known make small pieces, so that there is one
   * for every worker.
   */
  void startSome() {
    int fair = Math.clamp(ready.size() / WORKERS, 1, CopyPiece.MOST_ITEMS);
    while (underWay < PIECES && ready.size() > 0) {
      startPiece(fair);
    }
  }

  /** Starts no more, and has those that wait for their turn notice the stop. */
  void stop() {
    ready.clear();
    pace.close();
  }

  private void startPiece(int most) {
    List<CopyEntry> taken = ready.take(pace.isLimited() ? 1 : most);
    List<CopyItem> begun = new ArrayList<>(taken.size());
    taken.forEach(entry -> consider(entry, begun));
    if (begun.isEmpty()) {
      ready.done(taken.getFirst());
      return;
    }
    underWay++;
    ledger.progress().started(begun.size());
    next(new CopyPiece(files, pace, begun));
  }

  private void consider(CopyEntry entry, List<CopyItem> begun) {
    CopyLinks.Names names = plan.keepsLinks() ? links.of(entry) : null;
    if (names != null && links.mustWait(entry, names)) {
      return;
    }
    RootPath linkedTo = names == null ? null : names.copied();
    begun.add(new CopyItem(plan, files, stop, takeOver, entry, target(entry), linkedTo));
  }

  private RootPath target(CopyEntry entry) {
    CopyDirectory parent = entry.parent();
    return parent != null && parent.staged
        ? parent.target.resolve(entry.source().name())
        : plan.temporary(entry.destination());
  }

  private void next(CopyPiece piece) {
    CopyItem item = piece.current();
    if (stop.isCancelled() || item == null) {
      handOver(piece, 0);
    } else {
      pace.await(item.bytesLeft(), bytes -> handOver(piece, bytes));
    }
  }

  private void handOver(CopyPiece piece, long budget) {
    workers.again(() -> run(piece, budget));
  }

  /**
   * On a worker. A piece that may go on at once does, without asking the main context; one that was
   * let go before there was a limit comes back to wait.
   */
  private void run(CopyPiece piece, long budget) {
    boolean waits = budget == CopyPace.UNLIMITED && pace.isLimited();
    boolean more = piece.run(waits ? 0 : Math.min(budget, FileCopy.CHUNK));
    if (!more) {
      report(piece, budget, () -> onOver(piece));
    } else if (budget == CopyPace.UNLIMITED && !waits && !piece.first().isTop()) {
      report(piece, budget, () -> {});
      handOver(piece, budget);
    } else {
      report(piece, budget, () -> next(piece));
    }
  }

  /** Tells what was done, and only then closes what was given up, which may take a while. */
  private void report(CopyPiece piece, long budget, Runnable then) {
    List<CopyItem> ended = piece.takeEnded();
    long moved = piece.takeMoved();
    CopyItem.Stage stage = piece.stage();
    try {
      workers.post(() -> {
        pace.moved(budget, moved);
        onRan(piece, ended, moved, stage, then);
      });
    } finally {
      ended.forEach(CopyItem::close);
    }
  }

  private void onRan(
      CopyPiece piece, List<CopyItem> ended, long moved, CopyItem.Stage stage, Runnable then) {
    ledger.moved(moved);
    if (piece.first().isTop()) {
      showStage(stage);
    }
    ended.forEach(this::onEnded);
    then.run();
  }

  private void onOver(CopyPiece piece) {
    underWay--;
    ready.done(piece.first());
  }

  private void showStage(CopyItem.Stage stage) {
    OperationProgress progress = ledger.progress();
    switch (stage) {
      case DECIDING -> {}
      case COPYING -> progress.phase("COPYING");
      case VERIFYING -> progress.phase("VERIFYING");
      case PUBLISHING -> progress.phase("PUBLISHING");
    }
  }

  private void onEnded(CopyItem item) {
    CopyEntry entry = item.entry();
    ledger.ended(item.result());
    CopyLinks.Names names = plan.keepsLinks() ? links.of(entry) : null;
    if (names != null) {
      Iterator<CopyEntry> free = links.ended(entry, names, item.copiedTo()).descendingIterator();
      free.forEachRemaining(ready::addFirst);
    }
    ended.accept(entry);
  }
}
