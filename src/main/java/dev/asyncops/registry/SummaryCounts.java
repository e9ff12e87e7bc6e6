package dev.asyncops.registry;

import dev.asyncops.registry.OperationSummary.KindSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counts of the whole service, by the roots of operations, kept up with every published
 * snapshot.
 *
 * <p><b>Threads</b>: written on the main context; read by any thread, which waits for nobody and
 * sees the counts of one instant.
 */
final class SummaryCounts {

  private static final List<OperationState> STATES = List.of(OperationState.values());
  private static final int PENDING = 0;
  private static final int TOTAL = 1;
  private static final int OPERATIONS = 2;
  private static final int COUNTS_OF_A_KIND = 3;

  private final List<String> kinds;

  /** What has the same roots: its operations by state, then the three counts of each kind. */
  private static final class Part {

    private final RootSet roots;
    private final long[] counts;

    Part(RootSet roots, long[] counts) {
      this.roots = roots;
      this.counts = counts;
    }
  }

  /** Each for other roots; they are few. Never changed, only replaced. */
  private volatile List<Part> parts = List.of();

  SummaryCounts(Collection<String> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  /** Counts a snapshot instead of the one it replaces; either may be missing. */
  void replace(@Nullable OperationSnapshot before, @Nullable OperationSnapshot after) {
    List<Part> next = new ArrayList<>(parts);
    if (before != null) {
      add(copied(next, before.roots()), before, -1);
    }
    if (after != null) {
      add(copied(next, after.roots()), after, 1);
    }
    parts = next;
  }

  /** Counts so many more operations of a terminal state, or so many fewer. */
  void add(RootSet roots, OperationState state, long operations) {
    List<Part> next = new ArrayList<>(parts);
    copied(next, roots)[place(state)] += operations;
    parts = next;
  }

  /** A copy of the counts for these roots, which stands for them from now on. */
  private long[] copied(List<Part> next, RootSet roots) {
    for (int i = 0; i < next.size(); i++) {
      Part part = next.get(i);
      if (part.roots.equals(roots)) {
        long[] copy = part.counts.clone();
        next.set(i, new Part(roots, copy));
        return copy;
      }
    }
    long[] first = none();
    next.add(new Part(roots, first));
    return first;
  }

  private long[] none() {
    return new long[STATES.size() + COUNTS_OF_A_KIND * kinds.size()];
  }

  /** The number of operations that are over and remembered. */
  long finished() {
    long[] now = sum(Reach.ALL);
    return STATES.stream()
        .filter(OperationState::isTerminal)
        .mapToLong(state -> now[place(state)])
        .sum();
  }

  private long[] sum(Reach reach) {
    long[] sum = none();
    for (Part part : parts) {
      if (reach.has(part.roots)) {
        Arrays.setAll(sum, i -> sum[i] + part.counts[i]);
      }
    }
    return sum;
  }

  /** The counts of the operations that exist for who reaches this. */
  OperationSummary read(Reach reach) {
    long[] now = sum(reach);
    Map<OperationState, Long> byState = new EnumMap<>(OperationState.class);
    for (OperationState state : STATES) {
      byState.put(state, now[place(state)]);
    }
    Map<String, KindSummary> byKind = new LinkedHashMap<>();
    for (int kind = 0; kind < kinds.size(); kind++) {
      byKind.put(kinds.get(kind), kindSummary(now, place(kind)));
    }
    return new OperationSummary(
        byKind.values().stream().mapToLong(KindSummary::pending).sum(),
        byKind.values().stream().mapToLong(KindSummary::total).sum(),
        now[place(OperationState.QUEUED)],
        now[place(OperationState.RUNNING)] + now[place(OperationState.CANCELLING)],
        Collections.unmodifiableMap(byKind),
        Collections.unmodifiableMap(byState));
  }

  private void add(long[] next, OperationSnapshot snapshot, int sign) {
    next[place(snapshot.state())] += sign;
    int kind = kinds.indexOf(snapshot.kind()); // none: remembered from another version
    if (!snapshot.state().isTerminal() && kind >= 0) {
      int place = place(kind);
      next[place + PENDING] += sign * snapshot.pending();
      next[place + TOTAL] += sign * snapshot.total();
      next[place + OPERATIONS] += sign;
    }
  }

  private static KindSummary kindSummary(long[] now, int place) {
    return new KindSummary(now[place + PENDING], now[place + TOTAL], now[place + OPERATIONS]);
  }

  private static int place(OperationState state) {
    return STATES.indexOf(state);
  }

  private static int place(int kind) {
    return STATES.size() + COUNTS_OF_A_KIND * kind;
  }
}
