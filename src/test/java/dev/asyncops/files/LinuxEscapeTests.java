package dev.asyncops.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Attempts to lead calls out of a root while they are on their way. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class LinuxEscapeTests extends FileAccessFixture {

  private static final Set<PosixFilePermission> OUTSIDE =
      PosixFilePermissions.fromString("rwxrwx--x");

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
    DirectorySwaps swaps = swaps();
    swaps.during(() -> {
      makeInside();
      tried(() -> files.delete(path("data:dir/sub/f")));
      tried(() -> deleteInside());
      tried(() -> removeAll(path("data:dir/sub")));
    });

    swaps.assertOutsideUntouched();
  }

  @Test
  void p16_directorySwappedForALink_isNeverLeftByACopy() throws Exception {
    DirectorySwaps swaps = swaps();
    List<String> read = new ArrayList<>();
    swaps.during(() -> {
      makeInside();
      tried(() -> read.add(new String(files.read(path("data:dir/f"), 100), UTF_8)));
      tried(() -> copy(path("data:source"), path("data:dir/new")));
      tried(() -> files.publish(path("data:dir/new"), path("data:dir/f"), true));
      tried(() -> files.createDirectory(path("data:dir/made"), true));
      tried(() -> files.keep(path("data:dir"), path("data:dir/sub"), MODE_AND_TIMES, false));
      tried(() -> files.delete(path("data:dir/new")));
      tried(() -> files.delete(path("data:dir/made")));
    });

    swaps.assertOutsideUntouched();
    assertThat(read).doesNotContain("secret");
  }

  /** By no call that reads, names, links or measures: copy sources, listings, attributes. */
  @Test
  void p16_directorySwappedForALink_showsNothingOfTheOutside() throws Exception {
    DirectorySwaps swaps = swaps();
    Files.createDirectory(data.resolve("mirror"));
    List<String> seen = new ArrayList<>();
    swaps.during(() -> {
      makeInside();
      tried(() -> copyLink(files, path("data:source-link"), path("data:dir/l"), NOTHING));
      tried(() -> copy(path("data:dir/f"), path("data:taken")));
      tried(() -> files.link(path("data:dir/f"), path("data:hard")));
      tried(() -> files.link(path("data:source"), path("data:dir/hard")));
      tried(() -> copyLink(files, path("data:dir/l"), path("data:link2"), NOTHING));
      tried(() -> files.keep(path("data:dir"), path("data:mirror"), MODE_AND_TIMES, false));
      tried(() -> files.keep(path("data:mirror"), path("data:dir"), MODE_AND_TIMES, false));
      tried(() -> files.sync(path("data:dir")));
      tried(() -> seen.add("size " + files.status(path("data:dir/f")).size()));
      tried(() -> seen.add("size " + files.statusFollowingLinks(path("data:dir/f")).size()));
      tried(() -> seen.addAll(names("data:dir")));
      tried(() -> files.isBelow(path("data:dir/x"), path("data:mirror")));
      tried(() -> files.delete(path("data:dir/l")));
      tried(() -> files.delete(path("data:dir/hard")));
      seen.add(Files.getPosixFilePermissions(data.resolve("mirror")).toString());
      for (String made : List.of("taken", "hard", "link2")) {
        seen.add(shown(data.resolve(made)));
        Files.deleteIfExists(data.resolve(made));
      }
    });

    swaps.assertOutsideUntouched();
    assertThat(seen)
        .contains("size 4", "mine", "f")
        .doesNotContain("size 6", "secret", OUTSIDE.toString());
  }

  private static String shown(Path path) throws IOException {
    return Files.isSymbolicLink(path)
        ? Files.readSymbolicLink(path).toString()
        : Files.exists(path) ? Files.readString(path) : "";
  }

  // ---- Tools

  private RootPath magic() {
    return new RootPath("data", List.of("magic"));
  }

  /** The same names outside as inside, all with a secret. */
  private DirectorySwaps swaps() throws IOException {
    Files.createDirectories(outside.resolve("sub"));
    Files.writeString(outside.resolve("f"), "secret");
    Files.writeString(outside.resolve("sub/f"), "secret");
    Files.createSymbolicLink(outside.resolve("l"), Path.of("secret"));
    Files.setPosixFilePermissions(outside, OUTSIDE);
    Files.writeString(data.resolve("source"), "mine");
    Files.createSymbolicLink(data.resolve("source-link"), Path.of("mine"));
    Files.createDirectories(data.resolve("dir/sub"));
    return new DirectorySwaps(data.resolve("dir"), data, outside);
  }

  /** Through what is tested: the test itself must not be led out either. */
  private void makeInside() throws Exception {
    tried(() -> files.createDirectory(path("data:dir/sub"), true));
    tried(() -> copy(path("data:source"), path("data:dir/f")));
    tried(() -> copy(path("data:source"), path("data:dir/sub/f")));
  }

  /** It may fail in whatever way; what counts is what it did not do. */
  private static void tried(DirectorySwaps.Attempt attempt) throws ExecutionException {
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
}
