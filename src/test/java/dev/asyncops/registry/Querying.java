package dev.asyncops.registry;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down a query, beginning with one for everything. */
public final class Querying {

  private Set<OperationState> states = Set.of();
  private Set<String> kinds = Set.of();
  private Map<String, String> labels = Map.of();
  private @Nullable Instant createdAfter;
  private @Nullable Instant createdBefore;
  private @Nullable OperationId before;
  private int limit = 1000;
  private Reach reach = Reach.ALL;

  /** Only these states. */
  public Querying states(OperationState... values) {
    states = Set.of(values);
    return this;
  }

  /** Only these kinds. */
  public Querying kinds(String... values) {
    kinds = Set.of(values);
    return this;
  }

  /** Only with all of these labels. */
  public Querying labels(Map<String, String> values) {
    labels = values;
    return this;
  }

  /** Only made between these times. */
  public Querying created(@Nullable Instant after, @Nullable Instant until) {
    createdAfter = after;
    createdBefore = until;
    return this;
  }

  /** Only below this id. */
  public Querying before(@Nullable OperationId operation) {
    before = operation;
    return this;
  }

  /** At most so many. */
  public Querying limit(int value) {
    limit = value;
    return this;
  }

  /** Only for who reaches these roots. */
  public Querying reaching(String... names) {
    reach = Reach.of(Set.of(names));
    return this;
  }

  /** What was written down. */
  public OperationQuery now() {
    return new OperationQuery(
        states, kinds, labels, createdAfter, createdBefore, before, limit, reach);
  }
}
