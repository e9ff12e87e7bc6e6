package dev.asyncops.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** What keeps a stream alive and tells nothing of operations. */
enum Pulse implements StreamEvent {
  /** The first of each stream: so that the client sees at once that it has begun. */
  OPENING {
    // With the time until a client that was cut off comes back: not all of them at once.
    @Override
    public byte[] serverSent() {
      int millis = ThreadLocalRandom.current().nextInt(LEAST_RETRY_MILLIS, MOST_RETRY_MILLIS);
      return "retry: %d\n\n".formatted(millis).getBytes(StandardCharsets.UTF_8);
    }
  },
  /** Nothing for a while: the client and what is in between see that the stream is alive. */
  HEARTBEAT {
    @Override
    public byte[] serverSent() {
      return ":\n\n".getBytes(StandardCharsets.UTF_8);
    }
  };

  private static final int LEAST_RETRY_MILLIS = 1000;
  private static final int MOST_RETRY_MILLIS = 3000;
}
