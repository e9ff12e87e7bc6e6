package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The paths of one call of a delete-batch, wherever they are kept: below each root in the order of
 * the call, numbered from 0. They never change.
 */
public interface BatchPaths {

  /** How many paths there are below each root that has any. Any thread; never blocks. */
  Map<String, Long> sizes();

  /**
   * Some paths below a root in a row: the one at this position, and maybe more that follow it. Any
   * thread; may block, unless they are {@linkplain #isAtHand at hand}.
   *
   * @param position less than the root's size
   * @throws OperationException STORE_UNAVAILABLE if they cannot be read
   */
  List<RootPath> read(String root, long position) throws OperationException;

  /** Whether reading never blocks and never fails. */
  boolean isAtHand();

  /** About how many bytes of memory they take; none to speak of unless they are at hand. */
  default long memory() {
    return 0;
  }

  /** How many there are in all. */
  default long total() {
    return sizes().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Paths that are in memory. Copies them; linear, so not on the main context (P15). */
  static BatchPaths of(Collection<RootPath> paths) {
    return ListedPaths.of(paths);
  }
}
