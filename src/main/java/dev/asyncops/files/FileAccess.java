package dev.asyncops.files;

import dev.asyncops.async.OperationException;

/**
 * The file system below the roots: the only place where this service touches it.
 *
 * <p>Every call resolves its path inside its root; one that a symbolic link in a parent leads out
 * of the root fails with PERMISSION_DENIED. What changes something below a read-only root fails
 * with READ_ONLY. The last segment of a path is never followed unless a method says so.
 *
 * <p><b>Threads</b>: any thread that may block: workers of an {@link IoPool}, never the main
 * context or an event loop. <b>Cancellation</b>: none; every call is short, or moves at most one
 * chunk.
 */
public interface FileAccess {

  /** What is there, links not followed; NOT_FOUND if nothing is. */
  FileStatus status(RootPath path) throws OperationException;

  /** Opens a directory, not through a link, to read its names; NOT_DIRECTORY for anything else. */
  DirectoryListing list(RootPath directory) throws OperationException;

  /**
   * Removes a file, a link (never its target) or an empty directory; NOT_FOUND, NOT_EMPTY. The root
   * itself: PERMISSION_DENIED.
   */
  void delete(RootPath path) throws OperationException;

  /**
   * The content of a small regular file, links inside the root followed; INVALID_ARGUMENT if it is
   * longer, IS_DIRECTORY, NOT_REGULAR_FILE.
   *
   * @param maxBytes at most so many
   */
  byte[] read(RootPath path, int maxBytes) throws OperationException;
}
