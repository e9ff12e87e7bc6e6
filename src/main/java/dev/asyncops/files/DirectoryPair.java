package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.Set;

/**
 * A directory to copy from and one to copy to, both open: entries of theirs are used by their names
 * alone, without finding the way to them again. Held for a piece of work only, as an {@link
 * OpenDirectory} is. What was begun with it may go on after it is given back.
 *
 * <p>Where the system has calls relative to a directory, they reach the directories that were
 * opened, even if one was moved or something else is at its path by now. No name is followed if it
 * is that of a link.
 *
 * <p><b>Threads</b>: one at a time, which may block. Errors as those of {@link FileAccess}.
 */
public interface DirectoryPair extends AutoCloseable {

  /** What is in the target, a link not followed; NOT_FOUND if nothing is. */
  FileStatus targetStatus(String name) throws OperationException;

  /**
   * Begins to copy a regular file to a free name, which nobody else may read until it is finished
   * (K10); EXISTS, IS_DIRECTORY, NOT_REGULAR_FILE.
   */
  FileCopy openCopy(String name, String target) throws OperationException;

  /**
   * Takes a regular file of the target for the finished copy of one of the source, if it is as
   * large and as old, to the nanosecond: {@link FileCopy#finish} gives it that time when all its
   * content is there. Then it gets the attributes that the source has by now. One whose content was
   * changed last of all is never taken for finished. IS_DIRECTORY, NOT_REGULAR_FILE.
   *
   * <p>What a loss of power has left can look finished, and is not.
   *
   * @param attributes with {@link KeptAttribute#TIMES}; extended attributes that the source has no
   *     more stay
   * @param durable whether its content has to be on disk
   * @return false if it is none, and was left as it is
   */
  boolean takeOver(String name, String copy, Set<KeptAttribute> attributes, boolean durable)
      throws OperationException;

  /**
   * Makes a link to the same target, as written there, with the attributes; EXISTS, SOURCE_CHANGED
   * (it is no link any more).
   */
  void copyLink(String name, String target, Set<KeptAttribute> attributes)
      throws OperationException;

  /**
   * Opens a regular file and one of the target, to compare what is in them; IS_DIRECTORY,
   * NOT_REGULAR_FILE if either is none.
   */
  FileComparison openComparison(String name, String copy) throws OperationException;

  /** Whether a link and one of the target say the same; SOURCE_CHANGED if either is none. */
  boolean isSameLink(String name, String copy) throws OperationException;

  /** Renames in the target, as {@link FileAccess#publish} does. */
  void publish(String temporary, String name, boolean replace) throws OperationException;

  /** Gives the directories back; never throws. */
  @Override
  void close();
}
