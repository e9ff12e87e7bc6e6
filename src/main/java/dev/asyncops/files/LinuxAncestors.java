package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether one place is another directory, or below it, by going up from it. */
record LinuxAncestors(LinuxSandbox sandbox) {

  private static final int PASSABLE = LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY;

  /** See {@link FileAccess#isBelow}. */
  boolean isBelow(RootPath path, RootPath directory) throws OperationException {
    if (directory.isRoot()) {
      return path.root().equals(directory.root());
    }
    FileStatus directoryParent;
    FileStatus wanted;
    try (LinuxHandle parent = sandbox.parent(directory)) {
      directoryParent = LinuxStatus.of(directory, parent).status();
      wanted = entryOf(directory, parent);
    }
    RootPath place = path;
    while (!place.isRoot()) {
      try (LinuxHandle parent = sandbox.parent(place)) {
        boolean isIt =
            place.name().equals(directory.name())
                && LinuxStatus.of(place, parent).status().isSameFileAs(directoryParent);
        return isIt || (wanted != null && leadsTo(wanted, parent, place));
      } catch (OperationException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
      }
      place = place.parent();
    }
    return false;
  }

  private static @Nullable FileStatus entryOf(RootPath directory, LinuxHandle parent)
      throws OperationException {
    try {
      return LinuxStatus.of(directory, parent, directory.name()).status();
    } catch (OperationException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /** Whether the wanted directory is this one or above it, the root being the highest. */
  private boolean leadsTo(FileStatus wanted, LinuxHandle start, RootPath place)
      throws OperationException {
    FileStatus root;
    try (LinuxHandle top = sandbox.directory(new RootPath(place.root(), List.of()))) {
      root = LinuxStatus.of(place, top).status();
    }
    LinuxHandle at = LinuxHandle.borrowed(start.number());
    try {
      FileStatus below = null;
      FileStatus status = LinuxStatus.of(place, at).status();
      while (!status.isSameFileAs(wanted)) {
        if (status.isSameFileAs(root) || (below != null && status.isSameFileAs(below))) {
          return false;
        }
        long opened = LinuxCalls.openParent(at.number(), PASSABLE);
        at.close();
        sandbox.check(place, opened);
        at = LinuxHandle.of(opened);
        below = status;
        status = LinuxStatus.of(place, at).status();
      }
      return true;
    } finally {
      at.close();
    }
  }
}
