package dev.asyncops.registry;

import java.util.function.BooleanSupplier;

/**
 * How many outcomes of items wait to be stored, of all operations together, and how many may: more
 * while the store is at work than when it is known to fail, because a slow disk catches up.
 *
 * <p><b>Threads</b>: main context only.
 */
final class WaitingItems {

  /** So many may wait while the store fails: some 30 MB. */
  static final int MAX_WHILE_FAILING = 100_000;

  /** So many may wait in any case. */
  static final int MAX = 400_000;

  private final BooleanSupplier failing;
  private long waiting;

  /**
   * None wait.
   *
   * @param failing whether the store is known to fail
   */
  WaitingItems(BooleanSupplier failing) {
    this.failing = failing;
  }

  /** One more waits. */
  void added() {
    waiting++;
  }

  /** So many are stored, or not to be stored any more. */
  void removed(long items) {
    waiting -= items;
  }

  /** Whether more wait than may. */
  boolean areTooMany() {
    return waiting > MAX_WHILE_FAILING && (waiting > MAX || failing.getAsBoolean());
  }
}
