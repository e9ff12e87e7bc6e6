package dev.asyncops.http;

/** Shows a stream of events to people. Used by one stream, an event after the other. */
interface EventText {

  /** What is shown of an event; empty if nothing is. */
  String of(StreamEvent event);
}
