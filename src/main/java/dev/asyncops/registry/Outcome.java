package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an operation ended: what happened, not what was asked for.
 *
 * @param state a terminal one
 * @param result the value, where there is one and something succeeded
 * @param error why it failed or was cancelled
 */
record Outcome(OperationState state, @Nullable Object result, @Nullable OperationError error) {

  /** Of an operation whose task was returned with a value: its items decide. */
  static Outcome ofValue(
      @Nullable Object value, OperationProgress progress, ItemFailures failures) {
    long failed = progress.ended(ItemState.FAILED);
    if (failed == 0) {
      return new Outcome(OperationState.SUCCEEDED, value, null);
    }
    if (progress.ended(ItemState.SUCCEEDED) > 0) {
      return new Outcome(OperationState.PARTIAL, value, null);
    }
    return new Outcome(OperationState.FAILED, null, failures.asError(failed));
  }

  /** Of an operation whose task was returned with an error. */
  static Outcome ofError(OperationException error) {
    OperationState state = error.isCancelled() ? OperationState.CANCELLED : OperationState.FAILED;
    return new Outcome(
        state, null, new OperationError(error.code(), error.detail(), error.stage()));
  }

  /** Of an operation that was stopped because it took too long. */
  static OperationException timedOut(Duration timeout) {
    return new OperationException(
        ErrorCode.TIMED_OUT,
        "The operation took longer than %s seconds.".formatted(seconds(timeout)));
  }

  private static String seconds(Duration duration) {
    String exact = duration.getSeconds() + ".%09d".formatted(duration.getNano());
    return exact.replaceAll("\\.?0+$", "");
  }
}
