package dev.asyncops.registry;

import dev.asyncops.async.OperationException;
import org.jspecify.annotations.Nullable;

/** The answer to a submission. */
public sealed interface Admission {

  /**
   * There is an operation for it.
   *
   * @param operation as it stands after this submission
   * @param joined whether it was there before (P2)
   */
  record Accepted(OperationSnapshot operation, boolean joined) implements Admission {}

  /**
   * There was an operation for its key before.
   *
   * @param operation as it stands
   */
  record Replayed(OperationSnapshot operation) implements Admission {}

  /**
   * Nothing was created.
   *
   * @param error QUEUE_FULL, DRAINING, PENDING or IDEMPOTENCY_KEY_REUSED; STORE_UNAVAILABLE; FAILED
   *     if the operation could not be prepared
   * @param running for PENDING, the operation that has what this one needs; else null
   */
  record Refused(OperationException error, @Nullable OperationId running) implements Admission {}
}
