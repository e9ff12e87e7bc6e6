package dev.asyncops.store;

import dev.asyncops.async.OperationException;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationStore.Forgotten;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is large and belongs to nobody any more, some rows at a time, in between other
 * writes: manifests, and the outcomes of items of operations that are forgotten.
 *
 * <p>The database says what there is: manifests without an operation, but for those in use; and
 * after a start, outcomes whose operation is gone, for which all that have any are looked at once.
 *
 * <p><b>Threads</b>: main context and writer; one lock, held for moments.
 */
final class Removals implements Write {

  /** How many rows go in a transaction: at most some 64 KiB each. */
  private static final int ROWS = 16;

  /** How many operations are looked at in a transaction. */
  private static final int OPERATIONS = 200;

  private final WriteQueue queue;

  // Guarded by this.
  private final Set<ManifestId> held = new HashSet<>();
  private final Deque<OperationId> forgotten = new ArrayDeque<>();
  private boolean underWay;

  // The writer's; a transaction that fails has these looked at again.
  private boolean mayBeManifests;
  private @Nullable OperationId swept;
  private boolean sweeps;

  Removals(WriteQueue queue) {
    this.queue = queue;
  }

  /** Looks for what is left from before the service began. */
  synchronized void begin(Statements statements) throws SQLException {
    mayBeManifests = !statements.manifests().ofNobody(1).isEmpty();
    sweeps = statements.items().nextWithSome(null) != null;
    if (mayBeManifests || sweeps) {
      stepLater();
    }
  }

  /** There are manifests of nobody. */
  synchronized void wake() {
    mayBeManifests = true;
    stepLater();
  }

  /** Operations are gone, and maybe had outcomes of items. */
  synchronized void forgotten(Collection<Forgotten> operations) {
    if (!operations.isEmpty()) {
      operations.forEach(operation -> forgotten.add(operation.id()));
      stepLater();
    }
  }

  /** Keeps a manifest that belongs to nobody; returns whether that is new. */
  synchronized boolean hold(ManifestId manifest) {
    return held.add(manifest);
  }

  /** Keeps it no longer, if it still belongs to nobody. */
  synchronized void release(ManifestId manifest) {
    if (held.remove(manifest)) {
      wake();
    }
  }

  private void stepLater() {
    if (!underWay) {
      underWay = true;
      queue.putInTurn(this);
    }
  }

  @Override
  public synchronized void write(Statements statements) throws SQLException {
    if (mayBeManifests) {
      removeManifests(statements);
    } else if (!forgotten.isEmpty()) {
      removeItemBlocks(statements);
    } else if (sweeps) {
      sweep(statements);
    }
  }

  private void removeManifests(Statements statements) throws SQLException {
    for (UUID manifest : statements.manifests().ofNobody(held.size() + 1)) {
      if (!held.contains(new ManifestId(manifest))) {
        statements.manifests().removeChunks(manifest, ROWS);
        return;
      }
    }
    mayBeManifests = false;
  }

  private void removeItemBlocks(Statements statements) throws SQLException {
    int rows = 0;
    for (int i = 0; i < OPERATIONS && rows < ROWS && !forgotten.isEmpty(); i++) {
      int removed = statements.items().removeSome(forgotten.getFirst(), ROWS - rows);
      rows += removed;
      if (rows < ROWS) {
        forgotten.removeFirst();
      }
    }
  }

  private void sweep(Statements statements) throws SQLException {
    for (int i = 0; i < OPERATIONS; i++) {
      OperationId next = statements.items().nextWithSome(swept);
      if (next == null) {
        sweeps = false;
        return;
      }
      swept = next;
      if (!statements.isThere(next)) {
        forgotten.add(next);
      }
    }
  }

  /** After a failure it goes on with whatever comes next, or with the next start. */
  @Override
  public synchronized void ended(@Nullable OperationException failure) {
    underWay = false;
    boolean isMore = mayBeManifests || sweeps || !forgotten.isEmpty();
    if (isMore && failure == null) {
      stepLater();
    }
  }
}
