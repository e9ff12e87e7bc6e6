package dev.asyncops.registry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;

/**
 * Tells others what happened, one notice after the other.
 *
 * <p>What is told from inside a notice waits until that one is through, so that everybody hears of
 * everything in the order in which it happened. A notice that throws is logged, and the next one is
 * told all the same.
 *
 * <p><b>Threads</b>: main context only.
 */
final class Notices {

  private static final Logger LOG = System.getLogger(Notices.class.getName());

  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean telling;

  /** Tells now, or after what is being told. */
  void tell(Runnable notice) {
    waiting.add(notice);
    if (telling) {
      return;
    }
    telling = true;
    try {
      for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
        guarded(next);
      }
    } finally {
      telling = false;
    }
  }

  /** Runs a notice; one that throws is logged. */
  static void guarded(Runnable notice) {
    try {
      notice.run();
    } catch (VirtualMachineError e) {
      throw e; // the main context reports that the process is in doubt (M16)
    } catch (Throwable e) { // the others are told all the same
      LOG.log(Level.ERROR, "A listener failed.", e);
    }
  }
}
