package dev.asyncops.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every implementation of {@link FileAccess} has to do. */
abstract class FileAccessContract {

  private static final FileTime LONG_AGO =
      FileTime.from(Instant.ofEpochSecond(1_000_000_000L, 123_456_789));
  private static final Set<KeptAttribute> NOTHING = Set.of();
  private static final Set<KeptAttribute> MODE_AND_TIMES =
      Set.of(KeptAttribute.MODE, KeptAttribute.TIMES);

  @TempDir Path host;
  private Path data;
  private Path outside;
  private Roots roots;
  private FileAccess files;

  abstract FileAccess access(Roots roots);

  @BeforeEach
  void makeRoots() throws IOException {
    data = Files.createDirectory(host.resolve("data"));
    outside = Files.createDirectory(host.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Path frozen = Files.createDirectory(host.resolve("frozen"));
    Files.writeString(frozen.resolve("f"), "f");
    roots =
        new Roots(
            List.of(
                new Root("data", data, false),
                new Root("frozen", frozen, true),
                new Root("gone", host.resolve("gone"), false)));
    files = access(roots);
  }

  // ---- Looking

  @Test
  void status_saysWhatIsThere() throws Exception {
    Files.writeString(data.resolve("f"), "hello");
    Files.setAttribute(data.resolve("f"), "unix:mode", 0640);
    setTimes(data.resolve("f"));
    Files.createLink(data.resolve("g"), data.resolve("f"));
    Files.createDirectory(data.resolve("d"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("nowhere"));

    FileStatus status = files.status(path("data:f"));

    assertThat(status.type()).isEqualTo(FileStatus.Type.FILE);
    assertThat(status.size()).isEqualTo(5);
    assertThat(status.mode()).isEqualTo(0640);
    assertThat(status.modified()).isEqualTo(LONG_AGO);
    assertThat(status.links()).isEqualTo(2);
    assertThat(status.isSameFileAs(files.status(path("data:g")))).isTrue();
    assertThat(files.status(path("data:d")).type()).isEqualTo(FileStatus.Type.DIRECTORY);
    assertThat(files.status(path("data:l")).type()).isEqualTo(FileStatus.Type.SYMLINK);
    assertThat(files.status(path("data:")).type()).isEqualTo(FileStatus.Type.DIRECTORY);
  }

  @Test
  void status_ofWhatIsNotThere_namesThePlaceAndNotTheHost() {
    assertThatThrownBy(() -> files.status(path("data:no/such")))
        .hasMessage("'data:no' does not exist.");
    assertThatThrownBy(() -> files.status(path("data:such")))
        .hasMessage("'data:such' does not exist.");
    assertFails(ErrorCode.NOT_FOUND, () -> files.status(path("data:no/such")));
  }

  @Test
  void status_belowAFile_fails() throws Exception {
    Files.writeString(data.resolve("f"), "");

    assertThatThrownBy(() -> files.status(path("data:f/x")))
        .asInstanceOf(InstanceOfAssertFactories.type(OperationException.class))
        .matches(e -> e.code() == ErrorCode.NOT_DIRECTORY || e.code() == ErrorCode.NOT_FOUND);
    assertFails(ErrorCode.NOT_DIRECTORY, () -> files.status(path("data:f/x/y")));
  }

  @Test
  void rootThatIsNotThere_isNotMounted_untilItIs() throws Exception {
    assertFails(ErrorCode.NOT_MOUNTED, () -> files.status(path("gone:")));
    assertFails(ErrorCode.NOT_MOUNTED, () -> files.status(path("gone:a/b")));

    Files.createDirectory(host.resolve("gone"));

    assertThat(files.status(path("gone:")).type()).isEqualTo(FileStatus.Type.DIRECTORY);
    Files.delete(host.resolve("gone"));
    assertFails(ErrorCode.NOT_MOUNTED, () -> files.status(path("gone:a/b")));
    assertFails(ErrorCode.NOT_MOUNTED, () -> files.status(path("gone:a")));
  }

  @Test
  void statusFollowingLinks_followsInsideTheRootOnly() throws Exception {
    Files.writeString(data.resolve("f"), "hello");
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));
    Files.createSymbolicLink(data.resolve("dangling"), Path.of("nowhere"));
    Files.createSymbolicLink(data.resolve("out"), outside.resolve("secret"));

    assertThat(files.statusFollowingLinks(path("data:l")))
        .matches(s -> s.type() == FileStatus.Type.FILE);
    assertFails(ErrorCode.NOT_FOUND, () -> files.statusFollowingLinks(path("data:dangling")));
    assertFails(ErrorCode.PERMISSION_DENIED, () -> files.statusFollowingLinks(path("data:out")));
  }

