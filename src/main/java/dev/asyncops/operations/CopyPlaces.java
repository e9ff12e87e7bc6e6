package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.TreeRemoval;
import org.jspecify.annotations.Nullable;

/** Small questions and chores about places, for the workers. */
final class CopyPlaces {

  private static final int REMOVED_AT_ONCE = 256;

  private CopyPlaces() {}

  /** A question about what is there. */
  interface Looking {

    /** Asks it; NOT_FOUND if nothing is. */
    FileStatus look() throws OperationException;
  }

  /** What is there; null if nothing is. */
  static @Nullable FileStatus existing(FileAccess files, RootPath path) throws OperationException {
    return existing(() -> files.status(path));
  }

  /** What is there; null if nothing is. */
  static @Nullable FileStatus existing(Looking looking) throws OperationException {
    try {
      return looking.look();
    } catch (OperationException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /** What is there, links followed; null if nothing is, or it may not be looked at. */
  static @Nullable FileStatus followed(FileAccess files, RootPath path) {
    try {
      return files.statusFollowingLinks(path);
    } catch (OperationException e) {
      return null;
    }
  }

  /** Makes room where a link has to give way; whatever else is there by now stays. */
  static void removeLink(FileAccess files, RootPath path) throws OperationException {
    FileStatus existing = existing(files, path);
    if (existing != null && existing.type() == FileStatus.Type.SYMLINK) {
      files.delete(path);
    }
  }

  /** Something that makes an entry with a name of this operation's own. */
  interface Making<R extends @Nullable Object> {

    /** Makes it; EXISTS if the name is taken. */
    R make() throws OperationException;
  }

  /** Makes it, over what an earlier attempt of the same operation may have left there. */
  static <R extends @Nullable Object> R makeAnew(
      FileAccess files, RootPath temporary, Making<R> making) throws OperationException {
    try {
      return making.make();
    } catch (OperationException e) {
      if (e.code() != ErrorCode.EXISTS) {
        throw e;
      }
    }
    removeTree(files, temporary);
    return making.make();
  }

  /** Removes what an attempt has left there, with all below it. */
  static void removeTree(FileAccess files, RootPath leftover) throws OperationException {
    try (TreeRemoval removal = files.openRemoval(leftover)) {
      while (removal.step(REMOVED_AT_ONCE)) {}
    }
  }
}
