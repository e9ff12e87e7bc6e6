package dev.asyncops.async;

/**
 * Hears how a {@link MainContext} is doing: the border at which metrics are taken.
 *
 * <p><b>Threads</b>: called on the thread that dispatches, or on the one that reports; must not
 * block and must not throw.
 */
public interface MainContextListener {

  /** Hears nothing. A context with this listener reads no clock while it dispatches. */
  MainContextListener NONE = new MainContextListener() {};

  /**
   * An iteration takes a batch.
   *
   * @param waitNanos how long the oldest entry of the batch had waited
   */
  default void batchTaken(Priority priority, long waitNanos) {}

  /** An entry ran; {@code runNanos} is how long it took. */
  default void entryRan(Priority priority, long runNanos) {}

  /** A callback threw; it is logged already (M16, T25). */
  default void callbackFailed() {}

  /** A callback ran for longer than it may; it is logged already (M20). */
  default void callbackSlow() {}

  /** A task with a callback was dropped without ever having been returned (T24). */
  default void taskUnreturned() {}
}
