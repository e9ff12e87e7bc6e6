package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import dev.asyncops.files.IoPool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes first when a copy goes on after a restart of the service.
 *
 * <ul>
 *   <li>What the attempt before has left is removed ({@link CopyRemains}). A cancel does not stop
 *       that: it is what a cancel has to do. A tree that was being staged stays, if what was
 *       written is believed, with the files that are finished; the copy goes on in it.
 *   <li>Where what exists is not to be touched (FAIL), the attempt before may have published all
 *       before it ended. So if nothing of it was left, and something is at the destination, that is
 *       compared with the source. If it is what this copy would put there ({@link CopyComparison}),
 *       the copy has succeeded. The comparison is not limited by a bandwidth.
 *   <li>In every other case the copy begins anew, and finds what it finds.
 * </ul>
 *
 * <p>Main context only, but for what is handed to the workers.
 */
final class CopyResumption {

  private static final Logger LOG = System.getLogger(CopyResumption.class.getName());

  private final CopyPlan plan;
  private final OperationServices services;
  private final OperationProgress progress;
  private final Task<CopyResult> task;
  private final CopyComparison comparison;
  private final Runnable cleaned;
  private final Consumer<CopyPlan> run;
  private final boolean believed;
  private Priority priority;
  private @Nullable CopyWorkers workers;
  private @Nullable Runnable held;

  /** Whether the copy does not begin anew, so that nothing else tells whether it was published. */
  private boolean last;

  /**
   * A resumption that was not begun.
   *
   * @param believed whether what the attempt before has written is still as it was written
   * @param cleaned hears of it when nothing that is not believed is left
   * @param run runs the copy, as planned or going on in what was staged, unless the task is
   *     returned here
   */
  CopyResumption(
      CopyPlan plan,
      boolean believed,
      Priority priority,
      OperationServices services,
      OperationProgress progress,
      Task<CopyResult> task,
      Runnable cleaned,
      Consumer<CopyPlan> run) {
    this.plan = plan;
    this.believed = believed;
    this.priority = priority;
    this.services = services;
    this.progress = progress;
    this.task = task;
    this.cleaned = cleaned;
    this.run = run;
    comparison = new CopyComparison(plan, services.files(), task.cancellable());
  }

  void start() {
    progress.phase("CLEANING");
    CopyRemains.removeUnfinished(
        plan,
        services,
        believed && plan.canGoOn() && !task.cancellable().isCancelled(),
        (removed, kept, error) -> {
          try {
            onRemainsRemoved(removed, kept, error);
          } catch (RuntimeException e) { // the pools are closed, say
            task.returnError(ErrorCodes.toOperationException(e));
          }
        });
  }

  /**
   * The same for a copy that does not begin anew, being cancelled: whatever its conflicts, a
   * destination that exists is compared.
   */
  void startLast() {
    last = true;
    start();
  }

  void setPriority(Priority changed) {
    priority = changed;
    if (workers != null) {
      workers.setPriority(changed);
    }
  }

  /** Holds the comparison; what was left is removed in any case. */
  void hold(Runnable quiet) {
    held = quiet;
    if (workers != null) {
      hold(workers, quiet);
    }
  }

  private void hold(CopyWorkers by, Runnable quiet) {
    by.hold(() -> {
      if (by.equals(workers)) { // else what came back was the last
        quiet.run();
      }
    });
  }

  void release() {
    held = null;
    if (workers != null) {
      workers.release();
    }
  }

  private void onRemainsRemoved(long removed, boolean kept, @Nullable OperationException error) {
    if (error == null) {
      cleaned.run();
    }
    boolean left = kept || removed > 0 || error != null;
    if (left || task.cancellable().isCancelled() || !canBePublished()) {
      run.accept(kept ? plan.goingOn() : plan);
      return;
    }
    progress.phase("COMPARING");
    CopyRequest request = plan.request();
    IoPool pool = services.pools().between(request.source(), request.destination());
    IoPool.Lane lane = pool.openLane(priority, task.cancellable());
    workers = new CopyWorkers(services.context(), priority, lane, () -> {}, task::returnError);
    if (held != null) {
      hold(workers, held);
    }
    compareOn(workers);
  }

  /** Whether a destination that exists may be this copy's. */
  private boolean canBePublished() {
    CopyRequest request = plan.request();
    return (last || request.onConflict() == CopyRequest.OnConflict.FAIL)
        && request.only() == null
        && !request.dryRun()
        && !request.destination().isRoot();
  }

  private void compareOn(CopyWorkers by) {
    boolean[] more = new boolean[1];
    by.execute(
        () -> more[0] = compareSome(),
        () -> {
          if (more[0]) {
            compareOn(by);
          } else {
            onCompared(by, comparison.isEqual());
          }
        },
        error -> onNotCompared(by, error));
  }

  /** On a worker. Returns whether there is more; else, and if it fails, all is given back. */
  private boolean compareSome() throws OperationException {
    boolean more = false;
    try {
      more = comparison.step();
      if (!more && comparison.isEqual() && plan.isDurable()) { // the rename may not be on disk
        services.files().sync(plan.request().destination().parent());
      }
      return more;
    } finally {
      if (!more) {
        comparison.close();
      }
    }
  }

  /** No destination, say: then there is nothing to tell. */
  private void onNotCompared(CopyWorkers by, OperationException error) {
    if (!error.isCancelled() && error.code() != ErrorCode.NOT_FOUND) {
      LOG.log(
          Level.WARNING, "What operation %s had copied is unknown.".formatted(plan.id()), error);
    }
    onCompared(by, false);
  }

  private void onCompared(CopyWorkers by, boolean published) {
    by.close();
    workers = null;
    if (published) {
      succeed();
    } else {
      run.accept(plan);
    }
  }

  private void succeed() {
    long items = comparison.items();
    long bytes = comparison.bytes();
    progress.reopen();
    progress.found(Math.max(0, items - progress.total()), 0);
    progress.scanned();
    progress.started(progress.toStart());
    progress.movedBytes(Math.max(0, bytes - progress.bytesDone()));
    progress.ended(ItemState.SUCCEEDED, progress.pending());
    task.returnValue(new CopyResult(items, 0, 0, bytes));
  }
}
