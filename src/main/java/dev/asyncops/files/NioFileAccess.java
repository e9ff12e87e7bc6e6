package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file system through {@code java.nio}: runs wherever there is a POSIX file system.
 *
 * <p>Its sandbox is narrower than what the kernel could do: a path is checked, links resolved, and
 * then used, so somebody who swaps a directory below a root for a link at that very moment can lead
 * a call out of the root. Who lets untrusted people write below a root needs the form for Linux.
 */
public final class NioFileAccess implements FileAccess {

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int PRIVATE_DIRECTORY = 0700;
  private static final int SET_GROUP_ID = 02000;

  private final Sandbox sandbox;

  /** Access below these roots, which need not be there yet. */
  public NioFileAccess(Roots roots) {
    sandbox = new Sandbox(roots);
  }

  @Override
  public FileStatus status(RootPath path) throws OperationException {
    Path place = sandbox.resolve(path);
    return FileErrors.at(path, () -> NioStatus.of(place, NOFOLLOW_LINKS));
  }

  @Override
  public FileStatus statusFollowingLinks(RootPath path) throws OperationException {
    Path place = sandbox.real(path);
    return FileErrors.at(path, () -> NioStatus.of(place, NOFOLLOW_LINKS));
  }

  @Override
  public boolean isBelow(RootPath path, RootPath directory) throws OperationException {
    Path top = sandbox.resolve(directory);
    for (RootPath place = path; ; place = place.parent()) {
      try {
        return sandbox.resolve(place).startsWith(top);
      } catch (OperationException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
      }
    }
  }

  @Override
  public DirectoryListing list(RootPath directory) throws OperationException {
    Path place = sandbox.resolve(directory);
    return FileErrors.at(
        directory,
        () -> {
          NioOpenDirectory.checkDirectory(directory, place);
          return new NioDirectoryListing(directory, place);
        });
  }

  @Override
  public OpenDirectory openDirectory(RootPath directory) throws OperationException {
    return new NioOpenDirectory(directory, directory(directory), sandbox.isReadOnly(directory));
  }

  @Override
  public void delete(RootPath path) throws OperationException {
    if (path.isRoot()) {
      throw FileErrors.of(path, ErrorCode.PERMISSION_DENIED, "is a root and stays");
    }
    Path place = sandbox.resolveForChange(path);
    FileErrors.at(path, () -> Files.delete(place));
  }

  @Override
  public TreeRemoval openRemoval(RootPath top) throws OperationException {
    return new NioTreeRemoval(top, sandbox.resolveForChange(top));
  }

  @Override
  public byte[] read(RootPath path, int maxBytes) throws OperationException {
    Path place = sandbox.real(path);
    return FileErrors.at(
        path,
        () -> {
          checkRegular(path, NioStatus.of(place, NOFOLLOW_LINKS));
          try (InputStream in = Files.newInputStream(place, NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
              throw FileErrors.of(
                  path, ErrorCode.INVALID_ARGUMENT, "is longer than " + maxBytes + " bytes");
            }
            return content;
          }
        });
  }

  @Override
  public void createDirectory(RootPath directory, boolean shared) throws OperationException {
    Path place = sandbox.resolveForChange(directory);
    FileAttribute<?>[] mode = shared ? new FileAttribute<?>[0] : new FileAttribute<?>[] {PRIVATE};
    FileErrors.at(directory, () -> Files.createDirectory(place, mode));
  }

  @Override
  public void makePrivate(RootPath directory) throws OperationException {
    Path place = sandbox.resolveForChange(directory);
    FileErrors.at(
        directory,
        () -> {
          NioOpenDirectory.checkDirectory(directory, place);
          int inherited = NioStatus.of(place.resolveSibling(".")).mode() & SET_GROUP_ID;
          int mode = PRIVATE_DIRECTORY | inherited;
          Files.setAttribute(place, "unix:mode", mode, NOFOLLOW_LINKS);
          checkMode(directory, NioStatus.of(place, NOFOLLOW_LINKS), mode);
        });
  }

  @Override
  public DirectoryPair openPair(RootPath source, RootPath target) throws OperationException {
    sandbox.checkWritable(target);
    Path from = directory(source);
    return new NioDirectoryPair(source, target, from, directory(target));
  }

  private Path directory(RootPath directory) throws OperationException {
    Path place = sandbox.real(directory);
    FileErrors.at(directory, () -> NioOpenDirectory.checkDirectory(directory, place));
    return place;
  }

  @Override
  public void link(RootPath existing, RootPath name) throws OperationException {
    Path from = sandbox.resolve(existing);
    Path to = sandbox.resolveForChange(name);
    FileErrors.at(name, () -> Files.createLink(to, from));
  }

  @Override
  public void keep(RootPath source, RootPath target, Set<KeptAttribute> attributes, boolean made)
      throws OperationException {
    Path from = sandbox.resolve(source);
    Path to = sandbox.resolveForChange(target);
    FileErrors.at(
        source,
        () -> {
          FileStatus status = NioStatus.of(from, NOFOLLOW_LINKS);
          NioAttributes.keep(from, status, to, attributes, made);
        });
  }

  @Override
  public void restoreTimes(RootPath directory, FileStatus before) throws OperationException {
    Path place = sandbox.resolveForChange(directory);
    FileErrors.at(directory, () -> NioAttributes.keepTimes(before, place));
  }

  @Override
  public void sync(RootPath directory) throws OperationException {
    Path place = sandbox.resolveForChange(directory);
    FileErrors.at(
        directory,
        () -> {
          try (FileChannel channel = FileChannel.open(place, READ)) {
            channel.force(true);
          }
        });
  }

  /** None: there is no such call. */
  @Override
  public @Nullable FileSystemSync openSync(RootPath directory) {
    return null;
  }

  @Override
  public void publish(RootPath temporary, RootPath destination, boolean replace)
      throws OperationException {
    Path from = sandbox.resolveForChange(temporary);
    Path to = sandbox.resolveForChange(destination);
    FileErrors.at(destination, () -> NioRename.rename(from, to, replace));
  }

  /** The system takes the set-group-id bit away from who is not in the group, and tells nobody. */
  static void checkMode(RootPath directory, FileStatus status, int mode) throws OperationException {
    if (status.mode() != mode) {
      throw FileErrors.of(directory, ErrorCode.NOT_SUPPORTED, "cannot be as it was made");
    }
  }

  static void checkRegular(RootPath path, FileStatus status) throws OperationException {
    switch (status.type()) {
      case FILE -> {}
      case DIRECTORY -> throw FileErrors.of(path, ErrorCode.IS_DIRECTORY, "is a directory");
      case SYMLINK, OTHER ->
          throw FileErrors.of(path, ErrorCode.NOT_REGULAR_FILE, "is not a regular file");
    }
  }
}
