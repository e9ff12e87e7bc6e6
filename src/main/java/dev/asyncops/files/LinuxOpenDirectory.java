package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.List;

/** A directory behind a handle: what happens to its path does not matter any more. */
final class LinuxOpenDirectory implements OpenDirectory {

  /** How a directory is opened to read its names. */
  static final int READABLE = LinuxNumbers.O_RDONLY | LinuxNumbers.O_DIRECTORY;

  private static final int PASSABLE = LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY;

  private final RootPath path;
  private final LinuxHandle handle;
  private final boolean readOnly;

  LinuxOpenDirectory(RootPath path, LinuxHandle handle, boolean readOnly) {
    this.path = path;
    this.handle = handle;
    this.readOnly = readOnly;
  }

  @Override
  public void delete(String name) throws OperationException {
    if (readOnly) {
      throw FileErrors.of(path.resolve(name), ErrorCode.READ_ONLY, "is below a read-only root");
    }
    long result = remove(handle, name);
    if (result < 0) {
      throw LinuxErrno.at(path.resolve(name), result);
    }
  }

  @Override
  public DirectoryListing list() throws OperationException {
    return new LinuxDirectoryListing(path, open(path, List.of(), READABLE));
  }

  @Override
  public OpenDirectory openDirectory(List<String> names) throws OperationException {
    RootPath below = path;
    for (String name : names) {
      below = below.resolve(name);
    }
    return new LinuxOpenDirectory(below, open(below, names, PASSABLE), readOnly);
  }

  @Override
  public void close() {
    handle.close();
  }

  private LinuxHandle open(RootPath below, List<String> names, int flags)
      throws OperationException {
    long opened =
        LinuxCalls.openBeneath(
            handle.number(),
            names,
            flags | LinuxNumbers.O_NOFOLLOW,
            0,
            LinuxNumbers.RESOLVE_NO_SYMLINKS);
    if (LinuxErrno.ELOOP.is(opened)) {
      throw FileErrors.of(below, ErrorCode.NOT_DIRECTORY, "is not a directory, or behind a link");
    }
    if (opened < 0) {
      throw LinuxErrno.at(below, opened);
    }
    return LinuxHandle.of(opened);
  }

  /**
   * Removes an entry, whatever it is: one call for all but directories. EPERM is what some file
   * systems say for a directory.
   */
  static long remove(LinuxHandle directory, String name) {
    long result = LinuxCalls.unlinkat(directory.number(), name, 0);
    if (LinuxErrno.EISDIR.is(result) || LinuxErrno.EPERM.is(result)) {
      long asDirectory = LinuxCalls.unlinkat(directory.number(), name, LinuxNumbers.AT_REMOVEDIR);
      return LinuxErrno.ENOTDIR.is(asDirectory) ? result : asDirectory;
    }
    return result;
  }
}
