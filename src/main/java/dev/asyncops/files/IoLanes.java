package dev.asyncops.files;

import dev.asyncops.async.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that have work, in the order of their turns: a row of cancelled ones, then one for each
 * priority. A lane that was served goes to the end of its row (R12). The pool's lock guards it.
 */
final class IoLanes {

  /** A piece of work, and the lane it is counted in while it runs. */
  record Turn(IoLane lane, Runnable piece) {}

  private final Row cancelled = new Row();
  private final Map<Priority, Row> rows = new EnumMap<>(Priority.class);

  IoLanes() {
    for (Priority priority : Priority.values()) {
      rows.put(priority, new Row());
    }
  }

  /** Puts the lane at the end of its row, unless it is in one or has no work to be done now. */
  void add(IoLane lane) {
    if (lane.row == null && lane.pieces() > 0) {
      Row row = lane.cancelled ? cancelled : rows.get(lane.priority);
      if (row == null) {
        throw new NoSuchElementException();
      }
      row.append(lane);
    }
  }

  /** Takes the lane out of its row, if it is in one. */
  void remove(IoLane lane) {
    if (lane.row != null) {
      lane.row.unlink(lane);
    }
  }

  /** The next piece of work; there must be one. */
  Turn take() {
    IoLane lane = firstLane();
    remove(lane);
    Runnable piece = lane.work.remove();
    lane.running++;
    add(lane);
    return new Turn(lane, piece);
  }

  private IoLane firstLane() {
    if (cancelled.first != null) {
      return cancelled.first;
    }
    for (Row row : rows.values()) { // best priority first
      if (row.first != null) {
        return row.first;
      }
    }
    throw new NoSuchElementException();
  }

  /** Lanes that take turns: a list threaded through them, so that any can leave at once. */
  static final class Row {

    private @Nullable IoLane first;
    private @Nullable IoLane last;

    private void append(IoLane lane) {
      IoLane tail = last;
      lane.row = this;
      lane.previous = tail;
      if (tail == null) {
        first = lane;
      } else {
        tail.next = lane;
      }
      last = lane;
    }

    private void unlink(IoLane lane) {
      IoLane before = lane.previous;
      IoLane after = lane.next;
      if (before == null) {
        first = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.previous = before;
      }
      lane.row = null;
      lane.previous = null;
      lane.next = null;
    }
  }
}
