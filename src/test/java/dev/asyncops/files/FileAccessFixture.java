package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three roots, one of them read-only and one that is not there, and a directory beside them. */
abstract class FileAccessFixture {

  static final FileTime LONG_AGO =
      FileTime.from(Instant.ofEpochSecond(1_000_000_000L, 123_456_789));
  static final Set<KeptAttribute> NOTHING = Set.of();
  static final Set<KeptAttribute> MODE_AND_TIMES = Set.of(KeptAttribute.MODE, KeptAttribute.TIMES);

  @TempDir Path host;
  Path data;
  Path outside;
  Roots roots;
  FileAccess files;

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

  RootPath path(String text) throws OperationException {
    return roots.parse(text);
  }

  FileCopy openCopy(RootPath source, RootPath target) throws OperationException {
    return openCopy(files, source, target);
  }

  /** The directories are given back at once: the copy needs them no more. */
  static FileCopy openCopy(FileAccess files, RootPath source, RootPath target)
      throws OperationException {
    try (DirectoryPair pair = files.openPair(source.parent(), target.parent())) {
      return pair.openCopy(source.name(), target.name());
    }
  }

  static void copyLink(
      FileAccess files, RootPath source, RootPath target, Set<KeptAttribute> attributes)
      throws OperationException {
    try (DirectoryPair pair = files.openPair(source.parent(), target.parent())) {
      pair.copyLink(source.name(), target.name(), attributes);
    }
  }

  List<String> names(String directory) throws OperationException {
    try (DirectoryListing listing = files.list(path(directory))) {
      return listing.next(1000);
    }
  }

  static void setTimes(Path path) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(LONG_AGO, LONG_AGO, null);
  }

  static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(InstanceOfAssertFactories.type(OperationException.class))
        .extracting(OperationException::code)
        .isEqualTo(code);
  }
}
