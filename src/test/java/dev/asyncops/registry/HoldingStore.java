package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A store that saves when a test says so, in the order of the calls: like a disk, only slower. Main
 * context only.
 */
final class HoldingStore implements OperationStore {

  /** Every snapshot that came, saved or not. */
  final List<OperationSnapshot> came = new ArrayList<>();

  private final InMemoryOperationStore saved;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean holding;

  HoldingStore(MainContext context) {
    saved = new InMemoryOperationStore(context);
  }

  /** From now on nothing is saved until it is released. */
  void hold() {
    holding = true;
  }

  /** Saves all that came, and holds nothing any more. */
  void release() {
    holding = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  @Override
  public void save(OperationSnapshot operation, Runnable whenSaved) {
    came.add(operation);
    if (holding) {
      held.add(() -> saved.save(operation, whenSaved));
    } else {
      saved.save(operation, whenSaved);
    }
  }

  @Override
  public void remove(List<OperationId> operations) {
    saved.remove(operations);
  }

  @Override
  public Optional<OperationSnapshot> find(OperationId id) {
    return saved.find(id);
  }

  @Override
  public List<OperationSnapshot> list(OperationQuery query) {
    return saved.list(query);
  }
}
