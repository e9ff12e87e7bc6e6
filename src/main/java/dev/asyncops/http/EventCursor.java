package dev.asyncops.http;

import org.jspecify.annotations.Nullable;

/**
 * Where a stream is among the events that it sends: first how things stand, or what its client has
 * missed, then what is new. It has nothing of its own but its position, so that a stream whose
 * client does not read costs nothing more.
 *
 * <p><b>Threads</b>: one at a time.
 */
abstract class EventCursor {

  /** Events that streams may still have to send. */
  interface Backlog {

    /** The first event after a position; null if there is none. */
    @Nullable OperationEvent after(long position);

    /** Whether there may have been events after a position that are not here any more. */
    boolean hasLost(long position);
  }

  private final Backlog backlog;
  private long position;
  private boolean opened;
  private boolean underWay;
  private boolean over;

  /**
   * A cursor.
   *
   * @param position what the client has heard of, or {@link EventIds#NONE} or {@link
   *     EventIds#FOREIGN}
   */
  EventCursor(Backlog backlog, long position) {
    this.backlog = backlog;
    this.position = position;
  }

  /** What the stream sends next; null if there is nothing, yet or any more. */
  final @Nullable StreamEvent next() {
    if (!opened) {
      opened = true;
      return Pulse.OPENING;
    }
    boolean begins = !underWay;
    underWay = true;
    if (begins && position == EventIds.NONE) {
      return whole(EventName.SNAPSHOT);
    }
    if (backlog.hasLost(position) || (begins && position > newest())) {
      return whole(EventName.RESYNC);
    }
    OperationEvent next = backlog.after(position);
    while (next != null) {
      position = next.position();
      if (isShown(next)) {
        over = isLast(next);
        return next;
      }
      next = backlog.after(position);
    }
    return null;
  }

  /** Whether the last event of the stream was given. */
  final boolean isOver() {
    return over;
  }

  /** Whether the client knows how things stand, and has only to hear of what is new. */
  final boolean isUnderWay() {
    return underWay;
  }

  /** The cursor goes on after this. */
  final void moveTo(long reached) {
    position = reached;
  }

  /** The greatest position that a client can have heard of. */
  abstract long newest();

  /** Whether the stream has this one; it goes on after it in any case. */
  boolean isShown(OperationEvent event) {
    return true;
  }

  /** Whether nothing comes after this. */
  abstract boolean isLast(OperationEvent event);

  /** How things stand; the cursor is moved to where that is. */
  abstract StreamEvent whole(EventName name);
}
