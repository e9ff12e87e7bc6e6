package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.LogCapture;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Ticker;
import dev.asyncops.operations.CopyFixture.Asked;
import dev.asyncops.operations.CopyFixture.Outcome;
import dev.asyncops.operations.CopyRemainsTests.Access;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies that go on, or are cleaned up, after their process was killed. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class CopyResumptionTests {

  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @RegisterExtension final LogCapture log = new LogCapture(CopyRemains.class);

  @TempDir Path host;
  private final Access access;
  private CopyFixture fixture;
  private Path data;
  private Path archive;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  CopyResumptionTests(Access access) {
    this.access = access;
  }

  @BeforeEach
  void open() {
    fixture = new CopyFixture(host, Ticker.system(), access::open);
    data = fixture.data;
    archive = fixture.archive;
    fixture.files.hook = (call, path) -> calls.add(call);
  }

  @AfterEach
  void close() {
    assertThat(fixture.context.failureCount()).isZero();
    fixture.close();
  }

  // ---- What the attempt before has left

  @Test
  void whatWasGrowing_isRemoved_andTheCopyBeginsAnew() throws Exception {
    write(data.resolve("f"), "new");
    write(archive.resolve(temporary("g")), "ne");
    write(data.resolve("src/f"), "f");
    write(archive.resolve(temporary("dst") + "/gone/by/now"), "x");

    Outcome file = resumed(fixture.copy("data:f", "archive:g"));
    Outcome tree = resumed(fixture.copy("data:src", "archive:dst"));

    assertThat(file.result()).isEqualTo(new CopyResult(1, 0, 0, 3));
    assertThat(tree.result()).isEqualTo(new CopyResult(2, 0, 0, 1));
    assertThat(archive.resolve("g")).hasContent("new");
    assertThat(CopyFixture.tree(archive.resolve("dst")))
        .isEqualTo(CopyFixture.tree(data.resolve("src")));
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void whatWasGrowingInAMergedDirectory_isRemoved_alsoOfWhatIsGoneFromTheSource() throws Exception {
    write(data.resolve("src/d/f"), "new");
    write(archive.resolve("dst/d/f"), "old");
    write(archive.resolve("dst/d/" + temporary("gone")), "x");

    Outcome outcome =
        resumed(fixture.copy("data:src", "archive:dst").onConflict(OnConflict.OVERWRITE));

    assertThat(outcome.result()).isEqualTo(new CopyResult(3, 0, 0, 3));
    assertThat(archive.resolve("dst/d/f")).hasContent("new");
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void cancelDuringTheRemoval_endsCancelled_withNothingLeft() throws Exception {
    write(data.resolve("src/f"), "f");
    write(archive.resolve(temporary("dst") + "/f"), "f");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("removalStep")) {
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = resumed(fixture.copy("data:src", "archive:dst"));

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(fixture.counts(outcome)).isEqualTo("0/0/0/1");
    assertThat(archive).isEmptyDirectory();
  }

  // ---- What was published before the process ended

  @Test
  void fileThatWasPublished_hasSucceeded_andIsNotCopiedAgain() throws Exception {
    write(data.resolve("f"), "hello");
    Asked asked = fixture.copy("data:f", "archive:g");
    asked.run();
    Map<String, String> before = CopyFixture.tree(archive.resolve("g"));

    Outcome outcome = resumed(asked);

    assertThat(outcome.result()).isEqualTo(new CopyResult(1, 0, 0, 5));
    assertThat(fixture.counts(outcome)).isEqualTo("1/0/0/0");
    assertThat(fixture.bytes(outcome)).isEqualTo("5/5");
    assertThat(outcome.phases()).containsExactly("CLEANING", "COMPARING");
    assertThat(calls).contains("openComparison").doesNotContain("openCopy", "publish");
    assertThat(CopyFixture.tree(archive.resolve("g"))).isEqualTo(before);
  }

  @Test
  void largeFileThatWasPublished_isComparedToItsEnd() throws Exception {
    byte[] content = new byte[9 << 20];
    Files.write(data.resolve("f"), content);
    Asked asked = fixture.copy("data:f", "archive:g");
    asked.run();
    assertThat(resumed(asked).result().bytes()).isEqualTo(content.length);
    content[content.length - 1] = 1;
    Files.write(data.resolve("f"), content);
    Files.setLastModifiedTime(data.resolve("f"), LONG_AGO);
    Files.setLastModifiedTime(archive.resolve("g"), LONG_AGO);

    assertThat(resumed(asked).failure().code()).isEqualTo(ErrorCode.EXISTS);
  }

  @Test
  void linkThatWasPublished_hasSucceeded_ifItSaysTheSame() throws Exception {
    Files.createSymbolicLink(data.resolve("l"), Path.of("here"));
    Asked asked = fixture.copy("data:l", "archive:l").preserve(Preserve.MODE);
    asked.run();
    assertThat(resumed(asked).result()).isEqualTo(new CopyResult(1, 0, 0, 0));
    Files.delete(data.resolve("l"));
    Files.createSymbolicLink(data.resolve("l"), Path.of("else"));

    assertThat(resumed(asked).failure().code()).isEqualTo(ErrorCode.EXISTS);
  }

  @Test
  void treeThatWasPublished_hasSucceeded_withTheCountsItWouldHaveHad() throws Exception {
    makeTree();
    Asked asked = fixture.copy("data:src", "archive:dst").filtered(List.of(), List.of("**/no"));
    Outcome first = asked.run();
    Map<String, String> before = CopyFixture.tree(archive.resolve("dst"));

    Outcome outcome = resumed(asked);

    assertThat(outcome.result()).isEqualTo(first.result());
    assertThat(fixture.counts(outcome)).isEqualTo(fixture.counts(first));
    assertThat(CopyFixture.tree(archive.resolve("dst"))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"more", "less", "content", "size", "time", "type", "link", "directory"})
  void treeThatDiffers_existsAsBefore(String difference) throws Exception {
    makeTree();
    Asked asked = fixture.copy("data:src", "archive:dst");
    asked.run();
    Path dst = archive.resolve("dst");
    Path file = dst.resolve("d1/e/f1");
    FileTime time = Files.getLastModifiedTime(file);
    FileTime parentTime = Files.getLastModifiedTime(file.getParent());
    FileTime topTime = Files.getLastModifiedTime(dst);
    switch (difference) {
      case "more" -> write(file.resolveSibling("more"), "x");
      case "less" -> Files.delete(file);
      case "content" -> Files.writeString(file, "g1");
      case "size" -> Files.writeString(file, "f11");
      case "type" -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      case "link" -> {
        Files.delete(dst.resolve("link"));
        Files.createSymbolicLink(dst.resolve("link"), Path.of("d1/e/f2"));
      }
      case "directory" -> Files.createDirectory(dst.resolve("d1/e/more"));
      default -> {}
    }
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, difference.equals("time") ? LONG_AGO : time);
    }
    Files.setLastModifiedTime(file.getParent(), parentTime);
    Files.setLastModifiedTime(dst, topTime);
    Map<String, String> before = CopyFixture.tree(dst);

    Outcome outcome = resumed(asked);

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(fixture.counts(outcome)).isEqualTo("0/1/0/0");
    assertThat(CopyFixture.tree(dst)).isEqualTo(before);
  }

  @Test
  void timesAreLookedAtFirst_whereTheyAreKept_andElseNotAtAll() throws Exception {
    write(data.resolve("f"), "hello");
    fixture.copy("data:f", "archive:g").run();
    Files.setLastModifiedTime(archive.resolve("g"), LONG_AGO);
    Asked asked = fixture.copy("data:f", "archive:g");

    assertThat(resumed(asked).failure().code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(calls).doesNotContain("openComparison");
    assertThat(resumed(asked.preserve(Preserve.MODE)).result().succeeded()).isEqualTo(1);
  }

  @Test
  void whereSomethingWasLeft_nothingWasPublished() throws Exception {
    write(data.resolve("f"), "hello");
    Asked asked = fixture.copy("data:f", "archive:g");
    asked.run();
    write(archive.resolve(temporary("g")), "he");

    assertThat(resumed(asked).failure().code()).isEqualTo(ErrorCode.EXISTS);
    assertThat(fixture.leftovers()).isEmpty();
  }

  @Test
  void aCopyThatDoesNotGoOn_isNotCompared() throws Exception {
    write(data.resolve("f"), "hello");
    Asked asked = fixture.copy("data:f", "archive:g");
    asked.run();

    assertThat(asked.run().failure().code()).isEqualTo(ErrorCode.EXISTS);
  }

  @Test
  void theSourceItself_isNoCopyOfIt() throws Exception {
    write(data.resolve("f"), "hello");
    Files.createLink(archive.resolve("g"), data.resolve("f"));

    assertThat(resumed(fixture.copy("data:f", "archive:g")).failure().code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void cancelDuringTheComparison_endsCancelled_andWhatIsThereStays() throws Exception {
    makeTree();
    Asked asked = fixture.copy("data:src", "archive:dst");
    asked.run();
    Map<String, String> before = CopyFixture.tree(archive);
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("openComparison")) {
            fixture.cancellable.cancel();
          }
        };

    Outcome outcome = resumed(asked);

    assertThat(outcome.failure().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(fixture.counts(outcome)).isEqualTo("0/0/0/1");
    assertThat(CopyFixture.tree(archive)).isEqualTo(before);
  }

  // ---- What was being cancelled

  @Test
  void cleanUp_removesWhatWasLeft_andEndsCancelled() throws Exception {
    write(archive.resolve(TemporaryName.of(OperationDriver.ID, "dst") + "/f"), "f");

    assertThat(cleanUp().error().code()).isEqualTo(ErrorCode.CANCELLED);

    assertThat(archive).isEmptyDirectory();
    assertThat(log.lines(Level.WARN)).isEmpty();
  }

  @Test
  void cleanUpThatFails_endsCancelledToo_andSaysHowManyStayed() throws Exception {
    write(archive.resolve(TemporaryName.of(OperationDriver.ID, "dst") + "/f"), "f");
    fixture.files.hook =
        (call, path) -> {
          if (call.equals("removalStep")) {
            throw new OperationException(ErrorCode.BUSY, "busy");
          }
        };

    assertThat(cleanUp().error().code()).isEqualTo(ErrorCode.CANCELLED);

    assertThat(log.lines(Level.WARN))
        .containsExactly(
            "Operation %s may have left something behind: 0 removed, 1 could not be."
                .formatted(OperationDriver.ID));
  }

  @ParameterizedTest
  @EnumSource(OnConflict.class)
  void cleanUp_ofWhatWasPublishedAllTheSame_tellsThatItSucceeded(OnConflict policy)
      throws Exception {
    makeTree();
    Asked asked = fixture.copy("data:src", "archive:dst").onConflict(policy);
    long items = asked.run().result().succeeded();
    Map<String, String> before = CopyFixture.tree(archive.resolve("dst"));

    OperationDriver<CopyResult> end = cleanUp(asked);

    assertThat(end.value().succeeded()).isEqualTo(items);
    assertThat(end.ended(ItemState.SUCCEEDED)).isEqualTo(items);
    assertThat(CopyFixture.tree(archive.resolve("dst"))).isEqualTo(before);
  }

  @Test
  void cleanUp_ofWhatIsNotTheSource_leavesItAndEndsCancelled() throws Exception {
    makeTree();
    write(archive.resolve("dst/other"), "x");

    assertThat(cleanUp().error().code()).isEqualTo(ErrorCode.CANCELLED);

    assertThat(archive.resolve("dst/other")).hasContent("x");
  }

  // ---- Steps

  private Outcome resumed(Asked asked) {
    calls.clear();
    fixture.resumes = true;
    try {
      return asked.run();
    } finally {
      fixture.resumes = false;
    }
  }

  private OperationDriver<CopyResult> cleanUp() throws OperationException {
    return cleanUp(fixture.copy("data:src", "archive:dst"));
  }

  private OperationDriver<CopyResult> cleanUp(Asked asked) {
    CopyCleanUp operation = new CopyCleanUp(asked.request, fixture.services);
    return new OperationDriver<CopyResult>(fixture.context, operation).run();
  }

  private void makeTree() throws IOException {
    Path src = data.resolve("src");
    for (int i = 0; i < 150; i++) {
      write(src.resolve("d%d/e/f%d".formatted(i % 3, i)), "f" + i);
    }
    write(src.resolve("d1/no"), "x");
    write(src.resolve("empty"), "");
    Files.createDirectory(src.resolve("d4"));
    Files.createSymbolicLink(src.resolve("link"), Path.of("d1/e/f1"));
  }

  private static String temporary(String name) {
    return TemporaryName.of(CopyFixture.ID, name);
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
