package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a copy that was being cancelled when the service ended: {@link CopyRemains}, and
 * its end. It is CANCELLED also if something could not be removed, which is logged then.
 *
 * <p><b>Threads</b>: main context. <b>Cancellation</b>: none; it was cancelled already, and this is
 * what a cancel has to do.
 */
public final class CopyCleanUp implements Operation<@Nullable Void> {

  private final CopyRequest request;
  private final OperationServices services;
  private @Nullable String id;

  /** The end of a copy. */
  public CopyCleanUp(CopyRequest request, OperationServices services) {
    this.request = request;
    this.services = services;
  }

  /** Keeps the id; the items were counted before the restart. */
  @Override
  public void prepare(String copy, OperationProgress progress) {
    id = copy;
  }

  /** The two roots: either may hang. */
  @Override
  public String place() {
    return services.pools().between(request.source(), request.destination()).name();
  }

  @Override
  public void start(Task<@Nullable Void> task) {
    CopyRemains.remove(
        Objects.requireNonNull(id, "not prepared"),
        request,
        services,
        Cancellable.none(),
        (_, _) -> task.returnError(OperationException.cancelled()));
  }
}
