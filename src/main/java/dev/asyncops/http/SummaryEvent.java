package dev.asyncops.http;

/**
 * The counts of the service, where a stream about all operations begins or goes on after a gap.
 *
 * @param id where in the stream this is
 */
record SummaryEvent(EventName name, String id, SummaryBody summary) implements StreamEvent {

  @Override
  public byte[] serverSent() {
    return ServerSentEvents.write(name, id, summary);
  }
}
