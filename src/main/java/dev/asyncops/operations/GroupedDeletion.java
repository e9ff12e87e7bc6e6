package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.OpenDirectory;
import dev.asyncops.files.RootPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes paths one after the other, with the directory of the last one still open, so that those
 * of one directory cost one call each.
 *
 * <p>Paths that a walk found are reached through no link from the path on that a client named:
 * somebody may put one where the walk saw a directory.
 *
 * <p><b>Threads</b>: one at a time.
 */
final class GroupedDeletion implements DeletePiece.Deletion {

  private final FileAccess files;

  /** What a client named, and the walk went down from; null for paths that clients named. */
  private final @Nullable RootPath top;

  /** The directory that is open; null together. */
  private @Nullable RootPath path;

  private @Nullable OpenDirectory directory;

  GroupedDeletion(FileAccess files, @Nullable RootPath top) {
    this.files = files;
    this.top = top;
  }

  @Override
  public void delete(RootPath entry) throws OperationException {
    if (entry.isRoot()) {
      files.delete(entry); // which refuses it
    } else {
      directoryOf(entry).delete(entry.name());
    }
  }

  @Override
  public void pause() {
    if (directory != null) {
      directory.close();
    }
    directory = null;
    path = null;
  }

  private OpenDirectory directoryOf(RootPath entry) throws OperationException {
    OpenDirectory open = directory;
    RootPath parent = entry.parent();
    if (open == null || !parent.equals(path)) {
      pause();
      open = open(files, parent, top);
      directory = open;
      path = parent;
    }
    return open;
  }

  /**
   * Opens a directory.
   *
   * @param top the highest segment that must not be a link any more; null if all may be links
   */
  static OpenDirectory open(FileAccess files, RootPath directory, @Nullable RootPath top)
      throws OperationException {
    if (top == null) {
      return files.openDirectory(directory);
    }
    RootPath start = top.parent();
    List<String> below = directory.segments().subList(start.depth(), directory.depth());
    try (OpenDirectory open = files.openDirectory(start)) {
      return open.openDirectory(below);
    }
  }
}
