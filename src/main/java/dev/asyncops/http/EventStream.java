package dev.asyncops.http;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;

/**
 * One stream to one client: sends what its cursor gives, as fast as the client takes it and no
 * faster. It completes after the end of its operation, or when the service ends.
 *
 * <p><b>Threads</b>: any; never blocks. Who comes while another thread sends leaves it to that one.
 */
final class EventStream {

  private final FluxSink<StreamEvent> sink;
  private final EventCursor cursor;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean heartbeatDue;
  private volatile boolean ending;

  EventStream(FluxSink<StreamEvent> sink, EventCursor cursor) {
    this.sink = sink;
    this.cursor = cursor;
  }

  /** Sends what there is. */
  void send() {
    if (calls.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      sendAll();
      seen = calls.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Sends a sign of life, if there is nothing else. */
  void heartbeat() {
    heartbeatDue = true;
    send();
  }

  /** Completes the stream, after what there is; a client that does not read gets no more. */
  void end() {
    ending = true;
    send();
  }

  private void sendAll() {
    while (!sink.isCancelled() && sink.requestedFromDownstream() > 0) {
      StreamEvent next = next();
      if (next == null) {
        break;
      }
      sink.next(next);
    }
    if (cursor.isOver() || (ending && cursor.isUnderWay())) {
      sink.complete();
    }
  }

  private @Nullable StreamEvent next() {
    StreamEvent next = cursor.next();
    if (next == null && heartbeatDue && !cursor.isOver()) {
      next = Pulse.HEARTBEAT;
    }
    heartbeatDue = false;
    return next;
  }
}
