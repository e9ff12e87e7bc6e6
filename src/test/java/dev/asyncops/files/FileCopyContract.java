package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link FileAccess} has to do: copying and publishing. */
abstract class FileCopyContract extends FileAccessFixture {

  @Test
  void k10_copyIsPrivate_untilItIsFinished() throws Exception {
    source("hello");

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
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

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
      copy.step(3);
    }

    assertThat(names("data:")).containsExactly("source");
  }

  @Test
  void k8_copyThatIsGivenUp_isGoneBeforeItIsClosed() throws Exception {
    source("hello");

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
      copy.step(3);
      copy.giveUp();

      assertThat(names("data:")).containsExactly("source");
    }
    assertThat(names("data:")).containsExactly("source");
  }

  @Test
  void flush_endsAndChangesNothing() throws Exception {
    source("hello");

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
      moveAll(copy, 100);
      copy.startFlush();
      while (copy.flushStep(2) > 0) {}
      copy.finish(MODE_AND_TIMES, true);
    }
    assertThat(data.resolve("target")).hasContent("hello");
  }

  @Test
  void pair_usesEntriesOfItsDirectories() throws Exception {
    source("hello");
    Files.createDirectory(data.resolve("d"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("d"));

    try (DirectoryPair pair = files.openPair(path("data:"), path("data:l"))) {
      try (FileCopy copy = pair.openCopy("source", "temporary")) {
        moveAll(copy, 100);
        copy.finish(NOTHING, false);
      }
      pair.copyLink("l", "m", NOTHING);
      pair.publish("temporary", "copied", false);

      assertThat(pair.targetStatus("copied").size()).isEqualTo(5);
      assertThat(pair.targetStatus("m").type()).isEqualTo(FileStatus.Type.SYMLINK);
      assertFails(ErrorCode.NOT_FOUND, () -> pair.targetStatus("temporary"));
      assertFails(ErrorCode.NOT_FOUND, () -> pair.openCopy("no", "x"));
      assertFails(ErrorCode.EXISTS, () -> pair.publish("m", "copied", false));
      pair.publish("m", "copied", true);
    }
    assertThat(names("data:d")).containsExactly("copied");
    assertThat(data.resolve("d/copied")).isSymbolicLink();
  }

  @Test
  void pair_ofAnythingButDirectories_isRefused() throws Exception {
    source("hello");

    assertFails(
        ErrorCode.NOT_DIRECTORY, () -> files.openPair(path("data:source"), path("data:")).close());
    assertFails(
        ErrorCode.NOT_DIRECTORY, () -> files.openPair(path("data:"), path("data:source")).close());
    assertFails(ErrorCode.READ_ONLY, () -> files.openPair(path("data:"), path("frozen:")).close());
  }

  @Test
  void k9_stepMovesAtMostAChunk() throws Exception {
    byte[] big = new byte[(int) FileCopy.CHUNK + 10];
    big[big.length - 1] = 1;
    Files.write(data.resolve("source"), big);

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
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
    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
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

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
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

    try (FileCopy copy = openCopy(path("data:source"), path("data:target"))) {
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

    assertFails(ErrorCode.EXISTS, () -> openCopy(path("data:source"), path("data:target")));
    assertFails(ErrorCode.IS_DIRECTORY, () -> openCopy(path("data:d"), path("data:x")));
    assertFails(ErrorCode.NOT_FOUND, () -> openCopy(path("data:no"), path("data:x")));
    assertFails(ErrorCode.NOT_FOUND, () -> openCopy(path("data:source"), path("data:no/x")));
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

    copyLink(files, path("data:l"), path("data:m"), EnumSet.allOf(KeptAttribute.class));

    assertThat(Files.readSymbolicLink(data.resolve("m"))).hasToString("../outside/nowhere");
    assertThat(files.status(path("data:m")).modified()).isEqualTo(LONG_AGO);
    assertFails(ErrorCode.EXISTS, () -> copyLink(files, path("data:l"), path("data:m"), NOTHING));
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

  private void source(String content) throws IOException {
    Files.writeString(data.resolve("source"), content);
    Files.setAttribute(data.resolve("source"), "unix:mode", 0754);
    setTimes(data.resolve("source"));
  }

  private static void moveAll(FileCopy copy, long atMost) throws OperationException {
    while (copy.step(atMost) > 0) {}
  }

  private void copy(String source, String target, Set<KeptAttribute> attributes)
      throws OperationException {
    try (FileCopy copy = openCopy(path(source), path(target))) {
      moveAll(copy, FileCopy.CHUNK);
      copy.finish(attributes, true);
    }
  }
}
