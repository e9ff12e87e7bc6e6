package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;

/** The one place where an error code gets its HTTP status. */
final class ErrorStatus {

  private ErrorStatus() {}

  /** The status of a refusal, or of a result, with this code. */
  static int of(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> 400;
      case PERMISSION_DENIED, READ_ONLY -> 403;
      case NOT_FOUND -> 404;
      case EXISTS, NOT_EMPTY, BUSY, PENDING, CLOSED, SOURCE_CHANGED -> 409;
      case CANCELLED -> 410;
      case MESSAGE_TOO_LARGE -> 413;
      case IS_DIRECTORY,
          NOT_DIRECTORY,
          NOT_REGULAR_FILE,
          FILENAME_TOO_LONG,
          WOULD_RECURSE,
          INVALID_DATA,
          IDEMPOTENCY_KEY_REUSED ->
          422;
      case QUEUE_FULL -> 429;
      case FAILED, VERIFY_FAILED -> 500;
      case NOT_SUPPORTED -> 501;
      case HOST_UNREACHABLE, NETWORK_UNREACHABLE, CONNECTION_REFUSED, CONNECTION_CLOSED -> 502;
      case NOT_MOUNTED, TOO_MANY_OPEN_FILES, DRAINING, INTERRUPTED, STORE_UNAVAILABLE -> 503;
      case TIMED_OUT -> 504;
      case NO_SPACE -> 507;
    };
  }
}
