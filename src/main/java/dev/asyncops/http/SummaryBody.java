package dev.asyncops.http;

import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationSummary;
import dev.asyncops.registry.OperationSummary.KindSummary;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The service as a whole; kinds and states without an operation are shown with zeros. */
record SummaryBody(
    long pending,
    long total,
    long queued,
    long running,
    Map<String, KindSummary> byKind,
    Map<OperationState, Long> byState) {

  private static final KindSummary NONE = new KindSummary(0, 0, 0);

  /** What is shown of a summary. */
  static SummaryBody of(OperationSummary summary) {
    Map<String, KindSummary> byKind = new LinkedHashMap<>();
    for (String kind : OperationKinds.ALL) {
      byKind.put(kind, summary.byKind().getOrDefault(kind, NONE));
    }
    Map<OperationState, Long> byState = new EnumMap<>(OperationState.class);
    for (OperationState state : OperationState.values()) {
      byState.put(state, summary.byState().getOrDefault(state, 0L));
    }
    return new SummaryBody(
        summary.pending(), summary.total(), summary.queued(), summary.running(), byKind, byState);
  }
}
