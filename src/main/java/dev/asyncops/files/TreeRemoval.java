package dev.asyncops.files;

import dev.asyncops.async.OperationException;

/**
 * A tree that is being removed, directories this service made and closed to itself included.
 *
 * <p><b>Threads</b>: one at a time, which may block.
 */
public interface TreeRemoval extends AutoCloseable {

  /**
   * Removes at most so many entries.
   *
   * @return whether there may be more
   */
  boolean step(int atMost) throws OperationException;

  /** Gives the directories back; what was not removed stays. Never throws. */
  @Override
  void close();
}
