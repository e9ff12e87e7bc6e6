package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.List;

/**
 * An open directory, for calls on its entries by their names alone. Held for a piece of work only,
 * not from one to the next: a process has few handles.
 *
 * <p>Where the system has calls relative to a directory, they reach the directory that was opened,
 * even if it was moved or something else is at its path by now. A name is one segment of a {@link
 * RootPath}.
 *
 * <p><b>Threads</b>: one at a time, which may block. Errors as those of {@link FileAccess}.
 */
public interface OpenDirectory extends AutoCloseable {

  /** Removes an entry, as {@link FileAccess#delete} does. */
  void delete(String name) throws OperationException;

  /** Opens this directory to read its names. */
  DirectoryListing list() throws OperationException;

  /**
   * Opens a directory below this one, through no link at all: NOT_DIRECTORY if one is on the way.
   *
   * @param names the way there; empty for this one once more
   */
  OpenDirectory openDirectory(List<String> names) throws OperationException;

  /** Gives the directory back; never throws. */
  @Override
  void close();
}
