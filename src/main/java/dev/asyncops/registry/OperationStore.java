package dev.asyncops.registry;

import java.util.List;
import java.util.Optional;

/**
 * Where operations are remembered.
 *
 * <p><b>Threads</b>: {@link #save} and {@link #remove} are called on the main context and must not
 * block; the others may block and are called from anywhere but the main context and the event
 * loops.
 */
public interface OperationStore {

  /**
   * Remembers the newest snapshot of an operation, in the order of the calls.
   *
   * @param saved runs once, on the main context and never inside this call, when the snapshot would
   *     survive whatever this store survives
   */
  void save(OperationSnapshot operation, Runnable saved);

  /** Forgets operations. */
  void remove(List<OperationId> operations);

  /** The newest snapshot that was saved. */
  Optional<OperationSnapshot> find(OperationId id);

  /** The operations of a query, newest first. */
  List<OperationSnapshot> list(OperationQuery query);
}
