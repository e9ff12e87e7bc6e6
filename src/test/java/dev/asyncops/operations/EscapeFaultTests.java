package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Priority;
import dev.asyncops.files.DirectorySwaps;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whole operations, while somebody swaps a directory on their way for a link to the outside. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class EscapeFaultTests {

  @TempDir Path host;
  private CopyFixture fixture;
  private IoPools pools;
  private Path outside;
  private int round;

  @BeforeEach
  void open() throws Exception {
    fixture = new CopyFixture(host);
    pools = new IoPools(fixture.roots.all(), 2);
    outside = Files.createDirectory(host.resolve("outside"));
    makeTree(outside, "secret");
    makeTree(fixture.data.resolve("src/sub"), "mine");
  }

  @AfterEach
  void close() {
    pools.close();
    fixture.close();
  }

  @Test
  void p16_sourceOfACopy_isReadInsideOnly() throws Exception {
    DirectorySwaps swaps =
        new DirectorySwaps(fixture.data.resolve("src/sub"), fixture.data, outside);

    swaps.during(() -> {
      String destination = "archive:copy" + ++round;
      fixture.copy("data:src", destination).durability(Durability.NONE).run();
      fixture.copy("data:src/sub/f1", destination + "-f").durability(Durability.NONE).run();
      fixture.copy("data:src/sub", destination + "-s").durability(Durability.NONE).run();
      assertNothingSecretIn(fixture.archive);
      for (String suffix : List.of("", "-f", "-s")) {
        delete(fixture.roots.parse(destination + suffix));
      }
    });

    assertThat(round).isGreaterThan(1);
    swaps.assertOutsideUntouched();
    assertThat(fixture.archive).isEmptyDirectory();
  }

  @Test
  void p16_destinationOfACopy_isWrittenInsideOnly() throws Exception {
    makeTree(fixture.archive.resolve("dst/sub"), "old");
    DirectorySwaps swaps =
        new DirectorySwaps(fixture.archive.resolve("dst/sub"), fixture.archive, outside);

    swaps.during(() -> {
      round++;
      fixture
          .copy("data:src", "archive:dst")
          .durability(Durability.NONE)
          .onConflict(round % 2 == 0 ? OnConflict.OVERWRITE : OnConflict.UPDATE)
          .run();
      fixture.copy("data:src", "archive:dst/sub/new" + round).run();
      fixture.copy("data:src/sub/f1", "archive:dst/sub/f" + round).run();
    });

    assertThat(round).isGreaterThan(1);
    swaps.assertOutsideUntouched();
  }

  @Test
  void p16_recursiveDeletion_staysInside() throws Exception {
    makeTree(fixture.data.resolve("tree"), "mine");
    Files.writeString(fixture.data.resolve("one"), "mine");
    DirectorySwaps swaps =
        new DirectorySwaps(fixture.data.resolve("src/sub"), fixture.data, outside);

    swaps.during(() -> {
      round++;
      delete(fixture.roots.parse("data:src/sub/d"));
      delete(fixture.roots.parse("data:src/sub/f1"));
      fixture.copy("data:one", "data:src/sub/f1").durability(Durability.NONE).run();
      fixture.copy("data:tree", "data:src/sub/d").durability(Durability.NONE).run();
    });

    assertThat(round).isGreaterThan(1);
    swaps.assertOutsideUntouched();
  }

  /** The address file too: what is outside is not read through a link. */
  @Test
  void p16_linksOutOfTheRoot_areRefusedInEveryPlaceOfARequest() throws Exception {
    Files.createSymbolicLink(fixture.data.resolve("out"), outside);
    Files.createSymbolicLink(fixture.data.resolve("up"), Path.of(".."));

    for (String way : List.of("data:out/f1", "data:up/outside/f1", "data:out/d/g")) {
      CopyFixture.Outcome read = fixture.copy(way, "archive:stolen").run();
      CopyFixture.Outcome written = fixture.copy("data:src", way + "-planted").run();
      CopyFixture.Outcome replaced =
          fixture.copy("data:src/sub/f1", way).onConflict(OnConflict.OVERWRITE).run();

      assertThat(read.failure().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      assertThat(written.failure().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      assertThat(replaced.failure().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      assertThat(delete(fixture.roots.parse(way)).items())
          .allMatch(item -> item.code() == ErrorCode.PERMISSION_DENIED)
          .hasSize(1);
    }

    assertThat(outside.toFile().list()).containsExactlyInAnyOrder("d", "f0", "f1", "f2", "l");
    assertNothingSecretIn(fixture.archive);
    assertNothingSecretIn(fixture.data.resolve("src"));
  }

  // ---- Tools

  private static void makeTree(Path top, String content) throws IOException {
    Files.createDirectories(top.resolve("d"));
    Files.writeString(top.resolve("d/g"), content);
    for (int i = 0; i < 3; i++) {
      Files.writeString(top.resolve("f" + i), content);
    }
    Files.createSymbolicLink(top.resolve("l"), Path.of(content));
  }

  private OperationDriver<DeleteBatchResult> delete(RootPath path) {
    DeleteBatchOperation operation =
        new DeleteBatchOperation(
            new DeleteBatchRequest(List.of(path), true, false, false, false),
            new OperationOptions(Priority.DEFAULT, null),
            new OperationServices(fixture.context, fixture.files, pools));
    return new OperationDriver<>(fixture.context, operation).run();
  }

  private static void assertNothingSecretIn(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        if (Files.isSymbolicLink(path)) {
          assertThat(Files.readSymbolicLink(path).toString()).isNotEqualTo("secret");
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          assertThat(path).content().isNotEqualTo("secret");
        }
      }
    }
  }
}
