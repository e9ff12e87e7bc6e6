package dev.asyncops.store;

import dev.asyncops.registry.Attachments;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * What waits to be written, in the order in which it came. An operation waits with one snapshot at
 * most, the newest, so there is no more here than there are live operations, starts on their way
 * and joins.
 *
 * <p><b>Threads</b>: the main context puts, the writer takes; one lock, held for moments.
 */
final class WriteQueue {

  // Guarded by this.
  private List<Write> waiting = new ArrayList<>();
  private final Map<OperationId, SaveWrite> saves = new HashMap<>();
  private final Queue<Write> inTurn = new ArrayDeque<>();
  private boolean writerSleeps;
  private boolean closed;

  synchronized void put(Write write) {
    waiting.add(write);
    wakeWriter();
  }

  /**
   * Puts something large: of all such only one goes into a transaction, so that nobody else waits
   * for more. Dropped if this is closed.
   */
  synchronized void putInTurn(Write write) {
    if (!closed) {
      inTurn.add(write);
      wakeWriter();
    }
  }

  /** Puts a snapshot, in the place of an older one of its operation if that still waits. */
  synchronized void save(
      OperationSnapshot operation, Attachments attachments, SaveCallback callback) {
    SaveWrite earlier = saves.get(operation.id());
    if (earlier != null) {
      earlier.merge(operation, attachments, callback);
    } else {
      SaveWrite save = new SaveWrite(operation, attachments, callback);
      saves.put(operation.id(), save);
      waiting.add(save);
      wakeWriter();
    }
  }

  /**
   * Takes all that waits, of what is large one, and sleeps until something does; empty once this is
   * closed.
   */
  synchronized List<Write> takeAll() {
    boolean interrupted = false;
    while (waiting.isEmpty() && inTurn.isEmpty() && !closed) {
      writerSleeps = true;
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // nobody has a reason to: the end comes by closing
      }
      writerSleeps = false;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Write large = inTurn.poll();
    if (large != null) {
      waiting.add(large);
    }
    List<Write> all = waiting;
    waiting = new ArrayList<>();
    saves.clear();
    return all;
  }

  /** What waits is still taken; then there is nothing more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** A writer that is at work looks here by itself when it is done. */
  private void wakeWriter() {
    if (writerSleeps) {
      notifyAll();
    }
  }
}
