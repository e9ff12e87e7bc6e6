package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers operations until the process ends, and fails when a test says so.
 *
 * <p>Operations are kept sorted by id within their kind and state, and a list merges what it wants
 * of these: an operation is put into its new state before it is taken out of the old one, and
 * states are read in the order in which they follow, so a list misses none.
 *
 * <p><b>Threads</b>: reading waits for nobody.
 */
public final class InMemoryOperationStore implements OperationStore {

  private final MainContext context;
  private final Map<OperationId, OperationSnapshot> byId = new ConcurrentHashMap<>();
  private final Map<String, Map<OperationState, NavigableMap<OperationId, OperationSnapshot>>>
      sorted = new ConcurrentHashMap<>();

  private final Map<OperationId, NavigableMap<Long, ItemBlock>> blocks = new ConcurrentHashMap<>();

  /** What operations were given beyond their requests, by id. */
  private final Map<OperationId, Inputs> inputs = new ConcurrentHashMap<>();

  private record KeptKey(String fingerprint, OperationId operation) {}

  /** Main context only. */
  private final Map<IdempotencyKey, KeptKey> keys = new HashMap<>();

  private @Nullable OperationException failure;

  /** A store that answers on this context. */
  public InMemoryOperationStore(MainContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /** Whether from now on nothing can be written. Main context only. */
  public void fail(boolean full) {
    failure =
        full ? new OperationException(ErrorCode.STORE_UNAVAILABLE, "The disk is full.") : null;
  }

  @Override
  public void admit(
      OperationSnapshot operation,
      @Nullable OperationInput input,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    write(
        () -> {
          keep(operation);
          keep(keyed, operation.id());
          if (input != null) {
            inputs.put(operation.id(), new Inputs(input.json(), List.of()));
          }
        },
        callback);
  }

  @Override
  public void save(OperationSnapshot operation, Attachments attachments, SaveCallback callback) {
    write(
        () -> {
          change(operation.id(), attachments.items());
          for (IdempotencyKey key : attachments.released()) {
            keys.computeIfPresent(
                key, (_, kept) -> kept.operation().equals(operation.id()) ? null : kept);
          }
          keep(operation);
        },
        callback);
  }

  private void change(OperationId operation, ItemChanges items) {
    NavigableMap<Long, ItemBlock> stored =
        blocks.computeIfAbsent(operation, _ -> new ConcurrentSkipListMap<>());
    stored.headMap(items.firstNumber()).clear();
    items.added().forEach(block -> stored.putIfAbsent(block.number(), block));
  }

  @Override
  public void addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    write(
        () -> {
          addInput(operation, input.json());
          OperationSnapshot before = byId.get(operation);
          if (roots != null && before != null) {
            keep(Snapshots.below(before, roots, before.labels()));
          }
          keep(keyed, operation);
        },
        callback);
  }

  private void keep(@Nullable KeyedRequest keyed, OperationId operation) {
    if (keyed != null) {
      keys.put(keyed.key(), new KeptKey(keyed.fingerprint(), operation));
    }
  }

  @Override
  public void findKey(IdempotencyKey key, FindKeyCallback callback) {
    @Nullable KeyedOperation[] found = new KeyedOperation[1];
    write(
        () -> {
          KeptKey kept = keys.get(key);
          found[0] =
              kept == null
                  ? null
                  : new KeyedOperation(
                      Objects.requireNonNull(byId.get(kept.operation())), kept.fingerprint());
        },
        failed -> callback.looked(found[0], failed));
  }

  @Override
  public void check(SaveCallback callback) {
    write(() -> {}, callback);
  }

  private void addInput(OperationId operation, JsonText input) {
    Inputs before = inputs(operation);
    List<JsonText> added = new ArrayList<>(before.added());
    added.add(input);
    inputs.put(operation, new Inputs(before.first(), added));
  }

