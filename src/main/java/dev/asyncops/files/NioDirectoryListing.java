package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** A listing by a {@link DirectoryStream}. */
final class NioDirectoryListing implements DirectoryListing {

  private static final Logger LOG = System.getLogger(NioDirectoryListing.class.getName());

  private final RootPath directory;
  private final Path place;
  private final DirectoryStream<Path> stream;
  private final Iterator<Path> entries;

  @SuppressWarnings("StreamResourceLeak") // closing this closes it
  NioDirectoryListing(RootPath directory, Path place) throws IOException {
    this.directory = directory;
    this.place = place;
    stream = Files.newDirectoryStream(place);
    entries = stream.iterator();
  }

  @Override
  public List<String> next(int atMost) throws OperationException {
    List<String> names = new ArrayList<>();
    try {
      while (names.size() < atMost && entries.hasNext()) {
        names.add(NioNames.nameOf(entries.next()));
      }
    } catch (DirectoryIteratorException e) {
      throw FileErrors.of(directory, Objects.requireNonNull(e.getCause()));
    }
    return names;
  }

  @Override
  public FileStatus status(String name) throws OperationException {
    return FileErrors.at(
        directory.resolve(name),
        () -> NioStatus.of(NioNames.resolve(place, name), LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A directory could not be closed.", e);
    }
  }
}
