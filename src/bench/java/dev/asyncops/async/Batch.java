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

  /** Waits for the last callback, without the cost of being woken up, and begins anew. */
  void await() {
    while (!over) {
      Thread.onSpinWait();
    }
    over = false;
  }
}
