package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.operations.CopyRequest.OnConflict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files with several names, copied into a directory that has some of them already. */
@Timeout(60)
class CopyLinksTests {

  @TempDir Path host;
  private CopyFixture fixture;
  private Path src;
  private Path dst;

  @BeforeEach
  void makePair() throws Exception {
    fixture = new CopyFixture(host);
    src = Files.createDirectory(fixture.data.resolve("src"));
    dst = Files.createDirectory(fixture.data.resolve("dst"));
    Files.writeString(src.resolve("a"), "content");
    Files.createLink(src.resolve("b"), src.resolve("a"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void update_linksAMissingName_toTheOneThatIsCurrent() throws Exception {
    for (String there : new String[] {"a", "b"}) {
      copyOver(there);

      update();

      assertOnePair();
      Files.delete(dst.resolve("a"));
      Files.delete(dst.resolve("b"));
    }
  }

  @Test
  void update_joinsNamesThatAreCurrentButApart() throws Exception {
    copyOver("a");
    copyOver("b");

    CopyFixture.Outcome outcome = update();

    assertOnePair();
    assertThat(fixture.counts(outcome)).isEqualTo("1/0/2/0");
  }

  @Test
  void update_replacesAnOutdatedName_byALinkToTheCurrentOne() throws Exception {
    copyOver("a");
    Files.writeString(dst.resolve("b"), "outdated");

    update();

    assertOnePair();
  }

  @Test
  void update_ofAPairThatIsThere_skipsIt() throws Exception {
    copyOver("a");
    Files.createLink(dst.resolve("b"), dst.resolve("a"));

    assertThat(fixture.counts(update())).isEqualTo("0/0/3/0");
    assertOnePair();
  }

  @Test
  void update_ofAnOutdatedPair_makesAPairAgain() throws Exception {
    Files.writeString(dst.resolve("a"), "outdated");
    Files.createLink(dst.resolve("b"), dst.resolve("a"));

    update();

    assertOnePair();
  }

  @Test
  void skip_neverLinksToWhatItLeft_whichMayBeAnything() throws Exception {
    for (String there : new String[] {"a", "b"}) {
      String missing = there.equals("a") ? "b" : "a";
      Files.writeString(dst.resolve(there), "other");

      CopyFixture.Outcome outcome = merge(OnConflict.SKIP);

      assertThat(fixture.counts(outcome)).isEqualTo("1/0/2/0");
      assertThat(dst.resolve(there)).hasContent("other");
      assertThat(dst.resolve(missing)).hasContent("content");
      Files.delete(dst.resolve(there));
      Files.delete(dst.resolve(missing));
    }
  }

  @Test
  void update_withoutLinks_leavesWhatIsCurrentAlone() throws Exception {
    copyOver("a");
    copyOver("b");
    Files.setLastModifiedTime(dst, Files.getLastModifiedTime(src));

    CopyFixture.Outcome outcome =
        fixture
            .copy("data:src", "data:dst")
            .preserve(CopyRequest.Preserve.TIMES)
            .onConflict(OnConflict.UPDATE)
            .run();

    assertThat(fixture.counts(outcome)).isEqualTo("0/0/3/0");
    assertThat(CopyFixture.tree(dst).get("a")).contains("nlink=1");
  }

  @Test
  void dryRun_changesNothing() throws Exception {
    copyOver("a");

    CopyFixture.Outcome outcome =
        fixture.copy("data:src", "data:dst").onConflict(OnConflict.UPDATE).dryRun().run();

    assertThat(outcome.error()).isNull();
    assertThat(dst.toFile().list()).containsExactly("a");
  }

  @Test
  void nameThatIsADirectoryAtTheDestination_failsAlone() throws Exception {
    copyOver("a");
    Files.createDirectory(dst.resolve("b"));

    CopyFixture.Outcome outcome = update();

    assertThat(outcome.item("data:src/b").code()).isEqualTo(ErrorCode.IS_DIRECTORY);
    assertThat(fixture.counts(outcome)).isEqualTo("0/1/2/0");
  }

  // ---- Tools

  private CopyFixture.Outcome update() throws Exception {
    return merge(OnConflict.UPDATE);
  }

  private CopyFixture.Outcome merge(OnConflict rule) throws Exception {
    Files.setLastModifiedTime(dst, Files.getLastModifiedTime(src)); // the directory is current too
    CopyFixture.Outcome outcome = fixture.copy("data:src", "data:dst").onConflict(rule).run();
    assertThat(outcome.error()).isNull();
    return outcome;
  }

  private void copyOver(String name) throws Exception {
    Files.copy(src.resolve(name), dst.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void assertOnePair() {
    assertThat(CopyFixture.tree(dst)).isEqualTo(CopyFixture.tree(src));
    assertThat(CopyFixture.tree(dst).get("a")).contains("nlink=2");
  }
}
