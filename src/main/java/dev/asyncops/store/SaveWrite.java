package dev.asyncops.store;

import dev.asyncops.async.OperationException;
import dev.asyncops.registry.Attachments;
import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest snapshot of an operation that waits, what came with it, and who waits for it. */
final class SaveWrite implements Write {

  private final List<SaveCallback> callbacks = new ArrayList<>(1);
  private OperationSnapshot newest;
  private Attachments attachments;

  SaveWrite(OperationSnapshot operation, Attachments attachments, SaveCallback callback) {
    newest = operation;
    this.attachments = attachments;
    callbacks.add(callback);
  }

  /** Another snapshot comes while this one still waits. */
  void merge(OperationSnapshot operation, Attachments more, SaveCallback callback) {
    if (operation.revision() > newest.revision()) {
      newest = operation;
    }
    attachments = attachments.and(more);
    callbacks.add(callback);
  }

  /** A key that is released here may be taken by what came after. */
  @Override
  public Turn turn() {
    return attachments.released().isEmpty() ? Turn.LAST : Turn.AS_IT_CAME;
  }

  @Override
  public void write(Statements statements) throws SQLException {
    statements.items().change(newest.id(), attachments.items());
    for (IdempotencyKey key : attachments.released()) {
      statements.keys().release(key, newest.id());
    }
    statements.update(newest);
    if (attachments.labels()) {
      statements.relabel(newest);
    }
  }

  /** It comes again, and so do the outcomes of items. */
  @Override
  public void takeBack(Statements statements) throws SQLException {
    statements.items().remove(newest.id(), attachments.items().added());
  }

  @Override
  public void ended(@Nullable OperationException failure) {
    callbacks.forEach(callback -> callback.ended(failure));
  }
}
