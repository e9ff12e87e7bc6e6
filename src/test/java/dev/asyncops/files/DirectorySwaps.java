package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Somebody who swaps a directory for a link to a directory outside, many times over. */
public final class DirectorySwaps {

  /** What is tried as long as the swapping lasts. */
  public interface Attempt {
    /** Tries it. */
    void run() throws Exception;
  }

  private static final int SWAPS = 10_000;
  private static final int MOST_TRIES = 1000;

  private final Path directory;
  private final Path link;
  private final Path spare;
  private final Path outside;
  private final Map<String, String> before;
  private int obstacles;

  /**
   * Somebody who has not begun.
   *
   * @param directory what is swapped; it exists
   * @param work a directory for the link and what was swapped out
   * @param outside where the link leads
   */
  public DirectorySwaps(Path directory, Path work, Path outside) throws IOException {
    this.directory = directory;
    this.outside = outside;
    link = Files.createSymbolicLink(work.resolve("link"), outside);
    spare = work.resolve("spare");
    before = everythingBelow(outside);
  }

  /** Makes attempts until there were 10,000 swaps. */
  public void during(Attempt attempt) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    FutureTask<Integer> swaps = new FutureTask<>(() -> swap(over));
    Thread thread = Thread.ofPlatform().start(swaps);
    try {
      while (!swaps.isDone()) {
        attempt.run();
      }
    } finally {
      over.set(true);
      thread.join(TimeUnit.SECONDS.toMillis(30));
    }
    assertThat(swaps.get()).isEqualTo(SWAPS);
  }

  /** Nothing outside has come, gone or changed, not even an attribute. */
  public void assertOutsideUntouched() {
    assertThat(everythingBelow(outside)).isEqualTo(before);
  }

  private int swap(AtomicBoolean over) throws IOException {
    int swaps = 0;
    while (swaps < SWAPS && !over.get()) {
      move(directory, spare);
      restoreLink();
      move(link, directory);
      move(directory, link);
      move(spare, directory);
      swaps++;
    }
    return swaps;
  }

  /** A copy may have replaced the link by a directory, or removed it. */
  private void restoreLink() throws IOException {
    if (Files.exists(link, NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
      move(link, link.resolveSibling("obstacle" + ++obstacles));
    }
    if (!Files.exists(link, NOFOLLOW_LINKS)) {
      Files.createSymbolicLink(link, outside);
    }
  }

  /** Whatever a copy has made or removed there meanwhile. */
  private void move(Path from, Path to) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Files.move(from, to);
        return;
      } catch (FileSystemException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        makeWay(from, to);
      }
    }
  }

  private void makeWay(Path from, Path to) throws IOException {
    try {
      if (!Files.exists(from, NOFOLLOW_LINKS)) {
        Files.createDirectory(from);
      } else if (Files.exists(to, NOFOLLOW_LINKS)) {
        Files.move(to, link.resolveSibling("obstacle" + ++obstacles));
      }
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      Thread.onSpinWait(); // the copy was faster; the next try will tell
    }
  }

  private static Map<String, String> everythingBelow(Path top) {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        Map<String, Object> status =
            Files.readAttributes(
                path, "unix:mode,nlink,uid,lastModifiedTime,ctime", NOFOLLOW_LINKS);
        String content = Files.isRegularFile(path, NOFOLLOW_LINKS) ? Files.readString(path) : "";
        found.put(top.relativize(path).toString(), new TreeMap<>(status) + content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
