package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationSnapshot;

/** The finish half of an operation: a value or an error, never both, never neither (A1). */
final class OperationResult {

  /** The value of an operation that has no other: how its items ended. */
  private record Counts(long succeeded, long failed, long skipped, long cancelled) {}

  private OperationResult() {}

  /** The value; ProblemException with the operation's error, or PENDING if it is not over. */
  static Object of(OperationSnapshot operation) {
    return switch (operation.state()) {
      case SUCCEEDED, PARTIAL -> valueOf(operation);
      case FAILED -> throw problem(operation, ErrorCode.FAILED, "The operation failed.");
      case CANCELLED ->
          throw problem(operation, ErrorCode.CANCELLED, "The operation was cancelled.");
      case QUEUED, RUNNING, PAUSED, CANCELLING ->
          throw new ProblemException(ErrorCode.PENDING, "The operation is not over yet.")
              .about(operation.id());
    };
  }

  private static Object valueOf(OperationSnapshot operation) {
    Object result = operation.result();
    return result != null
        ? result
        : new Counts(
            operation.succeeded(), operation.failed(), operation.skipped(), operation.cancelled());
  }

  private static ProblemException problem(
      OperationSnapshot operation, ErrorCode otherwise, String detail) {
    OperationError error = operation.error();
    return (error == null
            ? new ProblemException(otherwise, detail)
            : new ProblemException(error.code(), error.detail()))
        .about(operation.id());
  }
}
