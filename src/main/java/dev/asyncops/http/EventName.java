package dev.asyncops.http;

import java.util.Locale;

/** What an event of a stream tells; see {@code event} in the stream. */
enum EventName {
  /** How it stands when the stream begins. */
  SNAPSHOT,
  /** An operation was admitted, or entered another state in which it goes on. */
  STATE,
  /** The counts of an operation changed. */
  PROGRESS,
  /** How it stands now; what was before cannot be told any more. */
  RESYNC,
  /** An operation is over. */
  END;

  /** As it stands in the stream. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
