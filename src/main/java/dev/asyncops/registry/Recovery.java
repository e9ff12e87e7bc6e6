package dev.asyncops.registry;

/** How it went on with an operation that was not over when the service ended. */
public enum Recovery {
  /** It runs again, under its id. */
  RESUMED,
  /** It was being cancelled: what it left is cleaned up and it ends CANCELLED. */
  CANCELLED,
  /** It cannot be done again: it ends FAILED with INTERRUPTED. */
  INTERRUPTED,
  /** It is not possible any more, its root being gone, say: it ends FAILED with that error. */
  FAILED
}
