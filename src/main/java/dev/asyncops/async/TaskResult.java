package dev.asyncops.async;

import org.jspecify.annotations.Nullable;

/** What a task was returned with. */
sealed interface TaskResult<R extends @Nullable Object> {

  /** A success. */
  record Success<R extends @Nullable Object>(R value) implements TaskResult<R> {}

  /** A failure, or a cancel. */
  record Failure<R extends @Nullable Object>(OperationException error) implements TaskResult<R> {}
}
