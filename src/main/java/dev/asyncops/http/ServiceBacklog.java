package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The last states and ends of all operations, in a ring. Their positions count from 1.
 *
 * <p><b>Threads</b>: any; what is done inside the lock does not depend on how many streams there
 * are.
 */
final class ServiceBacklog implements EventCursor.Backlog {

  /** So many events are kept. */
  static final int SIZE = 2048;

  /** Of so many the text is kept, too: a stream that keeps up is not further behind. */
  private static final int WRITTEN = 256;

  private final EventIds ids;

  // Guarded by this.
  private final @Nullable OperationEvent[] ring = new OperationEvent[SIZE];
  private long newest;

  ServiceBacklog(EventIds ids) {
    this.ids = ids;
  }

  EventIds ids() {
    return ids;
  }

  /** An operation is in another state. */
  synchronized void entered(OperationSnapshot now) {
    newest++;
    EventName name = now.state().isTerminal() ? EventName.END : EventName.STATE;
    ring[slot(newest)] = new OperationEvent(name, newest, ids.at(newest), now);
    OperationEvent old = ring[slot(newest + SIZE - WRITTEN)];
    if (old != null) {
      old.forgetWritten();
    }
  }

  /** The position of the newest event; 0 if there is none. */
  synchronized long newest() {
    return newest;
  }

  @Override
  public synchronized @Nullable OperationEvent after(long position) {
    return position < newest ? ring[slot(position + 1)] : null;
  }

  @Override
  public synchronized boolean hasLost(long position) {
    return position < Math.max(0, newest - SIZE);
  }

  private static int slot(long position) {
    return (int) (position % SIZE);
  }
}
