package dev.asyncops.registry;

import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Task;
import org.jspecify.annotations.Nullable;

/** An operation that has no items and succeeds: a retry of what was done. */
public record NothingLeft() implements Operation<@Nullable Void> {

  @Override
  public void prepare(String id, OperationProgress progress) {
    progress.scanned();
  }

  @Override
  public void start(Task<@Nullable Void> task) {
    task.returnValue(null);
  }
}
