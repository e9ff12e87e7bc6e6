package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rename that does not overwrite, which java.nio does not have. */
final class NioRename {

  private NioRename() {}

  /** Renames; whatever exists gives way if it is to be replaced, else it makes this fail. */
  static void rename(Path from, Path to, boolean replace) throws IOException {
    if (replace) {
      Files.move(from, to, ATOMIC_MOVE);
    } else {
      toFreeName(from, to);
    }
  }

  /**
   * Gives a file a second name, which fails if that exists, and takes the first one away. Where
   * there are no hard links, and for directories, it looks first and renames then: whoever makes an
   * empty directory, or there any file, in between loses it.
   */
  private static void toFreeName(Path from, Path to) throws IOException {
    if (Files.isDirectory(from, NOFOLLOW_LINKS) || !linked(from, to)) {
      if (Files.exists(to, NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      Files.move(from, to, ATOMIC_MOVE);
    }
  }

  /** Whether it could be done with a hard link. */
  private static boolean linked(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return false; // no hard links here, or some other trouble, which the rename will tell of
    }
    Files.delete(from);
    return true;
  }
}
