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

  /** Gives the directory back; never throws. */
  @Override
  void close();
}
