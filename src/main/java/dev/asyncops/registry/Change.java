package dev.asyncops.registry;

import dev.asyncops.async.OperationException;

/** The answer to a change. */
public sealed interface Change {

  /**
   * The operation has the settings, and that is saved.
   *
   * @param operation as it stands then
   */
  record Made(OperationSnapshot operation) implements Change {}

  /**
   * Nothing was changed.
   *
   * @param reason what the {@link OperationChange} threw
   */
  record Declined(RuntimeException reason) implements Change {}

  /**
   * It cannot be done.
   *
   * @param error CLOSED, NOT_SUPPORTED or DRAINING, and nothing was changed; STORE_UNAVAILABLE if
   *     it could not be saved: then it may be in force, and lost in a crash
   */
  record Refused(OperationException error) implements Change {}

  /** There is no such live operation; one that is over may be remembered. */
  record NotLive() implements Change {}
}
