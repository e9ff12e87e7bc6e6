package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.RootPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
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
  private final MainContext context;
  private final Cancellable stop;
  private final Priority priority;
  private final CopyPace pace;
  private final CopyWorkers workers;
  private final CopyLedger ledger;
  private final Consumer<CopyEntry> ended;
  private final CopyLinks links = new CopyLinks();
  private final Deque<CopyEntry> ready = new ArrayDeque<>();
  private final Map<CopyItem, Registration> pacing = new HashMap<>();
  private int underWay;

  /**
   * Items.
   *
   * @param ended hears of each item that ended, after it was counted
   */
  CopyItems(
      CopyPlan plan,
      FileAccess files,
      MainContext context,
      Cancellable stop,
      Priority priority,
      CopyPace pace,
      CopyWorkers workers,
      CopyLedger ledger,
      Consumer<CopyEntry> ended) {
    this.plan = plan;
    this.files = files;
    this.context = context;
    this.stop = stop;
    this.priority = priority;
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
    Map<CopyItem, Registration> waiting = new HashMap<>(pacing);
    pacing.clear();
    waiting.forEach((item, timeout) -> {
      timeout.close();
      handOver(item, 0);
    });
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
    long budget = Math.min(pace.stepBytes(), item.bytesLeft());
    long wait = stop.isCancelled() ? 0 : pace.book(budget);
    if (wait == 0) {
      handOver(item, pace.isLimited() ? budget : FileCopy.CHUNK);
      return;
    }
    Runnable go =
        () -> {
          pacing.remove(item);
          handOver(item, budget);
        };
    pacing.put(item, context.after(Duration.ofNanos(wait), priority, "copy pace", go));
  }

  private void handOver(CopyItem item, long budget) {
    workers.again(
        () -> run(item, budget),
        refused -> {
          item.fail(refused);
          report(item, false);
        });
  }

  /** On a worker. An item that may go on at once does, without asking the main context. */
  private void run(CopyItem item, long budget) {
    boolean more = item.run(budget);
    if (more && !pace.isLimited() && !item.entry().isTop()) {
      long moved = item.takeMoved();
      workers.post(() -> ledger.moved(moved));
      handOver(item, budget);
    } else {
      report(item, more);
    }
  }

  private void report(CopyItem item, boolean more) {
    long moved = item.takeMoved();
    workers.post(() -> onRan(item, moved, more));
  }

  private void onRan(CopyItem item, long moved, boolean more) {
    ledger.moved(moved);
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
