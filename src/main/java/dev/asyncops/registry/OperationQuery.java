package dev.asyncops.registry;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which operations a list shows, newest first.
 *
 * @param states only these; empty for all
 * @param kinds only these; empty for all
 * @param labels only operations that have all of these
 * @param createdAfter only younger ones; null for no limit
 * @param createdBefore only older ones; null for no limit
 * @param before only operations that come after this one in the list, i.e. older ids; null for the
 *     first page
 * @param limit at most so many; 1 or more
 */
public record OperationQuery(
    Set<OperationState> states,
    Set<String> kinds,
    Map<String, String> labels,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable OperationId before,
    int limit) {

  /**
   * Copies what may change.
   *
   * @throws IllegalArgumentException if the limit is less than 1
   */
  public OperationQuery {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be 1 or more: " + limit);
    }
    states = Set.copyOf(states);
    kinds = Set.copyOf(kinds);
    labels = Map.copyOf(labels);
  }

  /** Whether the list shows this one, as far as its state goes. */
  boolean wants(OperationState state) {
    return states.isEmpty() || states.contains(state);
  }

  /** Whether the list shows this one, as far as its kind goes. */
  boolean wants(String kind) {
    return kinds.isEmpty() || kinds.contains(kind);
  }

  /** The rest of the list, from below an operation on. */
  OperationQuery below(OperationId operation, int rest) {
    return new OperationQuery(states, kinds, labels, createdAfter, createdBefore, operation, rest);
  }
}
