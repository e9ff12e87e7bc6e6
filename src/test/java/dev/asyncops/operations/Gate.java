package dev.asyncops.operations;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds the thread that comes to it until the test opens it. */
final class Gate {

  private static final int PATIENCE_SECONDS = 20;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** The worker: waits here, if it is the one that is meant. */
  void passIf(boolean meant) {
    if (meant) {
      reached.countDown();
      await(open);
    }
  }

  /** The test: waits until a worker waits. */
  void awaitReached() {
    await(reached);
  }

  /** Whether a worker waits, or did. */
  boolean isReached() {
    return reached.getCount() == 0;
  }

  /** The test: lets the worker go on, and all that come later. */
  void open() {
    open.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Nobody came to the gate.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted at the gate.", e);
    }
  }
}
