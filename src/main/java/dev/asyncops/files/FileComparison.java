package dev.asyncops.files;

import dev.asyncops.async.OperationException;

/**
 * A regular file and what may be a copy of it, open to be read side by side.
 *
 * <p><b>Threads</b>: one at a time, which may block.
 */
public final class FileComparison implements AutoCloseable {

  private final Verification verification;
  private final Runnable closing;

  /** Closing gives back what the contents are read from. */
  FileComparison(Verification verification, Runnable closing) {
    this.verification = verification;
    this.closing = closing;
  }

  /**
   * Compares on, at most so many bytes; 0 at the end. VERIFY_FAILED as soon as they differ, in
   * their lengths too.
   */
  public long step(long atMost) throws OperationException {
    return verification.step(atMost);
  }

  /** Gives the files back; never throws. */
  @Override
  public void close() {
    closing.run();
  }
}
