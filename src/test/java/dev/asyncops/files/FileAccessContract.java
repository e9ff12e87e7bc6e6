package dev.asyncops.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.async.ErrorCode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link FileAccess} has to do: looking and removing. */
abstract class FileAccessContract extends FileAccessFixture {

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
  void listing_saysWhatItsEntriesAre() throws Exception {
    Files.writeString(data.resolve("f"), "hello");
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));

    try (DirectoryListing listing = files.list(path("data:"))) {
      assertThat(listing.status("f")).isEqualTo(files.status(path("data:f")));
      assertThat(listing.status("l").type()).isEqualTo(FileStatus.Type.SYMLINK);
      Files.delete(data.resolve("f"));
      assertFails(ErrorCode.NOT_FOUND, () -> listing.status("f"));
    }
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
    assertFails(ErrorCode.NOT_REGULAR_FILE, () -> openCopy(path("data:pipe"), path("data:x")));
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
}
