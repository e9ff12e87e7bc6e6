package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.registry.OperationStore.Forgotten;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshots of all live operations and of those that ended last, and those who hear of a
 * new one.
 *
 * <p><b>Threads</b>: published on the main context; {@link #find} and {@link #summary} read
 * immutable values from any thread and wait for nobody (A7).
 */
final class Publications {

  /** So many finished operations are still found here: their clients come back soon. */
  private static final int MAX_FINISHED = 1000;

  private final Map<OperationId, OperationSnapshot> newest = new ConcurrentHashMap<>();
  private final ArrayDeque<OperationId> finished = new ArrayDeque<>();
  private final SummaryCounts counts;
  private final List<OperationListener> listeners;
  private final Notices notices = new Notices();

  Publications(Collection<String> kinds, List<OperationListener> listeners) {
    counts = new SummaryCounts(kinds);
    this.listeners = List.copyOf(listeners);
  }

  Optional<OperationSnapshot> find(OperationId id) {
    return Optional.ofNullable(newest.get(id));
  }

  OperationSummary summary(Reach reach) {
    return counts.read(reach);
  }

  /** The number of operations that are over and remembered. */
  long finished() {
    return counts.finished();
  }

  /** Counts what is remembered from before the service began. */
  void begin(List<OperationStore.Finished> remembered) {
    remembered.forEach(
        finished -> counts.add(finished.roots(), finished.state(), finished.operations()));
  }

  void publish(OperationSnapshot after) {
    @Nullable OperationSnapshot before = newest.put(after.id(), after);
    counts.replace(before, after);
    if (after.state().isTerminal()) {
      keepForAWhile(after.id());
    }
    tellAll(listener -> listener.published(before, after));
  }

  /** Shows a finished operation with something else about it; listeners need not know. */
  void replaceFinished(OperationSnapshot after) {
    if (newest.put(after.id(), after) == null) {
      keepForAWhile(after.id());
    }
  }

  private void keepForAWhile(OperationId id) {
    finished.add(id);
    if (finished.size() > MAX_FINISHED) {
      newest.remove(finished.remove());
    }
  }

  /** Tells whoever waited for this very thing, after all listeners. */
  void tell(Runnable notice) {
    notices.tell(notice);
  }

  void itemEnded(OperationSnapshot operation, ItemResult item) {
    tellAll(listener -> listener.itemEnded(operation, item));
  }

  void refused(String kind, ErrorCode reason) {
    tellAll(listener -> listener.refused(kind, reason));
  }

  void recovered(Recovery how) {
    tellAll(listener -> listener.recovered(how));
  }

  void forget(List<Forgotten> operations) {
    for (Forgotten operation : operations) {
      newest.remove(operation.id());
      counts.add(operation.roots(), operation.state(), -1);
    }
    tellAll(listener -> listener.forgotten(operations.size()));
  }

  private void tellAll(Consumer<OperationListener> notice) {
    notices.tell(
        () -> listeners.forEach(listener -> Notices.guarded(() -> notice.accept(listener))));
  }
}
