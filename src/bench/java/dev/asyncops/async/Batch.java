package dev.asyncops.async;

/**
 * A batch of callbacks on one thread, and a second thread that waits for the last of them.
 *
 * <p>Its size bounds the backlog, so that nobody is measured by how well he swaps memory.
 */
final class Batch {

  static final int SIZE = 10_000;

  private final int size;

  /** Confined to the thread that runs the callbacks. */
  private int ran;

  private volatile boolean over;

  Batch(int size) {
    this.size = size;
  }

  /** One callback; on the thread that runs them all. */
  void ran() {
    ran++;
    if (ran == size) {
      ran = 0;
      over = true;
    }
  }

  /**
   * Waits for the last callback and begins anew. It yields instead of parking, so that waking the
   * waiter is no part of a ping; and instead of spinning, so that it leaves its core to the
   * callbacks when the machine is busy.
   */
  void await() {
    while (!over) {
      Thread.yield();
    }
    over = false;
  }
}
