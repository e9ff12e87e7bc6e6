package dev.asyncops.operations;

import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a copy that was being cancelled when the service ended: {@link CopyRemains}, and
 * its end. If nothing was left of it and its destination is the same as its source, it had been
 * published before the cancel reached it, and has succeeded. In every other case it is CANCELLED,
 * also if something could not be removed, which is logged then.
 *
 * <p><b>Threads</b>: main context. <b>Cancellation</b>: none; it was cancelled already, and this is
 * what a cancel has to do.
 */
public final class CopyCleanUp implements Operation<CopyResult> {

  private final CopyRequest request;
  private final OperationServices services;
  private @Nullable String id;
  private @Nullable OperationProgress counts;

  /** The end of a copy. */
  public CopyCleanUp(CopyRequest request, OperationServices services) {
    this.request = request;
    this.services = services;
  }

  /** The items were counted before the restart. */
  @Override
  public void prepare(String copy, OperationProgress progress) {
    id = copy;
    counts = progress;
  }

  /** The two roots: either may hang. */
  @Override
  public String place() {
    return services.pools().between(request.source(), request.destination()).name();
  }

  @Override
  public void start(Task<CopyResult> task) {
    String copy = Objects.requireNonNull(id, "not prepared");
    OperationProgress progress = Objects.requireNonNull(counts, "not prepared");
    CopyPlan plan;
    try {
      plan = CopyPlan.of(copy, request, CopyFilter.of(request)).onceMore();
    } catch (OperationException e) { // its filters are none today, so nothing is known of it
      task.returnError(OperationException.cancelled());
      return;
    }
    new CopyResumption(
            plan,
            false,
            Priority.HIGH,
            services,
            progress,
            task,
            () -> {},
            _ -> task.returnError(OperationException.cancelled()))
        .startLast();
  }
}
