package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Opens places below a root, and nothing outside it, whatever others do meanwhile: the kernel
 * itself walks the path and refuses to leave the root's directory.
 *
 * <p>Links in the parents are followed inside the root; one that is absolute, or goes through a
 * directory above the root, is followed here if it leads back into the root.
 */
final class LinuxSandbox {

  private static final int DIRECTORY = LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY;

  private final Map<String, LinuxRoot> roots;

  LinuxSandbox(Roots roots) {
    Map<String, LinuxRoot> byName = new HashMap<>();
    roots.all().forEach(root -> byName.put(root.name(), new LinuxRoot(root)));
    this.roots = Map.copyOf(byName);
  }

  /** Opens a place, its last segment not followed if it is a link. */
  LinuxHandle open(RootPath path, int flags) throws OperationException {
    LinuxRoot root = rootOf(path);
    int at = root.open(path).number();
    int how = flags | LinuxNumbers.O_NOFOLLOW;
    long opened = LinuxCalls.openBeneath(at, path.segments(), how, 0, 0);
    if (LinuxErrno.EXDEV.is(opened)) {
      try (LinuxHandle parent = parent(path)) {
        opened = LinuxCalls.openBeneath(parent.number(), List.of(path.name()), how, 0, 0);
      }
    }
    if (opened < 0) {
      throw error(path, opened);
    }
    return LinuxHandle.of(opened);
  }

  /** Opens a place, all links followed. */
  LinuxHandle openFollowing(RootPath path, int flags) throws OperationException {
    LinuxRoot root = rootOf(path);
    int at = root.open(path).number();
    long opened = LinuxCalls.openBeneath(at, path.segments(), flags, 0, 0);
    if (LinuxErrno.EXDEV.is(opened)) {
      List<String> names = LinuxLinks.resolve(at, root.realNames(path), path.segments());
      if (names != null) {
        opened = LinuxCalls.openBeneath(at, names, flags, 0, 0);
      }
    }
    if (opened < 0) {
      throw error(path, opened);
    }
    return LinuxHandle.of(opened);
  }

  /** Opens a directory to use its entries, all links followed. */
  LinuxHandle directory(RootPath path) throws OperationException {
    return path.isRoot() ? rootOf(path).open(path) : openFollowing(path, DIRECTORY);
  }

  /** Opens the directory that an entry is in. */
  LinuxHandle parent(RootPath entry) throws OperationException {
    return entry.segments().size() == 1 ? rootOf(entry).open(entry) : directory(entry.parent());
  }

  /** The same, for a change: not below a read-only root, nor of the root itself. */
  LinuxHandle parentForChange(RootPath entry) throws OperationException {
    checkWritable(entry);
    checkNotRoot(entry);
    return parent(entry);
  }

  boolean isReadOnly(RootPath path) {
    return rootOf(path).isReadOnly();
  }

  void checkWritable(RootPath path) throws OperationException {
    if (isReadOnly(path)) {
      throw FileErrors.of(path, ErrorCode.READ_ONLY, "is below a read-only root");
    }
  }

  static void checkNotRoot(RootPath path) throws OperationException {
    if (path.isRoot()) {
      throw FileErrors.of(path, ErrorCode.PERMISSION_DENIED, "is a root and stays");
    }
  }

  /** Throws the error for what a call on that entry has given, if it is one. */
  void check(RootPath entry, long result) throws OperationException {
    if (result < 0) {
      throw error(entry, result);
    }
  }

  /** The same, for an entry of a directory. */
  void check(RootPath directory, String name, long result) throws OperationException {
    if (result < 0) {
      throw error(directory.resolve(name), result);
    }
  }

  /**
   * The error for what a call on that place has given: of a parent, if that is what is missing, or
   * of the root.
   */
  OperationException error(RootPath path, long result) throws OperationException {
    LinuxErrno errno = LinuxErrno.of(result);
    switch (errno) {
      case ENOENT, ESTALE, ENOTCONN, ENODEV, EIO -> rootOf(path).checkMounted(path);
      default -> {}
    }
    if ((errno == LinuxErrno.ENOENT || errno == LinuxErrno.ENOTDIR) && path.segments().size() > 1) {
      parent(path).close(); // fails if it is the parent's
    }
    return LinuxErrno.at(path, result);
  }

  private LinuxRoot rootOf(RootPath path) {
    LinuxRoot root = roots.get(path.root());
    return Objects.requireNonNull(root, () -> "No root '%s'.".formatted(path.root()));
  }
}
