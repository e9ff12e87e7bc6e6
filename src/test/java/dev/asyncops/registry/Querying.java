package dev.asyncops.registry;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down a query, beginning with one for everything. */
final class Querying {

  private Set<OperationState> states = Set.of();
  private Set<String> kinds = Set.of();
  private Map<String, String> labels = Map.of();
  private @Nullable Instant createdAfter;
  private @Nullable Instant createdBefore;
  private @Nullable OperationId before;
  private int limit = 1000;

  Querying states(OperationState... values) {
    states = Set.of(values);
    return this;
  }

  Querying kinds(String... values) {
    kinds = Set.of(values);
    return this;
  }

  Querying labels(Map<String, String> values) {
    labels = values;
    return this;
  }

  Querying created(@Nullable Instant after, @Nullable Instant until) {
    createdAfter = after;
    createdBefore = until;
    return this;
  }

  Querying before(@Nullable OperationId operation) {
    before = operation;
    return this;
  }

  Querying limit(int value) {
    limit = value;
    return this;
  }

  OperationQuery now() {
    return new OperationQuery(states, kinds, labels, createdAfter, createdBefore, before, limit);
  }
}
