package dev.asyncops.async;

import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to be told when a task is over.
 *
 * @param <R> the task's value
 */
@FunctionalInterface
public interface TaskCallback<R extends @Nullable Object> {

  /**
   * Runs exactly once, on the main context, never inside the starting call (T1, T3, T6).
   *
   * @param owner the owner object the task was made with
   * @param result the task; its value or error is taken out by {@link Task#propagate}
   */
  void ready(@Nullable Object owner, Task<R> result);
}
