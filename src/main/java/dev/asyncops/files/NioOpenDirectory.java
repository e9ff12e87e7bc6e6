package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A directory whose path was checked once. Nothing is open: whoever puts a link in its place leads
 * the calls there.
 */
record NioOpenDirectory(RootPath path, Path place, boolean readOnly) implements OpenDirectory {

  @Override
  public void delete(String name) throws OperationException {
    RootPath entry = path.resolve(name);
    if (readOnly) {
      throw FileErrors.of(entry, ErrorCode.READ_ONLY, "is below a read-only root");
    }
    FileErrors.at(entry, () -> Files.delete(NioNames.resolve(place, name)));
  }

  @Override
  public DirectoryListing list() throws OperationException {
    return FileErrors.at(
        path,
        () -> {
          checkDirectory(path, place);
          return new NioDirectoryListing(path, place);
        });
  }

  @Override
  public OpenDirectory openDirectory(List<String> names) throws OperationException {
    RootPath below = path;
    Path directory = place;
    for (String name : names) {
      below = below.resolve(name);
      directory = NioNames.resolve(directory, name);
      RootPath entry = below;
      Path entryPlace = directory;
      FileErrors.at(entry, () -> checkDirectory(entry, entryPlace));
    }
    return new NioOpenDirectory(below, directory, readOnly);
  }

  @Override
  public void close() {}

  /** Fails for anything but a directory, a link to one included. */
  static void checkDirectory(RootPath path, Path place) throws IOException, OperationException {
    if (!Files.readAttributes(place, BasicFileAttributes.class, NOFOLLOW_LINKS).isDirectory()) {
      throw FileErrors.of(path, ErrorCode.NOT_DIRECTORY, "is not a directory");
    }
  }
}
