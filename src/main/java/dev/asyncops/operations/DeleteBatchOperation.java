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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Deletes many paths in parallel, and tells by two counters when all of it is over.
 *
 * <ul>
 *   <li>All paths of a call are counted before the first of them is begun (P3).
 *   <li>A bounded number of paths is out at any time, below each root, and of a list that is not in
 *       memory only a little is read ahead, so neither memory nor the main context's queue grows
 *       with the batch (P14).
 *   <li>Another batch with equal options may join until the last item ended; its paths are counted
 *       in and done here (P2, P7).
 *   <li>A path that fails stops nothing, unless failFast is set; then nothing more is begun after
 *       the first failure, which becomes the error of the whole.
 *   <li>With recursive, a directory goes after its entries, each of which is an item as it is
 *       found; links are removed and never followed (P13).
 * </ul>
 *
 * <p><b>Threads</b>: main context only. Workers of the roots do the reading and deleting.
 *
 * <p><b>Cancellation</b>: looked at before every path. Paths not begun are not touched and count as
 * cancelled; paths in flight end as they end (P10). If all had been done by then, the work won.
 *
 * <p><b>Another attempt</b>: its {@linkplain #mark mark} says which of the named paths have not
 * ended. One that goes on with it does those, and goes on counting where the mark was made.
 */
public final class DeleteBatchOperation implements Operation<DeleteBatchResult> {

  private final DeleteBatchOptions options;
  private final Priority askedPriority;
  private final OperationServices services;

  /** How many inputs an attempt before may have begun, and how it left them. */
  private final int inputsBefore;

  private final @Nullable DeleteBatchMark before;

  /** What it was admitted with, and what joined it, in that order. */
  private final List<BatchPaths> inputs = new ArrayList<>(1);

  private final long memory;

  // Main context.
  private final Map<String, NamedPaths> named = new LinkedHashMap<>();
  private Priority priority;
  private @Nullable OperationProgress prepared;
  private @Nullable WalkCounts walk;
  private @Nullable Run run;
  private boolean started;
  private boolean over;

  /** A batch that was not prepared yet. */
  public DeleteBatchOperation(
      DeleteBatchRequest request, OperationOptions options, OperationServices services) {
    this(request, List.of(), 0, null, options, services);
  }

  private DeleteBatchOperation(
      DeleteBatchRequest request,
      List<BatchPaths> joined,
      int inputsBefore,
      @Nullable DeleteBatchMark before,
      OperationOptions options,
      OperationServices services) {
    this.options = DeleteBatchOptions.of(request, options);
    this.inputsBefore = inputsBefore;
    this.before = before;
    this.services = Objects.requireNonNull(services, "services");
    askedPriority = options.priority();
    priority = askedPriority;
    inputs.add(request.paths());
    inputs.addAll(joined);
    memory = inputs.stream().mapToLong(BatchPaths::memory).sum();
  }

  /**
   * A batch that goes on after a restart of the service. A path that is not there counts as
   * deleted, but for those of calls that join it from now on.
   *
   * @param joined the paths that had joined it, in that order
   * @param mark its last one; null if nothing had ended
   */
  public static DeleteBatchOperation resumed(
      DeleteBatchRequest request,
      List<BatchPaths> joined,
      @Nullable DeleteBatchMark mark,
      OperationOptions options,
      OperationServices services) {
    return new DeleteBatchOperation(request, joined, 1 + joined.size(), mark, options, services);
  }

  @Override
  public void prepare(String id, OperationProgress progress) {
    prepared = progress;
    WalkCounts counts = new WalkCounts(progress, options.dryRun());
    walk = counts;
    int known = goOn(progress, counts);
    for (int input = known; input < inputs.size(); input++) {
      progress.found(take(input), 0);
    }
    if (!options.recursive()) {
      progress.scanned();
    }
  }

  /** Goes on where the mark was made, if that is possible; returns how many inputs that counts. */
  private int goOn(OperationProgress progress, WalkCounts counts) {
    OperationProgress.Counts counted = progress.before();
    if (before == null || counted == null || before.inputs() > inputs.size()) {
      return 0;
    }
    for (DeleteBatchMark.Below below : before.roots()) {
      named.put(below.root(), new NamedPaths(below.root(), inputs));
    }
    inputs.stream()
        .flatMap(input -> input.sizes().keySet().stream())
        .forEach(root -> named.computeIfAbsent(root, _ -> new NamedPaths(root, inputs)));
    long left = 0;
    for (NamedPaths paths : named.values()) {
      left += paths.goOn(below(before, paths.root()), before.inputs());
    }
    long notEnded = counted.notEnded() - left;
    if (notEnded < 0) { // it does not fit: all of it again
      named.clear();
      return 0;
    }
    progress.goOn();
    counts.goOn(notEnded, before);
    return before.inputs();
  }

  private static DeleteBatchMark.@Nullable Below below(DeleteBatchMark mark, String root) {
    return mark.roots().stream()
        .filter(below -> below.root().equals(root))
        .findFirst()
        .orElse(null);
  }

  /** The root, of paths below one; those below several share one more place. */
  @Override
  public String place() {
    Map<String, Long> sizes = inputs.getFirst().sizes();
    return sizes.size() == 1 ? sizes.keySet().iterator().next() : "several roots";
  }

  /** That of the paths it was made with. */
  @Override
  public long memory() {
    return memory;
  }

  @Override
  public void start(Task<DeleteBatchResult> task) {
    services.context().checkOwner();
    task.setCheckCancellable(false); // what was deleted must not be reported as cancelled (T15)
    started = true;
    Run begun = new Run(task);
    run = begun;
    begun.begin();
  }

  @Override
  public void setPriority(Priority changed) {
    services.context().checkOwner();
    priority = changed;
    if (run != null) {
      run.roots.values().forEach(root -> root.setPriority(changed));
    }
  }

  @Override
  public boolean canBeHeld() {
    return true;
  }

  @Override
  public void hold(Runnable quiet) {
    services.context().checkOwner();
    if (run != null) {
      run.hold(quiet);
    }
  }

  @Override
  public void release() {
    services.context().checkOwner();
    if (run != null) {
      run.release();
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
    OperationProgress progress = progress();
    inputs.add(other.inputs.getFirst());
    progress.reopen();
    progress.found(take(inputs.size() - 1), 0);
    if (!options.recursive()) {
      progress.scanned();
    }
    if (run != null) {
      run.openRoots();
      run.handOut();
    }
    return Join.JOINED;
  }

  /**
   * Takes on an input; returns how many paths it has. What a walk will find below them is not known
   * yet (P3).
   */
  private long take(int input) {
    long paths = 0;
    for (String root : inputs.get(input).sizes().keySet()) {
      paths += named.computeIfAbsent(root, _ -> new NamedPaths(root, inputs)).add(input);
    }
    return paths;
  }

  /**
   * Which named paths have not ended, also in the end, when the batch was stopped before they were
   * done; null if nothing is left then, or nothing was begun.
   */
  @Override
  public @Nullable DeleteBatchMark mark() {
    OperationProgress progress = prepared;
    WalkCounts counts = walk;
    if (progress == null || counts == null) {
      return null;
    }
    if (!started && progress.total() == progress.pending()) {
      return null;
    }
    List<DeleteBatchMark.Below> left =
        named.values().stream().map(NamedPaths::mark).filter(Objects::nonNull).toList();
    return over && left.isEmpty()
        ? null
        : new DeleteBatchMark(inputs.size(), left, counts.again(), counts.failedAgain());
  }

  private OperationProgress progress() {
    return Objects.requireNonNull(prepared, "not prepared");
  }

  /** The batch from its start to its end. Main context only. */
  private final class Run {

    private final Task<DeleteBatchResult> task;
    private final OperationProgress progress = progress();
    private final WalkCounts counts = Objects.requireNonNull(walk, "not prepared");
    private final Map<String, RootDeletion> roots = new HashMap<>();

    /** Cancelled with the task's, and by a failure that ends the batch. */
    private final LinkedCancellable stop;

    private Registration cancelEntry = Registration.inert();
    private @Nullable OperationException stoppedBy;
    private boolean held;

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
      openRoots();
      changed(null);
    }

    boolean isToStop() {
      return stop.isCancelled();
    }

    /** Has every root that has paths worked at. */
    void openRoots() {
      named.forEach((name, paths) -> roots.computeIfAbsent(name, _ -> open(paths)));
    }

    void hold(Runnable quiet) {
      held = true;
      int[] busy = {roots.size()};
      for (RootDeletion root : roots.values()) {
        root.hold(() -> {
          if (--busy[0] == 0 && !over) {
            quiet.run();
          }
        });
      }
    }

    void release() {
      held = false;
      roots.values().forEach(RootDeletion::release);
      changed(null);
    }

    void handOut() {
      roots.values().forEach(RootDeletion::handOut);
    }

    private RootDeletion open(NamedPaths paths) {
      IoPool pool = services.pools().of(new RootPath(paths.root(), List.of()));
      DeleteLane lane = new DeleteLane(services, priority, stop, pool);
      RootDeletion root =
          new RootDeletion(
              options, inputsBefore, stop, lane, progress, counts, paths, this::changed);
      if (held) {
        root.hold(() -> {});
      }
      return root;
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
        counts.stop();
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
      counts.settle(stop.isCancelled());
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
