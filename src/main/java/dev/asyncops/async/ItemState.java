package dev.asyncops.async;

/** How one item of an operation ended. */
public enum ItemState {
  /** Done. */
  SUCCEEDED,
  /** Tried and failed; the item's code says why. */
  FAILED,
  /** Left as it was on purpose. */
  SKIPPED,
  /** Not touched, or undone, because the operation was cancelled or ended early. */
  CANCELLED
}
