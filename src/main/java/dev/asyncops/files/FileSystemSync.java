package dev.asyncops.files;

import dev.asyncops.async.OperationException;

/**
 * Puts all that was written to a file system on disk in one go: content, names and attributes.
 *
 * <p>That is one call for a tree of any size. It is the whole file system's, though, so it also
 * waits for what others have written there, and is no good for a file or two.
 *
 * <p><b>Threads</b>: any, which may block. <b>Cancellation</b>: none; what it does changes nothing,
 * so whoever is cancelled need not wait for it.
 */
public interface FileSystemSync extends AutoCloseable {

  /**
   * Waits until it is on disk; fails if anything could not be written since this was opened, even
   * if that was somebody else's.
   */
  void run() throws OperationException;

  /** Gives the file system back; never throws. */
  @Override
  void close();
}
