package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An event with an operation, written once however many streams send it.
 *
 * <p><b>Threads</b>: any.
 */
final class OperationEvent implements StreamEvent {

  private final EventName name;
  private final long position;
  private final @Nullable String id;
  private final OperationSnapshot operation;

  /** Made when the first stream sends it; guarded by this. */
  private byte @Nullable [] serverSent;

  /**
   * An event.
   *
   * @param position its place among the events of the stream
   * @param id the same as the client sees it; null if it must not come back from here
   */
  OperationEvent(EventName name, long position, @Nullable String id, OperationSnapshot operation) {
    this.name = name;
    this.position = position;
    this.id = id;
    this.operation = operation;
  }

  EventName name() {
    return name;
  }

  long position() {
    return position;
  }

  OperationSnapshot operation() {
    return operation;
  }

  @Override
  public synchronized byte[] serverSent() {
    byte[] written = serverSent;
    if (written == null) {
      written = ServerSentEvents.write(name, id, OperationBody.of(operation));
      serverSent = written;
    }
    return written;
  }

  /** Gives the memory of what was written back; it is written again if need be. */
  synchronized void forgetWritten() {
    serverSent = null;
  }
}
