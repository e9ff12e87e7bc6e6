package dev.asyncops.observability;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationSnapshot.Progress;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.RootSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The life of one operation, snapshot by snapshot: each method gives the next one. */
final class Snapshots {

  static final Instant ADMITTED = Instant.parse("2026-01-02T03:04:05Z");

  private final OperationId id;
  private final String kind;
  private OperationState state = OperationState.QUEUED;
  private long pending;
  private long succeeded;
  private long failed;
  private long skipped;
  private long cancelled;
  private long bytes;
  private Instant createTime = ADMITTED;
  private @Nullable Instant startTime;
  private @Nullable Instant endTime;
  private @Nullable Instant cancelRequestTime;
  private @Nullable OperationError error;
  private String createdBy = "ci";
  private long revision;

  /** An operation with a number that makes its id. */
  Snapshots(String kind, int number) {
    this.kind = kind;
    id = new OperationId(new UUID(0x0193_0000_0000_7000L, 0x8000_0000_0000_0000L + number));
  }

  OperationId id() {
    return id;
  }

  Snapshots createdBy(String name) {
    createdBy = name;
    return this;
  }

  Snapshots admittedAt(Instant time) {
    createTime = time;
    return this;
  }

  OperationSnapshot admitted(long items) {
    pending = items;
    return next();
  }

  OperationSnapshot started(Instant time) {
    state = OperationState.RUNNING;
    startTime = time;
    return next();
  }

  OperationSnapshot items(long succeeded, long failed, long skipped, long cancelled) {
    pending -= succeeded + failed + skipped + cancelled;
    this.succeeded += succeeded;
    this.failed += failed;
    this.skipped += skipped;
    this.cancelled += cancelled;
    return next();
  }

  OperationSnapshot bytes(long bytes) {
    this.bytes += bytes;
    return next();
  }

  OperationSnapshot cancelRequested(Instant time) {
    state = OperationState.CANCELLING;
    cancelRequestTime = time;
    return next();
  }

  OperationSnapshot cancelledWhileQueued(Instant time) {
    cancelRequestTime = time;
    return ended(OperationState.CANCELLED, time, null);
  }

  OperationSnapshot ended(OperationState state, Instant time, @Nullable OperationError error) {
    this.state = state;
    this.error = error;
    endTime = time;
    cancelled += pending;
    pending = 0;
    return next();
  }

  private OperationSnapshot next() {
    long total = pending + succeeded + failed + skipped + cancelled;
    return new OperationSnapshot(
        id,
        kind,
        state,
        null,
        ++revision,
        pending,
        0,
        total,
        true,
        succeeded,
        failed,
        skipped,
        cancelled,
        new Progress(bytes, null, null, null, null),
        Priority.DEFAULT,
        null,
        false,
        null,
        1,
        createTime,
        startTime,
        createTime,
        endTime,
        null,
        cancelRequestTime,
        new JsonText("\"request\""),
        Map.of(),
        null,
        createdBy,
        RootSet.of(List.of("data")),
        null,
        error,
        List.<ItemResult>of(),
        null);
  }
}
