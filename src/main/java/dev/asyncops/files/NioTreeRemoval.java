package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;

/** Removes depth first, with one open directory a level. */
final class NioTreeRemoval implements TreeRemoval {

  private record Open(Path directory, DirectoryStream<Path> stream, Iterator<Path> entries) {}

  private static final Logger LOG = System.getLogger(NioTreeRemoval.class.getName());

  private final RootPath top;
  private final Path place;
  private final Deque<Open> levels = new ArrayDeque<>();
  private boolean begun;

  NioTreeRemoval(RootPath top, Path place) {
    this.top = top;
    this.place = place;
  }

  @Override
  public boolean step(int atMost) throws OperationException {
    return FileErrors.at(top, () -> removeSome(atMost));
  }

  private boolean removeSome(int atMost) throws IOException {
    if (!begun) {
      begun = true;
      removeOrEnter(place);
    }
    for (int i = 0; i < atMost && !levels.isEmpty(); i++) {
      removeNext(levels.getLast());
    }
    return !levels.isEmpty();
  }

  private void removeNext(Open level) throws IOException {
    try {
      if (level.entries.hasNext()) {
        removeOrEnter(level.entries.next());
        return;
      }
    } catch (DirectoryIteratorException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    levels.removeLast();
    level.stream.close();
    Files.deleteIfExists(level.directory);
  }

  private void removeOrEnter(Path entry) throws IOException {
    try {
      Files.delete(entry);
    } catch (DirectoryNotEmptyException e) {
      enter(entry);
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "Gone already.", e);
    }
  }

  @SuppressWarnings("StreamResourceLeak") // closed when its level is left, or by close
  private void enter(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    levels.addLast(new Open(directory, stream, stream.iterator()));
  }

  @Override
  public void close() {
    levels.forEach(this::closeQuietly);
    levels.clear();
  }

  private void closeQuietly(Open level) {
    try {
      level.stream.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A directory below '%s' could not be closed.".formatted(top), e);
    }
  }
}