  private void write(Runnable action, SaveCallback callback) {
    context.checkOwner();
    context.post(
        Priority.DEFAULT,
        "write",
        () -> {
          @Nullable OperationException failed = failure;
          if (failed == null) {
            action.run();
          }
          callback.ended(failed);
        });
  }

  @Override
  public void forget(Instant expiredBy, long surplus, int limit, ForgetCallback callback) {
    context.checkOwner();
    context.post(
        Priority.DEFAULT,
        "forget",
        () -> {
          if (failure != null) {
            callback.forgot(List.of(), null, failure);
            return;
          }
          List<OperationSnapshot> finished =
              byId.values().stream()
                  .filter(operation -> operation.state().isTerminal())
                  .sorted(
                      Comparator.comparing(InMemoryOperationStore::expiry)
                          .thenComparing(OperationSnapshot::id))
                  .toList();
          int due = 0;
          while (due < Math.min(limit, finished.size())
              && (due < surplus || !expiry(finished.get(due)).isAfter(expiredBy))) {
            due++;
          }
          List<Forgotten> forgotten =
              finished.subList(0, due).stream()
                  .map(operation ->
                      new Forgotten(operation.id(), operation.state(), operation.roots()))
                  .toList();
          forgotten.forEach(operation -> remove(operation.id()));
          callback.forgot(
              forgotten, due < finished.size() ? expiry(finished.get(due)) : null, null);
        });
  }

  private static Instant expiry(OperationSnapshot finished) {
    return Objects.requireNonNull(finished.expireTime());
  }

  private void remove(OperationId id) {
    OperationSnapshot removed = byId.remove(id);
    if (removed != null) {
      of(removed).remove(id);
    }
    inputs.remove(id);
    keys.values().removeIf(kept -> kept.operation().equals(id));
    blocks.remove(id);
  }

  @Override
  public Optional<OperationSnapshot> find(OperationId id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public List<OperationSnapshot> list(OperationQuery query) {
    List<NavigableMap<OperationId, OperationSnapshot>> sources = sources(query);
    List<OperationSnapshot> found = new ArrayList<>();
    @Nullable OperationSnapshot next = newestBelow(sources, query.upperBound());
    while (next != null && next.id().compareTo(query.lowerBound()) >= 0) {
      if (query.reach().has(next)
          && next.labels().entrySet().containsAll(query.labels().entrySet())) {
        found.add(next);
      }
      if (found.size() == query.limit()) {
        break;
      }
      next = newestBelow(sources, next.id());
    }
    return found;
  }

  @Override
  public List<ItemBlock> items(OperationId id, Set<ItemState> states, long from, int limit) {
    return blocks.getOrDefault(id, Collections.emptyNavigableMap()).tailMap(from).values().stream()
        .filter(block -> states.isEmpty() || states.contains(block.state()))
        .limit(limit)
        .toList();
  }

  @Override
  public Inputs inputs(OperationId id) {
    return inputs.getOrDefault(id, new Inputs(null, List.of()));
  }

  @Override
  public List<Unfinished> unfinished() {
    return byId.values().stream()
        .filter(operation -> !operation.state().isTerminal())
        .sorted(Comparator.comparing(OperationSnapshot::id))
        .map(operation -> new Unfinished(operation, null, List.of()))
        .toList();
  }

  @Override
  public List<Finished> finishedAtOpening() {
    return List.of();
  }

  private void keep(OperationSnapshot operation) {
    OperationSnapshot before = byId.get(operation.id());
    if (before != null && before.revision() > operation.revision()) {
      return;
    }
    byId.put(operation.id(), operation);
    of(operation).put(operation.id(), operation);
    if (operation.state().isTerminal() && operation.mark() == null) {
      inputs.remove(operation.id());
    }
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

  private static Map<OperationState, NavigableMap<OperationId, OperationSnapshot>> byState() {
    Map<OperationState, NavigableMap<OperationId, OperationSnapshot>> byState =
        new EnumMap<>(OperationState.class);
    for (OperationState state : OperationState.values()) {
      byState.put(state, new ConcurrentSkipListMap<>());
    }
    return byState;
  }
}
