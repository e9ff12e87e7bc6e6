package dev.asyncops.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the form for Linux does beyond the contract. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LinuxFilesTests extends FileAccessFixture {

  private static final long HOLE = 64L << 20;

  private static final String ACL = "system.posix_acl_access";

  /** Version 2; then a tag, permissions and a number each. */
  private static final byte[] ACL_OF_ONE_MORE_USER =
      HexFormat.of()
          .parseHex(
              "02000000"
                  + "01000600ffffffff"
                  + "02000400d2040000"
                  + "04000400ffffffff"
                  + "10000400ffffffff"
                  + "20000400ffffffff");

  @Override
  FileAccess access(Roots roots) {
    return new LinuxFileAccess(roots);
  }

  // ---- The root

  @Test
  void rootThatIsReplaced_isFoundAtTheLatestByTheCallAfterAFailure() throws Exception {
    files.status(path("data:"));
    Files.move(data, host.resolve("before"));
    Files.createDirectory(data);
    Files.writeString(data.resolve("f"), "new");

    assertThat(foundAfterAtMostOneFailure(path("data:f"))).isTrue();
    assertThat(new String(files.read(path("data:f"), 10), UTF_8)).isEqualTo("new");
  }

  private boolean foundAfterAtMostOneFailure(RootPath path) throws OperationException {
    try {
      files.status(path);
    } catch (OperationException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
      files.status(path);
    }
    return true;
  }

  // ---- Holes

  @Test
  void holes_stayHoles() throws Exception {
    sparse("source", HOLE, new byte[] {1, 2, 3}, HOLE);

    copyAll("data:source", "data:target");

    assertThat(Files.mismatch(data.resolve("source"), data.resolve("target"))).isEqualTo(-1);
    assertThat(bytesOnDisk("target")).isLessThan(1 << 20);
  }

  @Test
  void fileThatIsAllHole_isCopiedAsOne() throws Exception {
    sparse("source", HOLE, new byte[0], 0);

    copyAll("data:source", "data:target");

    assertThat(Files.size(data.resolve("target"))).isEqualTo(HOLE);
    assertThat(bytesOnDisk("target")).isLessThan(1 << 20);
  }

  @Test
  void fileWithHoles_isVerified() throws Exception {
    sparse("source", 10_000, new byte[] {1}, 10_000);

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
      while (copy.step(1000) > 0) {}
      while (copy.verifyStep(1000) > 0) {}
      copy.finish(NOTHING, false);

      assertThat(copy.sha256()).hasSize(64);
    }
    assertThat(Files.mismatch(data.resolve("source"), data.resolve("target"))).isEqualTo(-1);
  }

  // ---- Depth and length

  @Test
  void treeDeeperThanHandlesAreHeld_isRemoved() throws Exception {
    RootPath top = path("data:top");
    deepTree(top, "d", 300);

    removeAll(top);

    assertThat(data).isEmptyDirectory();
  }

  @Test
  void treeOf200LevelsOfTheLongestNames_isMadeReadAndRemoved() throws Exception {
    RootPath top = path("data:top");

    RootPath lowest = deepTree(top, "n".repeat(255), 200);

    assertThat(files.status(lowest.resolve("f")).size()).isZero();
    try (OpenDirectory directory = files.openDirectory(lowest.parent())) {
      assertFails(ErrorCode.NOT_EMPTY, () -> directory.delete(lowest.name()));
    }
    removeAll(top);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void removal_holdsFewHandles_howeverDeepTheTree() throws Exception {
    RootPath top = path("data:top");
    deepTree(top, "d", 200);
    int before = openHandles();

    try (TreeRemoval removal = files.openRemoval(top)) {
      int most = 0;
      while (removal.step(1)) {
        most = Math.max(most, openHandles() - before);
      }
      assertThat(most).isBetween(10, LinuxTreeRemoval.MOST_OPEN + 10);
    }
    assertThat(openHandles()).isLessThanOrEqualTo(before);
  }

  // ---- Directories by handle

  @Test
  void p13_openDirectory_isReachedEvenIfItsPathChanges() throws Exception {
    Files.createDirectory(data.resolve("d"));
    Files.writeString(data.resolve("d/f"), "");
    Files.createDirectory(data.resolve("other"));
    Files.writeString(data.resolve("other/f"), "");

    try (OpenDirectory directory = files.openDirectory(path("data:d"))) {
      Files.move(data.resolve("d"), data.resolve("moved"));
      Files.createSymbolicLink(data.resolve("d"), Path.of("other"));
      directory.delete("f");
    }

    assertThat(data.resolve("moved")).isEmptyDirectory();
    assertThat(data.resolve("other/f")).exists();
  }

  @Test
  void k8_pair_isReachedEvenIfItsPathsChange() throws Exception {
    Files.createDirectories(data.resolve("from"));
    Files.writeString(data.resolve("from/f"), "mine");
    Files.createDirectory(data.resolve("to"));

    try (DirectoryPair pair = files.openPair(path("data:from"), path("data:to"))) {
      for (String name : new String[] {"from", "to"}) {
        Files.move(data.resolve(name), data.resolve("moved-" + name));
        Files.createSymbolicLink(data.resolve(name), outside);
      }
      try (FileCopy copy = pair.openCopy("f", "g")) {
        while (copy.step(100) > 0) {}
        copy.finish(NOTHING, false);
      }
      assertThatThrownBy(() -> pair.openCopy("secret", "h")).isInstanceOf(OperationException.class);
    }

    assertThat(data.resolve("moved-to/g")).hasContent("mine");
    assertThat(outside.toFile().list()).containsExactly("secret");
  }

  @Test
  void p16_linkInAPair_isNotFollowed() throws Exception {
    Files.createSymbolicLink(data.resolve("l"), outside.resolve("secret"));

    try (DirectoryPair pair = files.openPair(path("data:"), path("data:"))) {
      assertFails(ErrorCode.NOT_REGULAR_FILE, () -> pair.openCopy("l", "x"));
    }
    assertThat(data.toFile().list()).containsExactly("l");
  }

  // ---- Attributes

  @Test
  void accessControlList_isKeptWithTheXattrs() throws Exception {
    Files.writeString(data.resolve("source"), "x");
    setAttribute("source", ACL, ACL_OF_ONE_MORE_USER);

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
      while (copy.step(100) > 0) {}
      copy.finish(EnumSet.allOf(KeptAttribute.class), false);
    }

    assertThat(attribute("target", ACL)).isEqualTo(ACL_OF_ONE_MORE_USER);
  }

  @Test
  void attributesOfTheSystem_areKept_whereTheProcessMaySetThem() throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Files.writeString(data.resolve("source"), "x");
    setAttribute("source", "trusted.colour", new byte[] {1, 2});

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
      while (copy.step(100) > 0) {}
      copy.finish(EnumSet.of(KeptAttribute.XATTRS), false);
    }

    assertThat(attribute("target", "trusted.colour")).containsExactly(1, 2);
  }

  // ---- Publishing

  @Test
  void k8_directoryIsPublishedInOneStep_neverOverAnEmptyOne() throws Exception {
    Files.createDirectories(data.resolve("staged/x"));
    Files.createDirectory(data.resolve("taken"));

    assertFails(
        ErrorCode.EXISTS, () -> files.publish(path("data:staged"), path("data:taken"), false));

    assertThat(data.resolve("staged/x")).exists();
    assertThat(data.resolve("taken")).isEmptyDirectory();
  }

  // ---- Tools

  private void sparse(String name, long before, byte[] content, long after) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(data.resolve(name).toFile(), "rw")) {
      file.setLength(before + content.length + after);
      file.seek(before);
      file.write(content);
    }
  }

  private void copyAll(String source, String target) throws OperationException {
    try (FileCopy copy = openCopy(path(source), path(target))) {
      while (copy.step(FileCopy.CHUNK) > 0) {}
      copy.finish(MODE_AND_TIMES, true);
    }
  }

  private void setAttribute(String name, String attribute, byte[] value) throws OperationException {
    try (LinuxHandle file = new LinuxSandbox(roots).open(path("data:" + name), 0)) {
      MemorySegment buffer = LinuxMemory.ofThread().buffer;
      MemorySegment.copy(value, 0, buffer, JAVA_BYTE, 0, value.length);
      long result = LinuxCalls.fsetxattr(file.number(), attribute.getBytes(UTF_8), value.length);
      assertThat(result).isZero();
    }
  }

  private byte[] attribute(String name, String attribute) throws OperationException {
    try (LinuxHandle file = new LinuxSandbox(roots).open(path("data:" + name), 0)) {
      long length = LinuxCalls.fgetxattr(file.number(), attribute.getBytes(UTF_8));
      assertThat(length).isPositive();
      return LinuxLinks.taken(length);
    }
  }

  private long bytesOnDisk(String name) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", data.resolve(name).toString()).start();
    return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
  }

  /** Made by one name after the other, as the paths are too long for a call. */
  private RootPath deepTree(RootPath top, String name, int levels) throws OperationException {
    RootPath directory = top;
    files.createDirectory(directory, true);
    for (int i = 0; i < levels; i++) {
      directory = directory.resolve(name);
      files.createDirectory(directory, true);
    }
    Path empty = data.resolve("empty");
    try {
      Files.createFile(empty);
      RootPath source = path("data:empty");
      try (FileCopy copy = openCopy(source, directory.resolve("f"))) {
        copy.finish(NOTHING, false);
      }
      Files.delete(empty);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return directory;
  }

  private void removeAll(RootPath top) throws OperationException {
    try (TreeRemoval removal = files.openRemoval(top)) {
      while (removal.step(10)) {}
    }
  }

  private static int openHandles() throws IOException {
    try (var handles = Files.list(Path.of("/proc/self/fd"))) {
      return (int) handles.count();
    }
  }
}
