package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of one operation that streams may still have to send: its last states, and its newest
 * progress. The position of an event is the revision of its operation.
 *
 * <ul>
 *   <li>Progress is merged: the newest replaces what was before, and goes with the next state.
 *   <li>The end is there once, and nothing after it.
 *   <li>A stream has no events of its own; it remembers its position here.
 * </ul>
 *
 * <p><b>Threads</b>: any; what is done inside the lock does not depend on how many streams there
 * are.
 */
final class OperationBacklog implements EventCursor.Backlog {

  /** So many states are kept; they are few in a life, unless somebody plays with it. */
  static final int MAX_STATES = 16;

  private final EventIds ids;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

  // Guarded by this.
  private final ArrayDeque<OperationEvent> states = new ArrayDeque<>(4);
  private @Nullable OperationEvent progress;
  private @Nullable OperationSnapshot unshown;
  private boolean over;
  private boolean begun;
  private boolean announced;

  /** What happened up to this revision is not known here. */
  private long lostUpTo;

  OperationBacklog(EventIds ids) {
    this.ids = ids;
  }

  EventIds ids() {
    return ids;
  }

  /** Those who hear of changes; a concurrent set. */
  Set<EventStream> streams() {
    return streams;
  }

  /** All that happens after this snapshot is told here. The first one counts. */
  synchronized void begin(OperationSnapshot now) {
    if (!begun) {
      begun = true;
      lostUpTo = now.state().isTerminal() ? now.revision() - 1 : now.revision();
    }
  }

  /** The operation is in another state; false if it was over before. */
  synchronized boolean entered(OperationSnapshot now) {
    if (over) {
      return false;
    }
    over = now.state().isTerminal();
    states.add(event(over ? EventName.END : EventName.STATE, now));
    progress = null;
    unshown = null;
    if (states.size() > MAX_STATES) {
      lostUpTo = Math.max(lostUpTo, states.remove().position());
    }
    return true;
  }

  /** Its counts are others; whether it has to be {@linkplain #showProgress shown} some time. */
  synchronized boolean progressed(OperationSnapshot now) {
    if (over) {
      return false;
    }
    boolean first = unshown == null;
    unshown = now;
    return first;
  }

  /** Makes the newest progress an event; whether there was any. */
  synchronized boolean showProgress() {
    if (unshown == null) {
      return false;
    }
    progress = event(EventName.PROGRESS, unshown);
    unshown = null;
    return true;
  }

  @Override
  public synchronized @Nullable OperationEvent after(long position) {
    for (OperationEvent state : states) {
      if (state.position() > position) {
        return state;
      }
    }
    return progress != null && progress.position() > position ? progress : null;
  }

  @Override
  public synchronized boolean hasLost(long position) {
    return position < lostUpTo;
  }

  /** Whether the end is at this position; it stays there whatever is changed of it later on. */
  synchronized boolean isEnd(long position) {
    return over && states.getLast().position() == position;
  }

  /** Whether somebody has to tell the streams, and nobody is about to do so. */
  synchronized boolean announce() {
    if (announced || streams.isEmpty()) {
      return false;
    }
    announced = true;
    return true;
  }

  /** The streams are being told. */
  synchronized void announced() {
    announced = false;
  }

  private OperationEvent event(EventName name, OperationSnapshot now) {
    return new OperationEvent(name, now.revision(), ids.at(now.revision()), now);
  }
}
