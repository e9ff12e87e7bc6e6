package dev.asyncops.http;

import dev.asyncops.registry.Reach;
import java.util.function.Supplier;

/** Goes through the states and ends of all operations. How things stand are the counts. */
final class ServiceCursor extends EventCursor {

  private final ServiceBacklog backlog;
  private final Supplier<SummaryBody> summary;
  private final Reach reach;

  /**
   * A cursor.
   *
   * @param summary the counts as they stand; they have at least what is in the backlog
   * @param reach only what exists for who reaches this
   */
  ServiceCursor(ServiceBacklog backlog, long position, Supplier<SummaryBody> summary, Reach reach) {
    super(backlog, position);
    this.backlog = backlog;
    this.summary = summary;
    this.reach = reach;
  }

  @Override
  long newest() {
    return backlog.newest();
  }

  @Override
  boolean isShown(OperationEvent event) {
    return reach.has(event.operation());
  }

  @Override
  boolean isLast(OperationEvent event) {
    return false;
  }

  @Override
  SummaryEvent whole(EventName name) {
    long position = backlog.newest();
    moveTo(position);
    return new SummaryEvent(name, backlog.ids().at(position), summary.get());
  }
}
