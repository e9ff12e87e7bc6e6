package dev.asyncops.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no implementation of {@link FileAccess} may do: leave a root. */
abstract class SandboxContract extends FileAccessFixture {

  /** Every call that takes a path, on a path below a link that leads out. */
  static Stream<Arguments> callsOnAPath() {
    return Stream.of(
        call("status", (f, p) -> f.status(p)),
        call("statusFollowingLinks", (f, p) -> f.statusFollowingLinks(p)),
        call("isBelow", (f, p) -> f.isBelow(p, inData("d"))),
        call("isBelow2", (f, p) -> f.isBelow(inData("d"), p)),
        call("list", (f, p) -> f.list(p).close()),
        call("openDirectory", (f, p) -> f.openDirectory(p).close()),
        call("delete", (f, p) -> f.delete(p)),
        call("openRemoval", (f, p) -> removeAll(f, p)),
        call("read", (f, p) -> f.read(p, 100)),
        call("createDirectory", (f, p) -> f.createDirectory(p, true)),
        call("openCopy from", (f, p) -> openCopy(f, p, inData("new")).close()),
        call("openCopy to", (f, p) -> openCopy(f, inData("f"), p).close()),
        call("copyLink from", (f, p) -> copyLink(f, p, inData("new"), NOTHING)),
        call("copyLink to", (f, p) -> copyLink(f, inData("l"), p, NOTHING)),
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

  /** Not NOT_FOUND in one call and NOT_DIRECTORY in another. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOnAPath")
  void pathThroughAFile_isNotDirectory(String name, PathCall call) throws Exception {
    Files.writeString(data.resolve("f"), "f");
    Files.createDirectories(data.resolve("d/e"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("f"));

    for (String through : List.of("data:f/x", "data:f/x/y", "data:l/x")) {
      assertFails(ErrorCode.NOT_DIRECTORY, () -> call.run(files, path(through)));
    }

    assertThat(data.toFile().list()).containsExactlyInAnyOrder("f", "d", "l");
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        call("delete", (f, p) -> f.delete(p)),
        call("openRemoval", (f, p) -> removeAll(f, p)),
        call("createDirectory", (f, p) -> f.createDirectory(p, true)),
        call("openCopy", (f, p) -> openCopy(f, inData("f"), p).close()),
        call("copyLink", (f, p) -> copyLink(f, inData("l"), p, NOTHING)),
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

  private static String readable(Path path) throws IOException {
    return Files.isRegularFile(path, NOFOLLOW_LINKS) ? Files.readString(path) : "";
  }
}
