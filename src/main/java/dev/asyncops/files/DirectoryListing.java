package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.List;

/** The entries of one directory, read bit by bit. Used by one thread at a time. */
public interface DirectoryListing extends AutoCloseable {

  /**
   * The next names, at most so many, in the file system's order; empty at the end. Blocks.
   *
   * @throws OperationException if the directory cannot be read on
   */
  List<String> next(int atMost) throws OperationException;

  /**
   * What an entry is, a link not followed; NOT_FOUND if it is not there any more. Where the system
   * can, by its name in the open directory. Blocks.
   */
  FileStatus status(String name) throws OperationException;

  /** Gives the directory back; never throws. */
  @Override
  void close();
}
