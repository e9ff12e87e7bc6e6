package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to operations: the border at which metrics, the log and event streams are fed.
 *
 * <p><b>Threads</b>: main context only; must not block. One that throws is logged and the others
 * are told all the same. Each hears of everything in the order in which it happened, also of what a
 * listener itself brings about: that is told afterwards.
 */
public interface OperationListener {

  /**
   * A new snapshot was published.
   *
   * @param before the one it replaces; null at admission
   */
  default void published(@Nullable OperationSnapshot before, OperationSnapshot after) {}

  /**
   * An item of a live operation ended, whatever its report keeps (P9).
   *
   * @param operation the newest snapshot, which need not count the item yet
   */
  default void itemEnded(OperationSnapshot operation, ItemResult item) {}

  /** A submission was refused. */
  default void refused(String kind, ErrorCode reason) {}

  /** An operation from before the service began goes on, or is brought to its end. */
  default void recovered(Recovery how) {}

  /** Finished operations were forgotten (L9). */
  default void forgotten(int operations) {}
}
