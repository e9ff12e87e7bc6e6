package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.Set;

/**
 * A regular file that is being copied: all {@link #step}s, then maybe all {@link #verifyStep}s and
 * {@link #flushStep}s, then {@link #finish}.
 *
 * <p>Unless it is finished, closing it removes what was written. The source is read as long as it
 * was when it was opened; if its size, its time of change or its identity are others at the end,
 * finishing fails with SOURCE_CHANGED.
 *
 * <p>Holes: the data goes from file to file in the kernel, which shares it where the file system
 * can (Btrfs, XFS, …). On Linux holes stay holes; {@code java.nio} keeps them only where content is
 * shared, and fills them with zeros elsewhere.
 *
 * <p><b>Threads</b>: one at a time, which may block.
 */
public interface FileCopy extends AutoCloseable {

  /** The most that one step moves: 8 MiB. */
  long CHUNK = 8L << 20;

  /** The source, as it was when it was opened. */
  FileStatus source();

  /** Copies on, at most so many bytes and at most a {@link #CHUNK}; 0 at the end. */
  long step(long atMost) throws OperationException;

  /** Has the system begin to put on disk what was copied so far; does not wait. */
  void startFlush();

  /**
   * Waits until more of what was copied is on disk, at most so many bytes; 0 at the end. Without
   * it, finishing takes that much longer; its length and attributes are put there by finishing
   * only.
   */
  long flushStep(long atMost) throws OperationException;

  /**
   * Reads on and compares source and copy, at most so many bytes; 0 at the end. VERIFY_FAILED if
   * they differ. The copy is read through the system's cache.
   */
  long verifyStep(long atMost) throws OperationException;

  /** The digest of what was verified, in hex, once that is over. */
  String sha256();

  /**
   * Gives the copy its attributes and closes it; it stays. Without {@link KeptAttribute#MODE} it
   * gets the source's permissions less the process's umask.
   *
   * @param durable whether its content has to be on disk
   */
  void finish(Set<KeptAttribute> attributes, boolean durable) throws OperationException;

  /**
   * Removes the copy unless it was finished; never throws. What is left to {@link #close} changes
   * nothing that anybody sees, but may take long: the system gives the blocks of a large file back
   * when it is closed.
   */
  void giveUp();

  /** Gives it up unless it was finished, and closes it; never throws. */
  @Override
  void close();
}
