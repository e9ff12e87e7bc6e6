package dev.asyncops.registry;

/**
 * Where an operation stands.
 *
 * <pre>
 * QUEUED ─► RUNNING ─► SUCCEEDED | PARTIAL | FAILED
 *    │         │
 *    │         └─ cancel ─► CANCELLING ─► CANCELLED | SUCCEEDED | PARTIAL | FAILED
 *    └─ cancel ─► CANCELLED
 *
 * QUEUED or RUNNING ─ pause ─► PAUSED ─ go on ─► QUEUED
 * </pre>
 *
 * <p>What waits or is PAUSED may have been begun before; cancelled then, it is CANCELLING while it
 * removes what that left.
 *
 * <p>The state says what happened, not what was asked for: work that won the race against its
 * cancel ends as it ended. A terminal state is final (A8).
 */
public enum OperationState {
  /** Admitted, and waits for a place. */
  QUEUED,
  /** Started. */
  RUNNING,
  /** Rests until it is told to go on: waits for no place, and nothing of it is under way. */
  PAUSED,
  /** Begun once, and asked to stop. */
  CANCELLING,
  /** Over: every item accounted for, none failed. */
  SUCCEEDED,
  /** Over: some items succeeded, some failed. */
  PARTIAL,
  /** Over: no item succeeded, or the operation itself failed. */
  FAILED,
  /** Over: stopped before it was done. */
  CANCELLED;

  /** Whether nothing changes any more. */
  public boolean isTerminal() {
    return compareTo(SUCCEEDED) >= 0;
  }
}