  @Test
  void list_givesEveryNameOnce_inBits() throws Exception {
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 25; i++) {
      Files.writeString(data.resolve("f" + i), "");
      expected.add("f" + i);
    }

    List<String> seen = new ArrayList<>();
    try (DirectoryListing listing = files.list(path("data:"))) {
      for (List<String> bit = listing.next(10); !bit.isEmpty(); bit = listing.next(10)) {
        assertThat(bit).hasSizeLessThanOrEqualTo(10);
        seen.addAll(bit);
      }
    }

    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void list_ofAnythingElse_isRefused() throws Exception {
    Files.writeString(data.resolve("f"), "");
    Files.createDirectory(data.resolve("d"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("d"));

    assertFails(ErrorCode.NOT_DIRECTORY, () -> files.list(path("data:f")));
    assertFails(ErrorCode.NOT_DIRECTORY, () -> files.list(path("data:l")));
    assertFails(ErrorCode.NOT_FOUND, () -> files.list(path("data:no")));
  }

  @Test
  void nameThatIsNotUtf8_leadsBackToItsFile() throws Exception {
    Files.writeString(Path.of(URI.create(data.toUri() + "%FFx%C3%A9%80")), "content");
    Files.writeString(data.resolve("\uFFFDx"), "other");

    List<String> names = names("data:");

    assertThat(names).hasSize(2).contains("\uDCFFxé\uDC80", "\uFFFDx");
    RootPath odd = path("data:").resolve("\uDCFFxé\uDC80");
    assertThat(odd).hasToString("data:\uFFFDxé\uFFFD");
    assertThat(new String(files.read(odd, 10), UTF_8)).isEqualTo("content");
    files.delete(odd);
    assertThat(names("data:")).containsExactly("\uFFFDx");
  }

  @Test
  void read_givesSmallRegularFilesOnly() throws Exception {
    Files.writeString(data.resolve("f"), "12345");
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));
    Files.createDirectory(data.resolve("d"));

