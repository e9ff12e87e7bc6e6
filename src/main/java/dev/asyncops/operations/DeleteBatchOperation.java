package dev.asyncops.operations;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.LinkedCancellable;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Task;
import dev.asyncops.files.IoPool;
import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Deletes many paths in parallel, and tells by two counters when all of it is over.
 *
 * <ul>
 *   <li>All paths of a call are counted before the first of them is begun (P3).
 *   <li>A bounded number of paths is out at any time, below each root, so neither memory nor the
 *       main context's queue grows with the batch (P14).
 *   <li>Another batch with equal options may join until the last item ended; its paths are counted
 *       in and done here (P2, P7).
 *   <li>A path that fails stops nothing, unless failFast is set; then nothing more is begun after
 *       the first failure, which becomes the error of the whole.
 *   <li>With recursive, a directory goes after its entries, each of which is an item as it is
 *       found; links are removed and never followed (P13).
 * </ul>
 *
 * <p><b>Threads</b>: main context only, but for the constructor, which sorts the paths and belongs
 * elsewhere when they are many. Workers of the roots do the deleting.
 *
 * <p><b>Cancellation</b>: looked at before every path. Paths not begun are not touched and count as
 * cancelled; paths in flight end as they end (P10). If all had been done by then, the work won.
 */
public final class DeleteBatchOperation implements Operation<DeleteBatchResult> {

  private final DeleteBatchOptions options;
  private final Priority askedPriority;
  private final OperationServices services;
  private final DeleteBatchPaths paths;

  // Main context.
  private Priority priority;
  private @Nullable OperationProgress prepared;
  private @Nullable Run run;
  private boolean over;

  /** The paths of calls that joined before the start. */
  private final List<DeleteBatchPaths> joined = new ArrayList<>(0);

  /** A batch that was not prepared yet. Copies the paths (P15). */
  public DeleteBatchOperation(
      DeleteBatchRequest request, OperationOptions options, OperationServices services) {
    this(request, options, services, false);
  }

  private DeleteBatchOperation(
      DeleteBatchRequest request,
      OperationOptions options,
      OperationServices services,
      boolean resumed) {
    this.options = DeleteBatchOptions.of(request, resumed, options);
    askedPriority = options.priority();
    priority = askedPriority;
    this.services = Objects.requireNonNull(services, "services");
    this.paths = DeleteBatchPaths.of(request.paths());
  }

  /**
   * A batch that goes on after a restart of the service: a path that is not there counts as
   * deleted, also one of a call that joins it then.
   */
  public static DeleteBatchOperation resumed(
      DeleteBatchRequest request, OperationOptions options, OperationServices services) {
    return new DeleteBatchOperation(request, options, services, true);
  }

  @Override
  public void prepare(String id, OperationProgress progress) {
    prepared = progress;
    count(paths);
  }

  /** The root, of paths below one; those below several share one more place. */
  @Override
  public String place() {
    return paths.byRoot().size() == 1 ? paths.byRoot().keySet().iterator().next() : "several roots";
  }

  @Override
  public void start(Task<DeleteBatchResult> task) {
    services.context().checkOwner();
    task.setCheckCancellable(false); // what was deleted must not be reported as cancelled (T15)
    Run started = new Run(task);
    run = started;
    started.begin();
  }

  @Override
  public void setPriority(Priority changed) {
    services.context().checkOwner();
    priority = changed;
    if (run != null) {
      run.roots.values().forEach(root -> root.setPriority(changed));
    }
  }

  /**
   * Takes over another batch's paths. OVER once the last item has ended or this is to stop (P7,
   * P8); DIFFERS if the other treats its paths differently or was asked for at another priority.
   */
  @Override
  public Join join(Operation<?> newcomer) {
    services.context().checkOwner();
    if (over || (run != null && run.isToStop())) {
      return Join.OVER;
    }
    if (!(newcomer instanceof DeleteBatchOperation other)
        || !options.isJoinableWith(other.options)
        || askedPriority != other.askedPriority) {
      return Join.DIFFERS;
    }
    count(other.paths);
    if (run == null) {
      joined.add(other.paths);
    } else {
      run.add(other.paths);
      run.handOut();
    }
    return Join.JOINED;
  }

  /** Counts a call's paths; what a walk will find below them is not known yet (P3). */
  private void count(DeleteBatchPaths call) {
    OperationProgress progress = progress();
    progress.reopen();
    progress.found(call.size(), 0);
    if (!options.recursive()) {
      progress.scanned();
    }
  }

  private OperationProgress progress() {
    return Objects.requireNonNull(prepared, "not prepared");
  }

  /** The batch from its start to its end. Main context only. */
  private final class Run {

    private final Task<DeleteBatchResult> task;
    private final OperationProgress progress = progress();
    private final Map<String, RootDeletion> roots = new HashMap<>();

    /** Cancelled with the task's, and by a failure that ends the batch. */
    private final LinkedCancellable stop;

    private Registration cancelEntry = Registration.inert();
    private @Nullable OperationException stoppedBy;

    Run(Task<DeleteBatchResult> task) {
      this.task = task;
      stop = task.cancellable().linked();
    }

    void begin() {
      progress.phase(options.dryRun() ? "CHECKING" : "DELETING");
      cancelEntry =
          services
              .context()
              .onCancelled(stop, Priority.HIGH, "delete-batch to stop", () -> changed(null));
      add(paths);
      joined.forEach(this::add);
      joined.clear();
      changed(null);
    }

    boolean isToStop() {
      return stop.isCancelled();
    }

    void add(DeleteBatchPaths call) {
      call.byRoot().forEach((name, below) -> root(name, below.getFirst()).add(below));
    }

    void handOut() {
      roots.values().forEach(RootDeletion::handOut);
    }

    private RootDeletion root(String name, RootPath any) {
      return roots.computeIfAbsent(name, _ -> open(services.pools().of(any)));
    }

    private RootDeletion open(IoPool pool) {
      DeleteLane lane = new DeleteLane(services, options, priority, stop, pool);
      return new RootDeletion(options, stop, lane, progress, this::changed);
    }

    /** Goes on: stops, hands out more, or ends. */
    private void changed(@Nullable OperationException failure) {
      if (over) {
        return;
      }
      if (failure != null) {
        stoppedBy = failure;
      }
      if (stop.isCancelled()) {
        roots.values().forEach(RootDeletion::stop);
        progress.cancelUnstarted();
      } else {
        handOut();
      }
      if (roots.values().stream().allMatch(RootDeletion::isOver)) {
        end();
      }
    }

    /** The state is cleared before the end is told (P6): from here on nothing joins. */
    private void end() {
      over = true;
      run = null;
      cancelEntry.close();
      roots.values().forEach(RootDeletion::close);
      stop.close();
      progress.scanned();
      if (stoppedBy != null) {
        task.returnError(stoppedBy);
      } else if (progress.ended(ItemState.CANCELLED) > 0) {
        task.returnError(OperationException.cancelled());
      } else {
        task.returnValue(result());
      }
    }

    private DeleteBatchResult result() {
      return new DeleteBatchResult(
          progress.ended(ItemState.SUCCEEDED),
          progress.ended(ItemState.FAILED),
          progress.ended(ItemState.SKIPPED));
    }
  }
}
