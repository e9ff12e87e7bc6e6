package dev.asyncops.http;

import java.util.function.Supplier;

/** Goes through the states and ends of all operations. How things stand are the counts. */
final class ServiceCursor extends EventCursor {

  private final ServiceBacklog backlog;
  private final Supplier<SummaryBody> summary;

  /**
   * A cursor.
   *
   * @param summary the counts as they stand; they have at least what is in the backlog
   */
  ServiceCursor(ServiceBacklog backlog, long position, Supplier<SummaryBody> summary) {
    super(backlog, position);
    this.backlog = backlog;
    this.summary = summary;
  }

  @Override
  long newest() {
    return backlog.newest();
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
