package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.Set;

/**
 * The file system through the system calls of Linux, relative to open directories.
 *
 * <p>The kernel itself keeps every path below its root ({@code openat2}, RESOLVE_BENEATH), so no
 * call leaves a root even while somebody swaps directories for links; links of {@code /proc} are
 * not followed at all. Publishing to a free name is atomic for directories too where the file
 * system knows such a rename. Holes stay holes, and content is shared where it can be.
 */
final class LinuxFileAccess implements FileAccess {

  private static final int PATH = LinuxNumbers.O_PATH;
  private static final int SHARED_DIRECTORY = 0777;
  private static final int PRIVATE_DIRECTORY = 0700;

  private final LinuxSandbox sandbox;

  /** Access below these roots, which need not be there yet. */
  LinuxFileAccess(Roots roots) {
    sandbox = new LinuxSandbox(roots);
  }

  // ---- Looking

  @Override
  public FileStatus status(RootPath path) throws OperationException {
    if (path.isRoot()) {
      try (LinuxHandle root = sandbox.directory(path)) {
        return statusOf(path, root, "");
      }
    }
    try (LinuxHandle parent = sandbox.parent(path)) {
      return statusOf(path, parent, path.name());
    }
  }

  @Override
  public FileStatus statusFollowingLinks(RootPath path) throws OperationException {
    try (LinuxHandle place = sandbox.openFollowing(path, PATH)) {
      return statusOf(path, place, "");
    }
  }

  private FileStatus statusOf(RootPath path, LinuxHandle directory, String name)
      throws OperationException {
    sandbox.check(path, LinuxCalls.statx(directory.number(), name));
    return LinuxStatus.taken().status();
  }

  @Override
  public boolean isBelow(RootPath path, RootPath directory) throws OperationException {
    return new LinuxAncestors(sandbox).isBelow(path, directory);
  }

  @Override
  public DirectoryListing list(RootPath directory) throws OperationException {
    return new LinuxDirectoryListing(
        directory, sandbox.open(directory, LinuxOpenDirectory.READABLE));
  }

  @Override
  public OpenDirectory openDirectory(RootPath directory) throws OperationException {
    return new LinuxOpenDirectory(
        directory, sandbox.directory(directory), sandbox.isReadOnly(directory));
  }

  @Override
  public byte[] read(RootPath path, int maxBytes) throws OperationException {
    try (LinuxHandle place = sandbox.openFollowing(path, PATH)) {
      NioFileAccess.checkRegular(path, statusOf(path, place, "")); // opening a device may do things
    }
    try (LinuxHandle file = sandbox.openFollowing(path, LinuxFileCopy.READ)) {
      return LinuxContent.readAll(path, file, maxBytes);
    }
  }

  // ---- Removing

  @Override
  public void delete(RootPath path) throws OperationException {
    LinuxSandbox.checkNotRoot(path);
    try (LinuxHandle parent = sandbox.parentForChange(path)) {
      sandbox.check(path, LinuxOpenDirectory.remove(parent, path.name()));
    }
  }

  @Override
  public TreeRemoval openRemoval(RootPath top) throws OperationException {
    return new LinuxTreeRemoval(top, sandbox.parentForChange(top));
  }

  // ---- Making

  @Override
  public void createDirectory(RootPath directory, boolean shared) throws OperationException {
    int mode = shared ? SHARED_DIRECTORY : PRIVATE_DIRECTORY;
    try (LinuxHandle parent = sandbox.parentForChange(directory)) {
      sandbox.check(directory, LinuxCalls.mkdirat(parent.number(), directory.name(), mode));
    }
  }

  @Override
  public FileCopy openCopy(RootPath source, RootPath target) throws OperationException {
    return LinuxFileCopy.open(sandbox, source, target);
  }

  @Override
  public void copyLink(RootPath source, RootPath target, Set<KeptAttribute> attributes)
      throws OperationException {
    try (LinuxHandle to = sandbox.parentForChange(target);
        LinuxHandle from = sandbox.open(source, PATH)) {
      FileStatus status = statusOf(source, from, "");
      byte[] linked = targetOf(source, from);
      sandbox.check(target, LinuxCalls.symlinkat(linked, to.number(), target.name()));
      try {
        new LinuxAttributes(source, status).keepOfLink(to, target.name(), attributes);
      } catch (OperationException e) {
        sandbox.check(target, LinuxCalls.unlinkat(to.number(), target.name(), 0));
        throw e;
      }
    }
  }

  private byte[] targetOf(RootPath source, LinuxHandle link) throws OperationException {
    long length = LinuxCalls.readlinkat(link.number(), "");
    if (LinuxErrno.ENOENT.is(length)) { // what the kernel says of anything but a link
      throw FileErrors.of(source, ErrorCode.SOURCE_CHANGED, "is no link any more");
    }
    sandbox.check(source, length);
    return LinuxLinks.taken(length);
  }

  @Override
  public void link(RootPath existing, RootPath name) throws OperationException {
    try (LinuxHandle to = sandbox.parentForChange(name);
        LinuxHandle from = sandbox.parent(existing)) {
      sandbox.check(
          name, LinuxCalls.linkat(from.number(), existing.name(), to.number(), name.name()));
    }
  }

  @Override
  public void keep(RootPath source, RootPath target, Set<KeptAttribute> attributes, boolean made)
      throws OperationException {
    sandbox.checkWritable(target);
    try (LinuxHandle from = sandbox.open(source, LinuxOpenDirectory.READABLE);
        LinuxHandle to = sandbox.open(target, LinuxOpenDirectory.READABLE)) {
      FileStatus status = statusOf(source, from, "");
      new LinuxAttributes(source, status).keep(from, to, attributes, made);
    }
  }

  @Override
  public void sync(RootPath directory) throws OperationException {
    sandbox.checkWritable(directory);
    try (LinuxHandle open = sandbox.openFollowing(directory, LinuxOpenDirectory.READABLE)) {
      long result = LinuxCalls.fsync(open.number());
      if (!LinuxErrno.EINVAL.is(result)) { // the file system has nothing to write for a directory
        sandbox.check(directory, result);
      }
    }
  }

  // ---- Publishing

  @Override
  public void publish(RootPath temporary, RootPath destination, boolean replace)
      throws OperationException {
    try (LinuxHandle from = sandbox.parentForChange(temporary);
        LinuxHandle to = sandbox.parentForChange(destination)) {
      LinuxRename rename = new LinuxRename(from, temporary.name(), to, destination.name());
      sandbox.check(destination, replace ? rename.replacing() : rename.toFreeName());
    }
  }
}
