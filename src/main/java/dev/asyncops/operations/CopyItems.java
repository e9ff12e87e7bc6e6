package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.RootPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Starts the files and links of a copy, a bounded number at once, each by chunks at the copy's
 * pace. Main context only, but for what is handed to the workers.
 */
final class CopyItems {

  /** How many are under way at once. */
  static final int IN_FLIGHT = 64;

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final CopyPace pace;
  private final CopyWorkers workers;
  private final CopyLedger ledger;
  private final Consumer<CopyEntry> ended;
  private final CopyLinks links = new CopyLinks();
  private final Deque<CopyEntry> ready = new ArrayDeque<>();
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

  /** How many are under way. */
  int underWay() {
    return underWay;
  }

  /** Starts as many as may be under way. */
  void startSome() {
    while (underWay < IN_FLIGHT && !ready.isEmpty()) {
      consider(ready.remove());
    }
  }

  /** Starts no more, and has those that wait for their turn notice the stop. */
  void stop() {
    ready.clear();
    pace.close();
  }

  private void consider(CopyEntry entry) {
    CopyLinks.Names names = plan.keepsLinks() ? links.of(entry) : null;
    if (names != null && links.mustWait(entry, names)) {
      return;
    }
    RootPath linkedTo = names == null ? null : names.copied();
    CopyItem item = new CopyItem(plan, files, stop, entry, target(entry), linkedTo);
    underWay++;
    ledger.progress().started(1);
    next(item);
  }

  private RootPath target(CopyEntry entry) {
    CopyDirectory parent = entry.parent();
    return parent != null && parent.staged
        ? parent.target.resolve(entry.source().name())
        : plan.temporary(entry.destination());
  }

  private void next(CopyItem item) {
    if (stop.isCancelled()) {
      handOver(item, 0);
    } else {
      pace.await(item.bytesLeft(), bytes -> handOver(item, bytes));
    }
  }

  private void handOver(CopyItem item, long budget) {
    workers.again(
        () -> run(item, budget),
        refused -> {
          item.fail(refused);
          report(item, 0, false);
        });
  }

  /**
   * On a worker. An item that may go on at once does, without asking the main context; one that was
   * let go before there was a limit comes back to wait.
   */
  private void run(CopyItem item, long budget) {
    boolean waits = budget == CopyPace.UNLIMITED && pace.isLimited();
    boolean more = item.run(waits ? 0 : Math.min(budget, FileCopy.CHUNK));
    if (more && budget == CopyPace.UNLIMITED && !waits && !item.entry().isTop()) {
      long moved = item.takeMoved();
      workers.post(() -> ledger.moved(moved));
      handOver(item, budget);
    } else {
      report(item, budget, more);
    }
  }

  private void report(CopyItem item, long budget, boolean more) {
    long moved = item.takeMoved();
    workers.post(() -> onRan(item, budget, moved, more));
  }

  private void onRan(CopyItem item, long budget, long moved, boolean more) {
    ledger.moved(moved);
    pace.moved(budget, moved);
    if (item.entry().isTop()) {
      showStage(item.stage());
    }
    if (more) {
      next(item);
    } else {
      onEnded(item);
    }
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
    underWay--;
    ledger.ended(item.result());
    CopyLinks.Names names = plan.keepsLinks() ? links.of(entry) : null;
    if (names != null) {
      Iterator<CopyEntry> free = links.ended(entry, names, item.copiedTo()).descendingIterator();
      free.forEachRemaining(ready::addFirst);
    }
    ended.accept(entry);
  }
}
