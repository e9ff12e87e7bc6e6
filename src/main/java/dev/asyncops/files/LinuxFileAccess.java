package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private static final int SET_GROUP_ID = 02000;

  private final LinuxSandbox sandbox;
  private final LinuxContentCalls calls;

  /** Access below these roots, which need not be there yet. */
  LinuxFileAccess(Roots roots) {
    this(roots, LinuxContentCalls.KERNEL);
  }

  LinuxFileAccess(Roots roots, LinuxContentCalls calls) {
    sandbox = new LinuxSandbox(roots);
    this.calls = calls;
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
  public void makePrivate(RootPath directory) throws OperationException {
    try (LinuxHandle parent = sandbox.parentForChange(directory)) {
      int inherited = statusOf(directory, parent, "").mode() & SET_GROUP_ID;
      int mode = PRIVATE_DIRECTORY | inherited;
      int flags = PATH | LinuxNumbers.O_DIRECTORY | LinuxNumbers.O_NOFOLLOW;
      long opened = LinuxCalls.openEntry(parent.number(), directory.name(), flags);
      sandbox.check(directory, opened);
      try (LinuxHandle handle = LinuxHandle.of(opened)) {
        sandbox.check(directory, LinuxCalls.chmodPath(handle.number(), mode));
        NioFileAccess.checkMode(directory, statusOf(directory, handle, ""), mode);
      }
    }
  }

  @Override
  public DirectoryPair openPair(RootPath source, RootPath target) throws OperationException {
    return LinuxDirectoryPair.open(sandbox, calls, source, target);
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
      new LinuxAttributes(source, target, status).keep(from, to, attributes, made);
    }
  }

  @Override
  public void restoreTimes(RootPath directory, FileStatus before) throws OperationException {
    try (LinuxHandle parent = sandbox.parentForChange(directory)) {
      new LinuxAttributes(directory, directory, before)
          .keepOfLink(parent, directory.name(), Set.of(KeptAttribute.TIMES));
    }
  }

  @Override
  public void sync(RootPath directory) throws OperationException {
    sandbox.checkWritable(directory);
    try (LinuxHandle open = sandbox.openFollowing(directory, LinuxOpenDirectory.READABLE)) {
      long result = calls.fsync(open.number());
      if (!LinuxErrno.EINVAL.is(result)) { // the file system has nothing to write for a directory
        sandbox.check(directory, result);
      }
    }
  }

  @Override
  public @Nullable FileSystemSync openSync(RootPath directory) throws OperationException {
    sandbox.checkWritable(directory);
    LinuxHandle open = sandbox.openFollowing(directory, LinuxOpenDirectory.READABLE);
    return LinuxFileSystemSync.of(directory, open, calls);
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
