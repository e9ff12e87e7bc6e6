package dev.asyncops.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Attempts to lead calls out of a root while they are on their way. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class LinuxEscapeTests extends FileAccessFixture {

  private static final int SWAPS = 10_000;

  @Override
  FileAccess access(Roots roots) {
    return new LinuxFileAccess(roots);
  }

  @Test
  void p16_linksOfProc_areNotFollowed() throws Exception {
    for (String magic : List.of("/proc/self/root", "/proc/self/cwd", "/proc/self/fd/0")) {
      Files.deleteIfExists(data.resolve("magic"));
      Files.createSymbolicLink(data.resolve("magic"), Path.of(magic));

      assertFails(ErrorCode.PERMISSION_DENIED, () -> files.statusFollowingLinks(magic()));
      assertFails(ErrorCode.PERMISSION_DENIED, () -> files.list(magic().resolve("tmp")));
    }
  }

  @Test
  void p16_linksOfProc_areNotFollowed_inARootThatHasThem() throws Exception {
    Roots proc = new Roots(List.of(new Root("proc", Path.of("/proc"), true)));
    FileAccess inProc = new LinuxFileAccess(proc);
    RootPath root = new RootPath("proc", List.of("self", "root"));

    assertFails(
        ErrorCode.NOT_REGULAR_FILE, () -> inProc.status(root.resolve("etc").resolve("passwd")));
    assertFails(ErrorCode.NOT_REGULAR_FILE, () -> inProc.list(root.resolve("etc")));
  }

  @Test
  void p16_linksInCircles_leadNowhere() throws Exception {
    Files.createSymbolicLink(data.resolve("a"), data.resolve("b"));
    Files.createSymbolicLink(data.resolve("b"), data.resolve("a"));

    assertFails(ErrorCode.PERMISSION_DENIED, () -> files.list(path("data:a/x")));
  }

  @Test
  void absoluteLink_leadsBackIntoTheRoot_alsoOverAnother() throws Exception {
    Files.createDirectories(data.resolve("real/sub"));
    Files.writeString(data.resolve("real/sub/f"), "inside");
    Files.createSymbolicLink(data.resolve("back"), Path.of("../data/real"));
    Files.createSymbolicLink(data.resolve("twice"), data.resolve("back/sub"));

    assertThat(files.read(path("data:twice/f"), 10)).hasSize(6);
  }

  @Test
  void p16_directorySwappedForALink_isNeverLeftByADelete() throws Exception {
    Path victim = outsideTree();
    swapping(() -> {
      makeInside();
      tried(() -> files.delete(path("data:dir/sub/f")));
      tried(() -> deleteInside());
      tried(() -> removeAll(path("data:dir/sub")));
    });

    assertUntouched(victim);
  }

  @Test
  void p16_directorySwappedForALink_isNeverLeftByACopy() throws Exception {
    Path victim = outsideTree();
    List<String> read = new ArrayList<>();
    swapping(() -> {
      makeInside();
      tried(() -> read.add(new String(files.read(path("data:dir/f"), 100), UTF_8)));
      tried(() -> copy(path("data:source"), path("data:dir/new")));
      tried(() -> files.publish(path("data:dir/new"), path("data:dir/f"), true));
      tried(() -> files.createDirectory(path("data:dir/made"), true));
      tried(() -> files.keep(path("data:dir"), path("data:dir/sub"), MODE_AND_TIMES, false));
      tried(() -> files.delete(path("data:dir/new")));
      tried(() -> files.delete(path("data:dir/made")));
    });

    assertUntouched(victim);
    assertThat(read).doesNotContain("secret");
  }

  // ---- Tools

  private interface Attempt {
    void run() throws Exception;
  }

  private RootPath magic() {
    return new RootPath("data", List.of("magic"));
  }

  /** The same names outside as inside, all with a secret. */
  private Path outsideTree() throws IOException {
    Files.createDirectories(outside.resolve("sub"));
    Files.writeString(outside.resolve("f"), "secret");
    Files.writeString(outside.resolve("sub/f"), "secret");
    return outside;
  }

  /** Through what is tested: the test itself must not be led out either. */
  private void makeInside() throws Exception {
    tried(() -> files.createDirectory(path("data:dir/sub"), true));
    tried(() -> copy(path("data:source"), path("data:dir/f")));
    tried(() -> copy(path("data:source"), path("data:dir/sub/f")));
  }

  /** Makes attempts as long as somebody swaps {@code dir} and a link to the outside. */
  private void swapping(Attempt attempt) throws Exception {
    Files.writeString(data.resolve("source"), "mine");
    Files.createDirectories(data.resolve("dir/sub"));
    Files.createSymbolicLink(data.resolve("link"), outside);
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

  private int swap(AtomicBoolean over) throws IOException {
    Path dir = data.resolve("dir");
    Path link = data.resolve("link");
    Path spare = data.resolve("spare");
    int swaps = 0;
    while (swaps < SWAPS && !over.get()) {
      Files.move(dir, spare);
      Files.move(link, dir);
      Files.move(dir, link);
      Files.move(spare, dir);
      swaps++;
    }
    return swaps;
  }

  /** It may fail in whatever way; what counts is what it did not do. */
  private static void tried(Attempt attempt) throws ExecutionException {
    try {
      attempt.run();
    } catch (OperationException e) {
      assertThat(e.code()).isNotEqualTo(ErrorCode.FAILED);
    } catch (Exception e) {
      throw new ExecutionException(e);
    }
  }

  private void deleteInside() throws OperationException {
    try (OpenDirectory directory = files.openDirectory(path("data:dir"))) {
      directory.delete("f");
      directory.openDirectory(List.of("sub")).close();
    }
  }

  private void removeAll(RootPath top) throws OperationException {
    try (TreeRemoval removal = files.openRemoval(top)) {
      while (removal.step(10)) {}
    }
  }

  private void copy(RootPath source, RootPath target) throws OperationException {
    try (FileCopy copy = openCopy(source, target)) {
      while (copy.step(FileCopy.CHUNK) > 0) {}
      copy.finish(MODE_AND_TIMES, false);
    }
  }

  private static void assertUntouched(Path victim) throws IOException {
    try (var all = Files.walk(victim)) {
      assertThat(all.map(path -> victim.relativize(path).toString()))
          .containsExactlyInAnyOrder("", "f", "secret", "sub", "sub/f");
    }
    assertThat(victim.resolve("f")).hasContent("secret");
    assertThat(victim.resolve("sub/f")).hasContent("secret");
  }
}
