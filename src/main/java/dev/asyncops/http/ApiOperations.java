package dev.asyncops.http;

import static dev.asyncops.async.ErrorCode.CLOSED;
import static dev.asyncops.async.ErrorCode.DRAINING;
import static dev.asyncops.async.ErrorCode.IDEMPOTENCY_KEY_REUSED;
import static dev.asyncops.async.ErrorCode.INVALID_ARGUMENT;
import static dev.asyncops.async.ErrorCode.INVALID_DATA;
import static dev.asyncops.async.ErrorCode.MESSAGE_TOO_LARGE;
import static dev.asyncops.async.ErrorCode.NOT_FOUND;
import static dev.asyncops.async.ErrorCode.PENDING;
import static dev.asyncops.async.ErrorCode.PERMISSION_DENIED;
import static dev.asyncops.async.ErrorCode.QUEUE_FULL;
import static dev.asyncops.async.ErrorCode.READ_ONLY;
import static dev.asyncops.async.ErrorCode.STORE_UNAVAILABLE;
import static dev.asyncops.async.ErrorCode.WOULD_RECURSE;

import dev.asyncops.async.ErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;

/** All operations of the API, by their ids: what they may be given, and how they may answer. */
final class ApiOperations {

  private static final ApiHeader LOCATION = ApiHeader.always("Location");
  private static final ApiHeader ETAG = ApiHeader.always("ETag");
  private static final ApiHeader RETRY_AFTER = ApiHeader.maybe("Retry-After");
  private static final ApiHeader APPLIED = ApiHeader.maybe("Preference-Applied");
  private static final ApiHeader REPLAYED = ApiHeader.maybe("Idempotency-Replayed");
  private static final ApiHeader LINK = ApiHeader.maybe("Link");

  /** By these an operation is refused only before it begins, so it never ends with one. */
  private static final EnumSet<ErrorCode> NEVER_A_RESULT =
      EnumSet.of(QUEUE_FULL, IDEMPOTENCY_KEY_REUSED, CLOSED);

  static final Map<String, ApiOperation> ALL =
      Map.ofEntries(
          Map.entry(
              "startCopy",
              withBody(start("Prefer", "Idempotency-Key")).refuses(READ_ONLY, WOULD_RECURSE)),
          Map.entry(
              "startDeleteBatch",
              withBody(start("Prefer", "Idempotency-Key", ApiParameters.UPLOAD))
                  .refuses(READ_ONLY, INVALID_DATA)),
          Map.entry("startConnect", withBody(start("Prefer", "Idempotency-Key"))),
          Map.entry(
              "getOperation",
              one("id", "Prefer", "If-None-Match", "If-Match")
                  .answers(200, ETAG, RETRY_AFTER, APPLIED)
                  .answers(304, ETAG, APPLIED)
                  .refuses(FrameworkCode.PRECONDITION_FAILED)),
          Map.entry(
              "cancelOperation",
              one("id", "Prefer", "If-Match")
                  .answers(200, ETAG, APPLIED)
                  .answers(202, ETAG, RETRY_AFTER, APPLIED)
                  .refuses(FrameworkCode.PRECONDITION_FAILED)),
          Map.entry(
              "patchOperation",
              one("id", "If-Match")
                  .answers(200, ETAG, RETRY_AFTER)
                  .refuses(INVALID_ARGUMENT, MESSAGE_TOO_LARGE, CLOSED)
                  .refuses(FrameworkCode.TIMED_OUT)
                  .refuses(FrameworkCode.PRECONDITION_FAILED)
                  .refuses(FrameworkCode.UNSUPPORTED_MEDIA_TYPE)),
          Map.entry(
              "getResult",
              one("id", "Prefer")
                  .answers(200, APPLIED)
                  .refuses(EnumSet.complementOf(NEVER_A_RESULT))),
          Map.entry("listItems", list("id", "itemState").refuses(NOT_FOUND)),
          Map.entry(
              "retryOperation",
              start("id", "Prefer", "Idempotency-Key", "If-Match")
                  .refuses(NOT_FOUND, READ_ONLY, CLOSED)
                  .refuses(FrameworkCode.PRECONDITION_FAILED)),
          Map.entry(
              "listOperations",
              list("operationState", "kind", "labels", "createdAfter", "createdBefore")),
          Map.entry(
              "streamEvents",
              one("id", "Last-Event-ID", "columns")
                  .answers(200)
                  .answers(204)
                  .refuses(INVALID_ARGUMENT, QUEUE_FULL)),
          Map.entry(
              "streamAllEvents", ApiOperation.of("Last-Event-ID").answers(200).refuses(QUEUE_FULL)),
          Map.entry("getSummary", ApiOperation.of().answers(200)));

  private ApiOperations() {}

  private static ApiOperation start(String... parameters) {
    return ApiOperation.of(parameters)
        .answers(200, LOCATION, ETAG, APPLIED, REPLAYED)
        .answers(202, LOCATION, ETAG, RETRY_AFTER, APPLIED, REPLAYED)
        .refuses(INVALID_ARGUMENT, PERMISSION_DENIED, MESSAGE_TOO_LARGE, PENDING, QUEUE_FULL)
        .refuses(DRAINING, STORE_UNAVAILABLE);
  }

  private static ApiOperation withBody(ApiOperation operation) {
    return operation
        .refuses(IDEMPOTENCY_KEY_REUSED)
        .refuses(FrameworkCode.TIMED_OUT)
        .refuses(FrameworkCode.UNSUPPORTED_MEDIA_TYPE);
  }

  private static ApiOperation one(String... parameters) {
    return ApiOperation.of(parameters).refuses(NOT_FOUND, DRAINING, STORE_UNAVAILABLE);
  }

  private static ApiOperation list(String... parameters) {
    String[] all = Arrays.copyOf(parameters, parameters.length + 2);
    all[parameters.length] = "pageSize";
    all[parameters.length + 1] = "pageToken";
    return ApiOperation.of(all).answers(200, LINK).refuses(INVALID_ARGUMENT, STORE_UNAVAILABLE);
  }
}
