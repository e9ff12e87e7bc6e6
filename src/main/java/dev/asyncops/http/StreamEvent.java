package dev.asyncops.http;

/** One thing that a stream of events sends. */
sealed interface StreamEvent permits OperationEvent, SummaryEvent, Pulse {

  /** As server-sent event, in UTF-8. The array is shared and must not be changed. */
  byte[] serverSent();
}
