package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot of every operation that is remembered, and those who hear of a new one.
 *
 * <p><b>Threads</b>: published on the main context; {@link #find} and {@link #summary} read
 * immutable values from any thread and wait for nobody (A7).
 */
final class Publications {

  private final Map<OperationId, OperationSnapshot> newest = new ConcurrentHashMap<>();
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

  OperationSummary summary() {
    return counts.read();
  }

  void publish(OperationSnapshot after) {
    @Nullable OperationSnapshot before = newest.put(after.id(), after);
    counts.replace(before, after);
    tellAll(listener -> listener.published(before, after));
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

  void forget(List<OperationId> operations) {
    for (OperationId id : operations) {
      counts.replace(newest.remove(id), null);
    }
    tellAll(listener -> listener.forgotten(operations.size()));
  }

  private void tellAll(Consumer<OperationListener> notice) {
    notices.tell(
        () -> listeners.forEach(listener -> Notices.guarded(() -> notice.accept(listener))));
  }
}
