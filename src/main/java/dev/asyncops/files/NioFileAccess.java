package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The file system through {@code java.nio}: runs wherever there is a POSIX file system.
 *
 * <p>Its sandbox is narrower than what the kernel could do: a path is checked, links resolved, and
 * then used, so somebody who swaps a directory below a root for a link at that very moment can lead
 * a call out of the root. Who lets untrusted people write below a root needs the form for Linux.
 */
public final class NioFileAccess implements FileAccess {

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
  public DirectoryListing list(RootPath directory) throws OperationException {
    Path place = sandbox.resolve(directory);
    return FileErrors.at(
        directory,
        () -> {
          if (!Files.readAttributes(place, BasicFileAttributes.class, NOFOLLOW_LINKS)
              .isDirectory()) {
            throw FileErrors.of(directory, ErrorCode.NOT_DIRECTORY, "is not a directory");
          }
          return new NioDirectoryListing(directory, place);
        });
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

  private static void checkRegular(RootPath path, FileStatus status) throws OperationException {
    switch (status.type()) {
      case FILE -> {}
      case DIRECTORY -> throw FileErrors.of(path, ErrorCode.IS_DIRECTORY, "is a directory");
      case SYMLINK, OTHER ->
          throw FileErrors.of(path, ErrorCode.NOT_REGULAR_FILE, "is not a regular file");
    }
  }
}
