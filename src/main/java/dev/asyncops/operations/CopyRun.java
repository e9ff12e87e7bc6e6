package dev.asyncops.operations;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.LinkedCancellable;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Task;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.IoPool;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a copy, from its check to the returning of its task. Main context only, but for what
 * is handed to the workers.
 *
 * <p>It ends in one place, {@link #settle}: when nothing is under way and nothing is left to do, or
 * to be stopped for. Then what was staged and not published is removed, and only after that is the
 * task returned.
 */
final class CopyRun {

  private static final Logger LOG = System.getLogger(CopyRun.class.getName());
  private static final int REMOVED_AT_ONCE = 256;

  private final CopyPlan plan;
  private final FileAccess files;
  private final Task<CopyResult> task;
  private final LinkedCancellable stop;
  private final CopyWorkers workers;
  private final CopyPace pace;
  private final CopyLedger ledger;
  private final CopyItems items;
  private final CopyCheck check;
  private final Registration stopped;
  private @Nullable CopyEntry top;
  private @Nullable CopyTree tree;
  private boolean held;
  private boolean ending;
  private boolean finished;

  CopyRun(
      CopyPlan plan,
      OperationOptions options,
      OperationServices services,
      OperationProgress progress,
      Task<CopyResult> task) {
    this.plan = plan;
    this.task = task;
    files = services.files();
    Priority priority = options.priority();
    stop = task.cancellable().linked();
    CopyRequest request = plan.request();
    IoPool pool = services.pools().between(request.source(), request.destination());
    ledger = new CopyLedger(progress, stop, request.failFast());
    IoPool.Lane lane = pool.openLane(priority, stop);
    workers = new CopyWorkers(services.context(), priority, lane, this::settle, ledger::fail);
    pace = services.bandwidth().open(options.bytesPerSecond());
    items = new CopyItems(plan, files, stop, pace, workers, ledger, this::onItemEnded);
    check = new CopyCheck(plan, files, stop);
    stopped = services.context().onCancelled(stop, Priority.HIGH, "copy stopped", this::onStopped);
  }

  void start() {
    ledger.progress().phase("SCANNING");
    CopyEntry[] checked = new CopyEntry[1];
    workers.execute(
        () -> checked[0] = check.run(),
        () -> onChecked(Objects.requireNonNull(checked[0])),
        this::onCheckFailed);
  }

  void setPriority(Priority priority) {
    if (!stop.isCancelled()) {
      workers.setPriority(priority);
    }
  }

  /** See {@link dev.asyncops.async.Operation#hold}. */
  void hold(Runnable quiet) {
    held = true;
    workers.hold(() -> {
      settle(); // what came back may have been the last
      if (!finished) {
        quiet.run();
      }
    });
  }

  void release() {
    held = false;
    workers.release();
    settle();
  }

  void setBytesPerSecond(@Nullable Long bytesPerSecond) {
    pace.limit(bytesPerSecond);
  }

  /** What is still under way comes back before other work, however little urgent it was. */
  private void onStopped() {
    workers.setPriority(Priority.HIGH);
    settle();
  }

  private void onCheckFailed(OperationException error) {
    CopyChoice only = plan.request().only();
    if (only != null && !error.isCancelled()) {
      failAll(only.below(), error);
    } else if (!error.isCancelled()) {
      RootPath source = plan.request().source();
      ledger.endedUnstarted(PathResults.failed(source, plan.request().destination(), error));
      ledger.fail(error);
    }
  }

  /** All that were chosen, some at a time: there may be very many. */
  private void failAll(CopyChoice.Below chosen, OperationException error) {
    for (int i = 0; i < CopyWalk.BIT && chosen.hasNext(); i++) {
      RootPath entry = chosen.nextEntry();
      ledger.endedUnstarted(PathResults.failed(entry, plan.destinationOf(entry), error));
    }
    if (chosen.hasNext() && !stop.isCancelled()) {
      workers.execute(() -> {}, () -> failAll(chosen, error), ledger::fail);
    } else {
      ledger.fail(error);
    }
  }

  private void onChecked(CopyEntry checked) {
    top = checked;
    if (stop.isCancelled()) {
      return;
    }
    ledger.progress().phase("COPYING");
    boolean directory = checked.status().type() == FileStatus.Type.DIRECTORY;
    if (directory || plan.request().only() != null) {
      tree = new CopyTree(plan, files, stop, workers, ledger, items, checked);
    } else {
      ledger.progress().found(0, items.bytesOf(checked));
      ledger.progress().scanned();
      addTop(checked);
    }
  }

  private void addTop(CopyEntry file) {
    if (plan.filter().accepts(file.source(), file.status().type())) {
      items.add(file);
    } else {
      ledger.endedUnstarted(file.ended(ItemState.SKIPPED));
    }
  }

  private void onItemEnded(CopyEntry entry) {
    if (tree != null) {
      tree.onEntryEnded(entry);
    }
  }

  /** After everything that may have changed what there is to do. */
  private void settle() {
    if (ending) {
      return;
    }
    if (stop.isCancelled()) {
      items.stop();
    } else if (!held) {
      items.startSome();
      if (tree != null) {
        tree.walkOn();
      }
    }
    boolean quiet = workers.pieces() == 0 && items.underWay() == 0;
    if (quiet && (stop.isCancelled() || isDone())) {
      ending = true;
      cleanUp();
    }
  }

  private boolean isDone() {
    return top != null && items.known() == 0 && (tree == null || tree.isOver());
  }

  // ---- The end

  private void cleanUp() {
    CopyTree walked = tree;
    Deque<RootPath> staged = new ArrayDeque<>();
    if (walked != null) {
      staged.addAll(walked.staged());
      workers.execute(
          walked::close, () -> removeNext(staged), error -> onCleaned(error, this::removeParents));
    } else {
      Optional.ofNullable(plan.leftover()).ifPresent(staged::add);
      removeNext(staged);
    }
  }

  private void removeNext(Deque<RootPath> staged) {
    RootPath next = staged.poll();
    if (next == null) {
      removeParents();
      return;
    }
    TreeRemoval[] removal = new TreeRemoval[1];
    workers.execute(
        () -> removal[0] = files.openRemoval(next),
        () -> removeStaged(Objects.requireNonNull(removal[0]), staged),
        error -> onCleaned(error, () -> removeNext(staged)));
  }

  private void removeStaged(TreeRemoval removal, Deque<RootPath> staged) {
    boolean[] more = new boolean[1];
    workers.execute(
        () -> more[0] = removeSome(removal),
        () -> {
          if (more[0]) {
            removeStaged(removal, staged);
          } else {
            removeNext(staged);
          }
        },
        error -> onCleaned(error, () -> removeNext(staged)));
  }

  /** Whether there is more; else, and if it fails, its directories are given back. */
  private static boolean removeSome(TreeRemoval removal) throws OperationException {
    boolean more = false;
    try {
      more = removal.step(REMOVED_AT_ONCE);
      return more;
    } finally {
      if (!more) {
        removal.close();
      }
    }
  }

  /** Parents that were made for nothing go again; one that is in use by now stays. */
  private void removeParents() {
    List<RootPath> made = check.madeParents();
    boolean staged = tree != null && !tree.staged().isEmpty();
    boolean used = !staged && ledger.progress().ended(ItemState.SUCCEEDED) > 0;
    if (made.isEmpty() || used) {
      finish();
      return;
    }
    workers.execute(
        () -> {
          for (RootPath parent : made.reversed()) {
            removeDirectory(parent);
          }
        },
        this::finish,
        error -> onCleaned(error, this::finish));
  }

  /** Not what somebody has put in its place by now. */
  private void removeDirectory(RootPath made) throws OperationException {
    FileStatus there = CopyPlaces.existing(files, made);
    if (there != null && there.type() == FileStatus.Type.DIRECTORY) {
      files.delete(made);
    }
  }

  private void onCleaned(OperationException error, Runnable next) {
    LOG.log(Level.WARNING, "Operation %s left something behind.".formatted(plan.id()), error);
    next.run();
  }

  private void finish() {
    finished = true;
    OperationProgress progress = ledger.progress();
    progress.scanned();
    progress.cancelUnstarted();
    if (tree != null && tree.openItems() > 0) {
      progress.ended(ItemState.CANCELLED, tree.openItems());
    }
    stopped.close();
    workers.close();
    stop.close();
    OperationException error = ledger.error();
    if (error != null) {
      task.returnError(error);
    } else if (ledger.wasCancelled()) {
      task.returnError(OperationException.cancelled());
    } else {
      task.returnValue(ledger.result());
    }
  }
}
