package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Priority;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers operations until the process ends; how many, the registry's retention decides.
 *
 * <p>Operations are kept sorted by id within their kind and state, and a list merges what it wants
 * of these: a page costs the same however many operations there are.
 *
 * <p><b>Threads</b>: reading waits for nobody. A page read while operations change may show some of
 * them as they were and others as they are, and misses none: an operation is put into its new state
 * before it is taken out of the old one, and states are read in the order in which they follow.
 */
public final class InMemoryOperationStore implements OperationStore {

  /** The last millisecond that an id can have: 48 bits. */
  private static final long LAST_MILLIS = (1L << 48) - 1;

  private static final int NANOS_PER_MILLI = 1_000_000;

  private final MainContext context;
  private final Map<OperationId, OperationSnapshot> byId = new ConcurrentHashMap<>();
  private final Map<String, Map<OperationState, NavigableMap<OperationId, OperationSnapshot>>>
      sorted = new ConcurrentHashMap<>();

  /** A store that answers on this context. */
  public InMemoryOperationStore(MainContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  @Override
  public void save(OperationSnapshot operation, Runnable saved) {
    context.checkOwner();
    context.post(
        Priority.DEFAULT,
        "save",
        () -> {
          keep(operation);
          saved.run();
        });
  }

  @Override
  public void remove(List<OperationId> operations) {
    context.checkOwner();
    for (OperationId id : operations) {
      OperationSnapshot removed = byId.remove(id);
      if (removed != null) {
        of(removed).remove(id);
      }
    }
  }

  @Override
  public Optional<OperationSnapshot> find(OperationId id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public List<OperationSnapshot> list(OperationQuery query) {
    List<NavigableMap<OperationId, OperationSnapshot>> sources = sources(query);
    long oldestMillis = firstMillisAfter(query.createdAfter());
    List<OperationSnapshot> found = new ArrayList<>();
    @Nullable OperationSnapshot next = newestBelow(sources, upperBound(query));
    while (next != null && next.id().time().toEpochMilli() >= oldestMillis) {
      if (next.labels().entrySet().containsAll(query.labels().entrySet())) {
        found.add(next);
      }
      if (found.size() == query.limit()) {
        break;
      }
      next = newestBelow(sources, next.id());
    }
    return found;
  }

  private void keep(OperationSnapshot operation) {
    OperationSnapshot before = byId.put(operation.id(), operation);
    of(operation).put(operation.id(), operation);
    if (before != null && before.state() != operation.state()) {
      of(before).remove(operation.id());
    }
  }

  private NavigableMap<OperationId, OperationSnapshot> of(OperationSnapshot operation) {
    return Objects.requireNonNull(
        sorted.computeIfAbsent(operation.kind(), _ -> byState()).get(operation.state()));
  }

  private List<NavigableMap<OperationId, OperationSnapshot>> sources(OperationQuery query) {
    List<NavigableMap<OperationId, OperationSnapshot>> sources = new ArrayList<>();
    sorted.forEach((kind, states) ->
        states.forEach((state, operations) -> {
          if (query.wants(kind) && query.wants(state)) {
            sources.add(operations);
          }
        }));
    return sources;
  }

  /** Looks into every source anew: one read ahead could have got a newer operation meanwhile. */
  private static @Nullable OperationSnapshot newestBelow(
      List<NavigableMap<OperationId, OperationSnapshot>> sources, @Nullable OperationId bound) {
    OperationSnapshot newest = null;
    for (NavigableMap<OperationId, OperationSnapshot> source : sources) {
      Map.Entry<OperationId, OperationSnapshot> last =
          bound == null ? source.lastEntry() : source.lowerEntry(bound);
      if (last != null && (newest == null || last.getKey().compareTo(newest.id()) > 0)) {
        newest = last.getValue();
      }
    }
    return newest;
  }

  private static @Nullable OperationId upperBound(OperationQuery query) {
    Instant createdBefore = query.createdBefore();
    if (createdBefore == null) {
      return query.before();
    }
    OperationId bound = OperationId.firstOf(firstMillisFrom(createdBefore));
    return query.before() == null || bound.compareTo(query.before()) < 0 ? bound : query.before();
  }

  private static long firstMillisAfter(@Nullable Instant time) {
    return time == null ? 0 : millisOf(time) + 1;
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

  private static Map<OperationState, NavigableMap<OperationId, OperationSnapshot>> byState() {
    Map<OperationState, NavigableMap<OperationId, OperationSnapshot>> byState =
        new EnumMap<>(OperationState.class);
    for (OperationState state : OperationState.values()) {
      byState.put(state, new ConcurrentSkipListMap<>());
    }
    return byState;
  }
}
