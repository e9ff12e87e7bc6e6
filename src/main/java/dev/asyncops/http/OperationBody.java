package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationSnapshot.Progress;
import dev.asyncops.registry.OperationState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation as JSON: one snapshot, so all its numbers are of one instant (A7). The meaning of
 * each member is the snapshot's.
 */
record OperationBody(
    String id,
    String kind,
    OperationState state,
    @Nullable String phase,
    long revision,
    long pending,
    long toStart,
    long total,
    boolean totalExact,
    long succeeded,
    long failed,
    long skipped,
    long cancelled,
    Progress progress,
    Priority priority,
    @Nullable Long bytesPerSecond,
    boolean paused,
    int attempt,
    Instant createTime,
    @Nullable Instant startTime,
    Instant updateTime,
    @Nullable Instant endTime,
    @Nullable Instant expireTime,
    @Nullable Instant cancelRequestTime,
    JsonText request,
    Map<String, String> labels,
    @Nullable JsonText userData,
    String createdBy,
    @Nullable Object result,
    @Nullable ErrorBody error,
    List<ItemError> firstErrors) {

  /** What is shown of a snapshot. */
  static OperationBody of(OperationSnapshot operation) {
    return new OperationBody(
        operation.id().toString(),
        operation.kind(),
        operation.state(),
        operation.phase(),
        operation.revision(),
        operation.pending(),
        operation.toStart(),
        operation.total(),
        operation.totalExact(),
        operation.succeeded(),
        operation.failed(),
        operation.skipped(),
        operation.cancelled(),
        operation.progress(),
        operation.priority(),
        operation.bytesPerSecond(),
        operation.paused(),
        operation.attempt(),
        operation.createTime(),
        operation.startTime(),
        operation.updateTime(),
        operation.endTime(),
        operation.expireTime(),
        operation.cancelRequestTime(),
        operation.request(),
        operation.labels(),
        operation.userData(),
        operation.createdBy(),
        operation.result(),
        ErrorBody.of(operation.error()),
        operation.firstErrors().stream().map(ItemError::of).toList());
  }

  /** Why an operation failed; the stage only where there are stages (S7). */
  record ErrorBody(
      ErrorCode code, String detail, @JsonInclude(Include.NON_NULL) @Nullable String stage) {

    static @Nullable ErrorBody of(@Nullable OperationError error) {
      return error == null ? null : new ErrorBody(error.code(), error.detail(), error.stage());
    }
  }

  /** An item that failed; the bytes of its path only where they are not valid UTF-8. */
  record ItemError(
      String path,
      @JsonInclude(Include.NON_NULL) @Nullable String pathBase64,
      @Nullable ErrorCode code,
      @Nullable String detail) {

    static ItemError of(ItemResult item) {
      return new ItemError(item.path(), item.pathBase64(), item.code(), item.detail());
    }
  }
}
