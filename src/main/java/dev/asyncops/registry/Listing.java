package dev.asyncops.registry;

import dev.asyncops.async.OperationException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists operations: the store says which there are, and what was published last how they stand.
 *
 * <p><b>Threads</b>: any but the main context and the event loops; waits for the store.
 */
final class Listing {

  private static final Comparator<OperationSnapshot> NEWEST_FIRST =
      Comparator.comparing(OperationSnapshot::id).reversed();

  private final OperationStore store;
  private final Saves saves;
  private final Publications publications;

  Listing(OperationStore store, Saves saves, Publications publications) {
    this.store = store;
    this.saves = saves;
    this.publications = publications;
  }

  List<OperationSnapshot> list(OperationQuery query) throws OperationException {
    Map<OperationId, OperationSnapshot> found = new HashMap<>();
    addUnsaved(query, found); // before the store is read: what is saved meanwhile is found there
    addSaved(query, found);
    return found.values().stream().sorted(NEWEST_FIRST).limit(query.limit()).toList();
  }

  /** What would not be found in the store, being saved in another state. */
  private void addUnsaved(OperationQuery query, Map<OperationId, OperationSnapshot> found) {
    for (OperationId id : saves.unsaved()) {
      publications.find(id).filter(query::wants).ifPresent(shown -> found.put(id, shown));
    }
  }

  /** Pages of the store until enough of them are still wanted as they stand now. */
  private void addSaved(OperationQuery query, Map<OperationId, OperationSnapshot> found)
      throws OperationException {
    OperationQuery rest = query;
    int wanted = query.limit();
    while (true) {
      List<OperationSnapshot> page = store.list(rest);
      for (OperationSnapshot stored : page) {
        OperationSnapshot shown = publications.find(stored.id()).orElse(stored);
        if (query.wants(shown)) {
          found.put(shown.id(), shown);
          wanted--;
        }
      }
      if (page.size() < rest.limit() || wanted == 0) {
        return;
      }
      rest = query.below(page.getLast().id(), wanted);
    }
  }
}
