package dev.asyncops.registry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * @param reach only operations that exist for who reaches this
 */
public record OperationQuery(
    Set<OperationState> states,
    Set<String> kinds,
    Map<String, String> labels,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable OperationId before,
    int limit,
    Reach reach) {

  /** The last millisecond that an id can have: 48 bits. */
  private static final long LAST_MILLIS = (1L << 48) - 1;

  private static final int NANOS_PER_MILLI = 1_000_000;

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

  /** Whether the list shows this one. */
  boolean wants(OperationSnapshot operation) {
    OperationId bound = upperBound();
    return reach.has(operation)
        && wants(operation.state())
        && wants(operation.kind())
        && operation.labels().entrySet().containsAll(labels.entrySet())
        && (bound == null || operation.id().compareTo(bound) < 0)
        && operation.id().compareTo(lowerBound()) >= 0;
  }

  /** The id below which all ids of the list are; null if there is no such bound. */
  public @Nullable OperationId upperBound() {
    if (createdBefore == null) {
      return before;
    }
    OperationId bound = OperationId.firstOf(firstMillisFrom(createdBefore));
    return before == null || bound.compareTo(before) < 0 ? bound : before;
  }

  /** No id of the list is below this one. */
  public OperationId lowerBound() {
    return OperationId.firstOf(createdAfter == null ? 0 : firstMillisAfter(createdAfter));
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
    return new OperationQuery(
        states, kinds, labels, createdAfter, createdBefore, operation, rest, reach);
  }

  private static long firstMillisAfter(Instant time) {
    return Math.min(millisOf(time) + 1, LAST_MILLIS);
  }

  private static long firstMillisFrom(Instant time) {
    boolean whole = time.truncatedTo(ChronoUnit.MILLIS).equals(time);
    return Math.min(whole ? millisOf(time) : millisOf(time) + 1, LAST_MILLIS);
  }

  /** The millisecond of a time, or the nearest one that an id can have. */
  private static long millisOf(Instant time) {
    long seconds = Math.clamp(time.getEpochSecond(), -1, LAST_MILLIS / 1000 + 1);
    return Math.clamp(seconds * 1000 + time.getNano() / NANOS_PER_MILLI, 0, LAST_MILLIS);
  }
}