    assertThat(files.read(path("data:f"), 5)).hasSize(5);
    assertThat(files.read(path("data:l"), 5)).hasSize(5);
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> files.read(path("data:f"), 4));
    assertFails(ErrorCode.IS_DIRECTORY, () -> files.read(path("data:d"), 5));
    assertFails(ErrorCode.NOT_FOUND, () -> files.read(path("data:no"), 5));
  }

  @Test
  void fifo_isNeitherReadNorCopied() throws Exception {
    new ProcessBuilder("mkfifo", data.resolve("pipe").toString()).start().waitFor();

    assertThat(files.status(path("data:pipe")).type()).isEqualTo(FileStatus.Type.OTHER);
    assertFails(ErrorCode.NOT_REGULAR_FILE, () -> files.read(path("data:pipe"), 5));
    assertFails(
        ErrorCode.NOT_REGULAR_FILE, () -> files.openCopy(path("data:pipe"), path("data:x")));
    assertThat(data.resolve("x")).doesNotExist();
  }

  @Test
  void isBelow_followsLinksInParents_andNeedsNoDestination() throws Exception {
    Files.createDirectories(data.resolve("tree/sub"));
    Files.createDirectory(data.resolve("other"));
    Files.createSymbolicLink(data.resolve("in"), Path.of("tree/sub"));

    assertThat(files.isBelow(path("data:tree/x"), path("data:tree"))).isTrue();
    assertThat(files.isBelow(path("data:tree"), path("data:tree"))).isTrue();
    assertThat(files.isBelow(path("data:in/x"), path("data:tree"))).isTrue();
    assertThat(files.isBelow(path("data:in/no/such/x"), path("data:tree"))).isTrue();
    assertThat(files.isBelow(path("data:tree2"), path("data:tree"))).isFalse();
    assertThat(files.isBelow(path("data:other/no/x"), path("data:tree"))).isFalse();
    assertThat(files.isBelow(path("data:in"), path("data:tree"))).isFalse();
  }

  // ---- Removing

  @Test
  void p13_delete_takesFilesLinksAndEmptyDirectories() throws Exception {
    Files.writeString(data.resolve("f"), "");
    Files.createDirectory(data.resolve("empty"));
    Files.createDirectories(data.resolve("full/x"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));

    files.delete(path("data:l"));
    assertThat(data.resolve("f")).exists();
    files.delete(path("data:f"));
    files.delete(path("data:empty"));

    assertFails(ErrorCode.NOT_EMPTY, () -> files.delete(path("data:full")));
    assertFails(ErrorCode.NOT_FOUND, () -> files.delete(path("data:f")));
    assertFails(ErrorCode.PERMISSION_DENIED, () -> files.delete(path("data:")));
    assertThat(names("data:")).containsExactly("full");
  }

  @Test
  void removal_takesAWholeTreeInBits_andNotWhatLinksLeadTo() throws Exception {
    Files.createDirectories(data.resolve("tree/a/b/c"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(data.resolve("tree/a/b/f" + i), "");
    }
    Files.createSymbolicLink(data.resolve("tree/a/out"), outside);
    Files.setAttribute(data.resolve("tree/a/b"), "unix:mode", 0500);

    int steps = 0;
    try (TreeRemoval removal = files.openRemoval(path("data:tree"))) {
      assertThat(data.resolve("tree")).exists();
      while (removal.step(10)) {
        steps++;
      }
    }

    assertThat(data).isEmptyDirectory();
    assertThat(outside.resolve("secret")).exists();
    assertThat(steps).isBetween(2, 4);
  }

  @Test
  void removal_ofNothing_isOverAtOnce() throws Exception {
    try (TreeRemoval removal = files.openRemoval(path("data:no"))) {
      assertThat(removal.step(10)).isFalse();
    }
  }

  // ---- Copying

  @Test
  void k10_copyIsPrivate_untilItIsFinished() throws Exception {
    source("hello");

    try (FileCopy copy = files.openCopy(path("data:source"), path("data:target"))) {
      assertThat(files.status(path("data:target")).mode()).isEqualTo(0600);
      moveAll(copy, 2);
      assertThat(files.status(path("data:target")).mode()).isEqualTo(0600);
      copy.finish(MODE_AND_TIMES, true);
    }

    FileStatus target = files.status(path("data:target"));
    assertThat(data.resolve("target")).hasContent("hello");
    assertThat(target.mode()).isEqualTo(0754);
    assertThat(target.modified()).isEqualTo(LONG_AGO);
    assertThat(target.accessed()).isEqualTo(LONG_AGO);
  }

  @Test
  void k10_withoutMode_copyIsNotMoreReadableThanItsSource() throws Exception {
    source("hello");
    Files.setAttribute(data.resolve("source"), "unix:mode", 04604);

    copy("data:source", "data:target", NOTHING);

    int mode = files.status(path("data:target")).mode();
    assertThat(mode & ~0604).isZero();
    assertThat(mode & 0600).isEqualTo(0600);
    assertThat(files.status(path("data:target")).modified()).isNotEqualTo(LONG_AGO);
  }

  @Test
  void k8_copyThatIsGivenUp_leavesNothing() throws Exception {
    source("hello");

    try (FileCopy copy = files.openCopy(path("data:source"), path("data:target"))) {
      copy.step(3);
    }

    assertThat(names("data:")).containsExactly("source");
  }

  @Test
  void k9_stepMovesAtMostAChunk() throws Exception {
    byte[] big = new byte[(int) FileCopy.CHUNK + 10];
    big[big.length - 1] = 1;
    Files.write(data.resolve("source"), big);

    try (FileCopy copy = files.openCopy(path("data:source"), path("data:target"))) {
      assertThat(copy.step(Long.MAX_VALUE)).isBetween(1L, FileCopy.CHUNK);
      moveAll(copy, Long.MAX_VALUE);
      copy.finish(NOTHING, false);
    }

    assertThat(Files.mismatch(data.resolve("source"), data.resolve("target"))).isEqualTo(-1);
  }

  @Test
  void sourceThatChanges_failsTheCopy() throws Exception {
    source("hello");
    assertChangeIsSeen(() -> Files.writeString(data.resolve("source"), "hello, world"));
    source("hello");
    assertChangeIsSeen(() -> Files.writeString(data.resolve("source"), "h"));
    source("hello");
    assertChangeIsSeen(() -> Files.writeString(data.resolve("source"), "HELLO"));
    source("hello");
    assertChangeIsSeen(() -> {
      Files.move(data.resolve("source"), data.resolve("moved"));
      source("hello");
    });
  }

  private void assertChangeIsSeen(Change change) throws Exception {
    try (FileCopy copy = files.openCopy(path("data:source"), path("data:target"))) {
      copy.step(1);
      change.run();
      moveAll(copy, 100);
      assertFails(ErrorCode.SOURCE_CHANGED, () -> copy.finish(MODE_AND_TIMES, false));
    }
    assertThat(data.resolve("target")).doesNotExist();
  }

  private interface Change {
    void run() throws IOException;
  }

  @Test
  void verification_readsBackAndDigests() throws Exception {
    source("abc");

    try (FileCopy copy = files.openCopy(path("data:source"), path("data:target"))) {
      moveAll(copy, 100);
      while (copy.verifyStep(2) > 0) {}
      copy.finish(NOTHING, false);

      assertThat(copy.sha256())
          .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
  }

  @Test
  void verification_findsWhatIsNotAsItWasWritten() throws Exception {
    source("abc");

    try (FileCopy copy = files.openCopy(path("data:source"), path("data:target"))) {
      moveAll(copy, 100);
      Files.writeString(data.resolve("target"), "abd");
      assertFails(ErrorCode.VERIFY_FAILED, () -> copy.verifyStep(100));
    }
    assertThat(data.resolve("target")).doesNotExist();
  }

  @Test
  void copy_needsAFreeName_andARegularSource() throws Exception {
    source("hello");
    Files.writeString(data.resolve("target"), "old");
    Files.createDirectory(data.resolve("d"));

    assertFails(ErrorCode.EXISTS, () -> files.openCopy(path("data:source"), path("data:target")));
    assertFails(ErrorCode.IS_DIRECTORY, () -> files.openCopy(path("data:d"), path("data:x")));
    assertFails(ErrorCode.NOT_FOUND, () -> files.openCopy(path("data:no"), path("data:x")));
    assertFails(ErrorCode.NOT_FOUND, () -> files.openCopy(path("data:source"), path("data:no/x")));
    assertThat(data.resolve("target")).hasContent("old");
    assertThat(data.resolve("x")).doesNotExist();
  }

  @Test
  void ownerAndXattrs_areKept() throws Exception {
    source("hello");
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            data.resolve("source"), UserDefinedFileAttributeView.class, NOFOLLOW_LINKS);
    view.write("colour", ByteBuffer.wrap(new byte[] {1, 2, 3}));

    copy("data:source", "data:target", EnumSet.allOf(KeptAttribute.class));

    assertThat(Files.getAttribute(data.resolve("target"), "user:colour"))
        .isEqualTo(new byte[] {1, 2, 3});
    assertThat(files.status(path("data:target")).uid())
        .isEqualTo(files.status(path("data:source")).uid());
  }

  @Test
  void setIdBits_areKept_whereTheOwnerIsTheSame() throws Exception {
    source("hello");
    Files.setAttribute(data.resolve("source"), "unix:mode", 06755);

    copy("data:source", "data:target", MODE_AND_TIMES);

    assertThat(files.status(path("data:target")).mode()).isEqualTo(06755);
  }

  @Test
  void link_isCopiedAsALink_withItsTimes() throws Exception {
    Files.createSymbolicLink(data.resolve("l"), Path.of("../outside/nowhere"));
    setTimes(data.resolve("l"));

    files.copyLink(path("data:l"), path("data:m"), EnumSet.allOf(KeptAttribute.class));

    assertThat(Files.readSymbolicLink(data.resolve("m"))).hasToString("../outside/nowhere");
    assertThat(files.status(path("data:m")).modified()).isEqualTo(LONG_AGO);
    assertFails(ErrorCode.EXISTS, () -> files.copyLink(path("data:l"), path("data:m"), NOTHING));
  }

  @Test
  void link_givesAFileOneMoreName() throws Exception {
    source("hello");

    files.link(path("data:source"), path("data:second"));

    assertThat(files.status(path("data:second"))).matches(s -> s.links() == 2 && s.size() == 5);
    assertFails(ErrorCode.EXISTS, () -> files.link(path("data:source"), path("data:second")));
  }

  @Test
  void directory_isPrivate_untilItGetsItsAttributes() throws Exception {
    Files.createDirectory(data.resolve("d"));
    Files.setAttribute(data.resolve("d"), "unix:mode", 01775);
    setTimes(data.resolve("d"));

    files.createDirectory(path("data:e"), false);
    assertThat(files.status(path("data:e")).mode()).isEqualTo(0700);
    files.keep(path("data:d"), path("data:e"), MODE_AND_TIMES, true);
    files.sync(path("data:e"));

    assertThat(files.status(path("data:e")).mode()).isEqualTo(01775);
    assertThat(files.status(path("data:e")).modified()).isEqualTo(LONG_AGO);
    assertFails(ErrorCode.EXISTS, () -> files.createDirectory(path("data:e"), false));
  }

  // ---- Publishing

  @Test
  void k8_publish_toAFreeName() throws Exception {
    source("new");
    Files.createSymbolicLink(data.resolve("l"), Path.of("x"));
    Files.createDirectories(data.resolve("d/sub"));

    files.publish(path("data:source"), path("data:f2"), false);
    files.publish(path("data:l"), path("data:l2"), false);
    files.publish(path("data:d"), path("data:d2"), false);

    assertThat(names("data:")).containsExactlyInAnyOrder("f2", "l2", "d2");
    assertThat(Files.isSymbolicLink(data.resolve("l2"))).isTrue();
    assertThat(data.resolve("d2/sub")).isDirectory();
  }

  @Test
  void k8_publish_withoutReplacing_leavesWhatExists() throws Exception {
    source("new");
    Files.createDirectory(data.resolve("d"));
    Files.writeString(data.resolve("old"), "old");
    Files.createDirectory(data.resolve("empty"));
    Files.createSymbolicLink(data.resolve("dangling"), Path.of("nowhere"));

    for (String existing : List.of("data:old", "data:empty", "data:dangling")) {
      assertFails(
          ErrorCode.EXISTS, () -> files.publish(path("data:source"), path(existing), false));
      assertFails(ErrorCode.EXISTS, () -> files.publish(path("data:d"), path(existing), false));
    }
    assertThat(data.resolve("old")).hasContent("old");
    assertThat(data.resolve("source")).hasContent("new");
  }

  @Test
  void k8_publish_replacing_takesFilesAndLinksOnly() throws Exception {
    source("new");
    Files.createDirectory(data.resolve("d"));
    Files.writeString(outside.resolve("kept"), "kept");
    Files.createSymbolicLink(data.resolve("l"), outside.resolve("kept"));

    assertFails(
        ErrorCode.IS_DIRECTORY, () -> files.publish(path("data:source"), path("data:d"), true));
    files.publish(path("data:source"), path("data:l"), true);

    assertThat(Files.isSymbolicLink(data.resolve("l"))).isFalse();
    assertThat(data.resolve("l")).hasContent("new");
    assertThat(outside.resolve("kept")).hasContent("kept");
  }

  // ---- The sandbox

  /** Every call that takes a path, on a path below a link that leads out. */
  static Stream<Arguments> callsOnAPath() {
    return Stream.of(
        call("status", (f, p) -> f.status(p)),
        call("statusFollowingLinks", (f, p) -> f.statusFollowingLinks(p)),
        call("isBelow", (f, p) -> f.isBelow(p, inData("d"))),
        call("isBelow2", (f, p) -> f.isBelow(inData("d"), p)),
        call("list", (f, p) -> f.list(p).close()),
        call("delete", (f, p) -> f.delete(p)),
        call("openRemoval", (f, p) -> removeAll(f, p)),
        call("read", (f, p) -> f.read(p, 100)),
        call("createDirectory", (f, p) -> f.createDirectory(p, true)),
        call("openCopy from", (f, p) -> f.openCopy(p, inData("new")).close()),
        call("openCopy to", (f, p) -> f.openCopy(inData("f"), p).close()),
        call("copyLink from", (f, p) -> f.copyLink(p, inData("new"), NOTHING)),
        call("copyLink to", (f, p) -> f.copyLink(inData("l"), p, NOTHING)),
        call("link from", (f, p) -> f.link(p, inData("new"))),
        call("link to", (f, p) -> f.link(inData("f"), p)),
        call("keep from", (f, p) -> f.keep(p, inData("d"), NOTHING, true)),
        call("keep to", (f, p) -> f.keep(inData("d"), p, NOTHING, true)),
        call("sync", (f, p) -> f.sync(p)),
        call("publish from", (f, p) -> f.publish(p, inData("new"), true)),
        call("publish to", (f, p) -> f.publish(inData("f"), p, true)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOnAPath")
  void p16_linkThatLeadsOut_isRefused_inEveryPosition(String name, PathCall call) throws Exception {
    Files.writeString(data.resolve("f"), "f");
    Files.createDirectories(data.resolve("d/e"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));
    Files.createSymbolicLink(data.resolve("out"), outside);
    Files.createSymbolicLink(data.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(data.resolve("d/e/out"), Path.of("../../../outside"));
    Files.createSymbolicLink(data.resolve("twice"), Path.of("d/e/out"));

    for (String hostile :
        List.of("out/secret", "up/outside/secret", "d/e/out/secret", "twice/secret")) {
      assertFails(ErrorCode.PERMISSION_DENIED, () -> call.run(files, path("data:" + hostile)));
    }

    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(outside.toFile().list()).containsExactly("secret");
    assertThat(data.resolve("new")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOnAPath")
  void p16_linkAtTheEnd_isNeverFollowedOut(String name, PathCall call) throws Exception {
    Files.writeString(data.resolve("f"), "f");
    Files.createDirectories(data.resolve("d/e"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));
    Files.createSymbolicLink(data.resolve("leaf"), outside.resolve("secret"));
    Files.createSymbolicLink(data.resolve("dir"), outside);
    byte[] mode = Files.getAttribute(outside, "unix:mode").toString().getBytes(UTF_8);

    for (String leaf : List.of("data:leaf", "data:dir")) {
      try {
        call.run(files, path(leaf));
      } catch (OperationException e) {
        assertThat(e.detail()).doesNotContain(host.toString());
      }
    }

    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(outside.toFile().list()).containsExactly("secret");
    assertThat(Files.getAttribute(outside, "unix:mode").toString().getBytes(UTF_8)).isEqualTo(mode);
    assertThat(readable(data.resolve("new"))).isNotEqualTo("secret");
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        call("delete", (f, p) -> f.delete(p)),
        call("openRemoval", (f, p) -> removeAll(f, p)),
        call("createDirectory", (f, p) -> f.createDirectory(p, true)),
        call("openCopy", (f, p) -> f.openCopy(inData("f"), p).close()),
        call("copyLink", (f, p) -> f.copyLink(inData("l"), p, NOTHING)),
        call("link", (f, p) -> f.link(inData("f"), p)),
        call("keep", (f, p) -> f.keep(inData("f"), p, NOTHING, true)),
        call("publish from", (f, p) -> f.publish(p, inData("new"), true)),
        call("publish to", (f, p) -> f.publish(inData("f"), p, true)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void readOnlyRoot_isNotChanged(String name, PathCall call) throws Exception {
    Files.writeString(data.resolve("f"), "f");
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));

    assertFails(ErrorCode.READ_ONLY, () -> call.run(files, path("frozen:f")));
    assertFails(ErrorCode.READ_ONLY, () -> call.run(files, path("frozen:x")));

    assertThat(host.resolve("frozen/f")).hasContent("f");
    assertThat(host.resolve("frozen").toFile().list()).containsExactly("f");
  }

  @Test
  void linkInsideTheRoot_mayBeAParent() throws Exception {
    Files.createDirectory(data.resolve("d"));
    Files.writeString(data.resolve("d/f"), "inside");
    Files.createSymbolicLink(data.resolve("in"), data.resolve("d"));

    assertThat(files.read(path("data:in/f"), 10)).hasSize(6);
    files.delete(path("data:in/f"));

    assertThat(data.resolve("d")).isEmptyDirectory();
  }

  // ---- Tools

  interface PathCall {
    void run(FileAccess files, RootPath path) throws OperationException;
  }

  private static Arguments call(String name, PathCall call) {
    return arguments(name, call);
  }

  private static RootPath inData(String name) {
    return new RootPath("data", List.of(name));
  }

  private static void removeAll(FileAccess files, RootPath top) throws OperationException {
    try (TreeRemoval removal = files.openRemoval(top)) {
      while (removal.step(10)) {}
    }
  }

  private RootPath path(String text) throws OperationException {
    return roots.parse(text);
  }

  private List<String> names(String directory) throws OperationException {
    try (DirectoryListing listing = files.list(path(directory))) {
      return listing.next(1000);
    }
  }

  private void source(String content) throws IOException {
    Files.writeString(data.resolve("source"), content);
    Files.setAttribute(data.resolve("source"), "unix:mode", 0754);
    setTimes(data.resolve("source"));
  }

  private static void setTimes(Path path) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(LONG_AGO, LONG_AGO, null);
  }

  private static void moveAll(FileCopy copy, long atMost) throws OperationException {
    while (copy.step(atMost) > 0) {}
  }

  private void copy(String source, String target, Set<KeptAttribute> attributes)
      throws OperationException {
    try (FileCopy copy = files.openCopy(path(source), path(target))) {
      moveAll(copy, FileCopy.CHUNK);
      copy.finish(attributes, true);
    }
  }

  private static String readable(Path path) throws IOException {
    return Files.isRegularFile(path, NOFOLLOW_LINKS) ? Files.readString(path) : "";
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(InstanceOfAssertFactories.type(OperationException.class))
        .extracting(OperationException::code)
        .isEqualTo(code);
  }
}
