package dev.asyncops.registry;

import dev.asyncops.async.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots of operations that nobody runs. */
final class Snapshots {

  private Snapshots() {}

  static OperationSnapshot of(
      OperationId id, String kind, OperationState state, Map<String, String> labels) {
    Instant time = id.time();
    @Nullable Instant end = state.isTerminal() ? time : null;
    return new OperationSnapshot(
        id,
        kind,
        state,
        null,
        1,
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
        null,
        1,
        time,
        null,
        time,
        end,
        end,
        null,
        "request",
        labels,
        null,
        "ci",
        null,
        null,
        List.of());
  }

  static OperationSnapshot with(OperationSnapshot before, OperationState state) {
    return of(before.id(), before.kind(), state, before.labels());
  }
}
