package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import java.util.function.Supplier;

/**
 * Goes through the events of one operation; never back in revisions.
 *
 * <p>An operation that is over is shown whole without an id: a client that was cut off then has yet
 * to hear of the end.
 */
final class OperationCursor extends EventCursor {

  private final EventIds ids;
  private final Supplier<OperationSnapshot> newest;

  /**
   * A cursor.
   *
   * @param newest the operation as it stands; if it is over, its end is in the backlog
   */
  OperationCursor(OperationBacklog backlog, long position, Supplier<OperationSnapshot> newest) {
    super(backlog, position);
    ids = backlog.ids();
    this.newest = newest;
  }

  @Override
  long newest() {
    return newest.get().revision();
  }

  @Override
  boolean isLast(OperationEvent event) {
    return event.name() == EventName.END;
  }

  @Override
  OperationEvent whole(EventName name) {
    OperationSnapshot now = newest.get();
    long revision = now.revision();
    boolean over = now.state().isTerminal();
    moveTo(over ? revision - 1 : revision);
    return new OperationEvent(name, revision, over ? null : ids.at(revision), now);
  }
}
