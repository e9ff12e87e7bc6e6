package dev.asyncops.store;

import dev.asyncops.async.OperationException;
import dev.asyncops.registry.ItemChanges;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot of an operation that waits, items that came with it, and who waits for it.
 */
final class SaveWrite implements Write {

  private final List<SaveCallback> callbacks = new ArrayList<>(1);
  private OperationSnapshot newest;
  private ItemChanges items;

  SaveWrite(OperationSnapshot operation, ItemChanges items, SaveCallback callback) {
    newest = operation;
    this.items = items;
    callbacks.add(callback);
  }

  /** Another snapshot comes while this one still waits. */
  void merge(OperationSnapshot operation, ItemChanges more, SaveCallback callback) {
    if (operation.revision() > newest.revision()) {
      newest = operation;
    }
    items = items.and(more);
    callbacks.add(callback);
  }

  @Override
  public void write(Statements statements) throws SQLException {
    statements.change(newest.id(), items);
    statements.update(newest);
  }

  @Override
  public void ended(@Nullable OperationException failure) {
    callbacks.forEach(callback -> callback.ended(failure));
  }
}
