package dev.asyncops.registry;

import dev.asyncops.async.OperationException;

/** The answer to a cancel. */
public sealed interface Cancellation {

  /**
   * The operation was asked to stop, or is over.
   *
   * @param operation as it stands then
   */
  record Asked(OperationSnapshot operation) implements Cancellation {}

  /**
   * The operation stops, but that could not be saved: after a crash it would go on.
   *
   * @param error STORE_UNAVAILABLE
   */
  record Unsaved(OperationException error) implements Cancellation {}

  /** There is no such live operation; one that is over may be remembered. */
  record NotLive() implements Cancellation {}
}
