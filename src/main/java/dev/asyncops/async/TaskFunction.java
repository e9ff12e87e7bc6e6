package dev.asyncops.async;

import org.jspecify.annotations.Nullable;

/**
 * Blocking work of a task, off the main context (R1).
 *
 * @param <R> the task's value
 */
@FunctionalInterface
public interface TaskFunction<R extends @Nullable Object> {

  /**
   * Runs exactly once, even if the cancellable was cancelled before; a function that wants to skip
   * begins with {@link Task#returnErrorIfCancelled}. It returns the task; if it ends without, the
   * task fails with FAILED, and what it throws becomes the task's error (R8).
   */
  void run(Task<R> task) throws Exception;
}
