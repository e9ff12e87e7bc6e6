package dev.asyncops.registry;

import dev.asyncops.async.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots of operations that nobody runs. */
public final class Snapshots {

  private Snapshots() {}

  /** A queued one. */
  public static OperationSnapshot of(OperationId id, String kind) {
    return of(id, kind, OperationState.QUEUED, Map.of());
  }

  /** One in that state with these labels. */
  public static OperationSnapshot of(
      OperationId id, String kind, OperationState state, Map<String, String> labels) {
    return of(id, kind, state, labels, 1, markOf(1));
  }

  private static OperationSnapshot of(
      OperationId id,
      String kind,
      OperationState state,
      Map<String, String> labels,
      long revision,
      @Nullable Object mark) {
    Instant time = id.time();
    @Nullable Instant end = state.isTerminal() ? time : null;
    return new OperationSnapshot(
        id,
        kind,
        state,
        null,
        revision,
        0,
        0,
        0,
        true,
        0,
        0,
        0,
        0,
        new OperationSnapshot.Progress(0, 0L, null, null, null),
        Priority.DEFAULT,
        null,
        false,
        null,
        1,
        time,
        null,
        time,
        end,
        end,
        null,
        new JsonText("\"request\""),
        labels,
        null,
        "ci",
        RootSet.of(List.of("data")),
        null,
        null,
        List.of(),
        mark);
  }

  /** The same below these roots, with these labels. */
  public static OperationSnapshot below(
      OperationSnapshot operation, RootSet roots, Map<String, String> labels) {
    return new OperationSnapshot(
        operation.id(),
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
        operation.timeoutSeconds(),
        operation.attempt(),
        operation.createTime(),
        operation.startTime(),
        operation.updateTime(),
        operation.endTime(),
        operation.expireTime(),
        operation.cancelRequestTime(),
        operation.request(),
        labels,
        operation.userData(),
        operation.createdBy(),
        roots,
        operation.result(),
        operation.error(),
        operation.firstErrors(),
        operation.mark());
  }

  private static JsonText markOf(long revision) {
    return new JsonText("{\"revision\":%d}".formatted(revision));
  }

  /** What comes next, in that state. */
  public static OperationSnapshot with(OperationSnapshot before, OperationState state) {
    long revision = before.revision() + 1;
    return of(before.id(), before.kind(), state, before.labels(), revision, markOf(revision));
  }

  /** The same, with nothing left for another attempt to know. */
  public static OperationSnapshot withoutMark(OperationSnapshot same) {
    return of(same.id(), same.kind(), same.state(), same.labels(), same.revision(), null);
  }
}
