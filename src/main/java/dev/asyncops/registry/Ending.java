package dev.asyncops.registry;

import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Task;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an operation that does not go on after a restart: nothing but its end.
 *
 * @param error how it ends
 * @param mark what a retry has to know to do what was left; null if there is nothing
 */
public record Ending(OperationException error, @Nullable Object mark)
    implements Operation<@Nullable Void> {

  @Override
  public void prepare(String id, OperationProgress progress) {
    // Its items were counted before the restart.
  }

  @Override
  public void start(Task<@Nullable Void> task) {
    task.returnError(error);
  }
}
