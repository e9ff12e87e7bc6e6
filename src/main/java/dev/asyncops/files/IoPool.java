package dev.asyncops.files;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Priority;

/**
 * The worker threads of a root: a bounded number of platform threads, shared fairly.
 *
 * <p>Each operation has a {@link Lane} of its own. A free worker serves lanes whose cancellable is
 * cancelled first, so that what is to stop gets out of the way, then the best priority, and lanes
 * of equal priority in turn; inside a lane work is done in order (R12).
 */
public final class IoPool implements AutoCloseable {

  /** The work of one operation. */
  public interface Lane extends AutoCloseable {

    /** Has the work done by one of the workers, after the lane's work before it. Never blocks. */
    void execute(Runnable work);

    /** Serves the lane at another priority from now on. */
    void setPriority(Priority priority);

    /** Ends the lane; what it still holds is done all the same. */
    @Override
    void close();
  }

  /** A lane for an operation. Any thread. */
  public Lane openLane(Priority priority, Cancellable cancellable) {
    throw new UnsupportedOperationException();
  }

  /** Takes no more work, and ends the threads when what is there is done. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
