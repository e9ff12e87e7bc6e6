package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page, used as people use it. */
class PageBrowserTests extends PageFixture {

  private static final String HOSTILE = "<img src=x onerror=document.title='owned'>";

  @Test
  void copyWithALimit_isStartedWatchedAndCancelled_byKeyboardAlone() throws Exception {
    big("data:big", 64);

    browser.tabTo("Copy a file or a tree");
    browser.press(Keys.ENTER);
    browser.tabTo("copy-source");
    browser.press("data:big");
    browser.tabTo("copy-destination");
    browser.press("data:copied");
    browser.tabTo("More options");
    browser.press(Keys.ENTER);
    browser.tabTo("copy-bytesPerSecond");
    browser.press("4000000", Keys.ENTER);
    browser.awaitText("#detail .state", "RUNNING");

    assertThat(browser.focused().getAttribute("id")).isEqualTo("detail-heading");
    assertThat(browser.focused().getText()).isEqualTo("copy data:big → data:copied");
    Browser.waitUntil(() -> progress("#detail-progress") > 0.02);
    double before = progress("#detail-progress");
    Browser.waitUntil(() -> progress("#detail-progress") > before);
    assertThat(browser.text("#detail [data-field=speed]")).contains("0/1 items", "MB/s", "ETA");
    browser.tabTo("cancel");
    browser.press(Keys.ENTER);
    browser.awaitText("#detail .state", "CANCELLED");
    assertThat(browser.focused().getAttribute("id")).isEqualTo("cancel");
    assertThat(browser.attribute("#cancel", "aria-disabled")).isEqualTo("true");
    assertThat(browser.run("return document.getElementById('news').textContent"))
        .isEqualTo("copy cancelled");
    browser.awaitText("#list > li", "CANCELLED");
    assertThat(service.path("data:copied")).doesNotExist();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void operation_isPausedContinuedAndGivenAnotherPriority() throws Exception {
    big("data:big", 64);
    String operation =
        service.started(
            "/ops/copy",
            """
            {"source":"data:big","destination":"data:copied","bytesPerSecond":4000000}\
            """);
    browser.show(operation);
    browser.awaitText("#detail .state", "RUNNING");

    browser.click("#pause");
    browser.awaitText("#detail .state", "PAUSED");
    assertThat(browser.text("#pause")).isEqualTo("Continue");
    browser.type("#priority", "LOW");
    Browser.waitUntil(() -> service.get(operation).at("priority").equals("LOW"));
    browser.click("#pause");
    browser.awaitText("#detail .state", "RUNNING");
    assertThat(browser.attribute("#priority", "value")).isEqualTo("LOW");
    service.delete(operation);
    browser.awaitText("#detail .state", "CANCELLED");
  }

  @Test
  void barsOfOthers_move_withoutBeingChosen() throws Exception {
    big("data:big", 64);
    String operation =
        service.started(
            "/ops/copy",
            """
            {"source":"data:big","destination":"data:copied","bytesPerSecond":4000000}\
            """);

    browser.awaitText("#list > li", "RUNNING");
    Browser.waitUntil(() -> progress("#list progress") > 0.02);
    double before = progress("#list progress");
    Browser.waitUntil(() -> progress("#list progress") > before);

    service.delete(operation);
    browser.awaitText("#list > li", "CANCELLED");
    assertThat(browser.text("#detail")).isEqualTo("No operation chosen");
  }

  @Test
  void batchWithFailingItems_showsThem_aPageAfterTheOther_andIsRetried() {
    String paths =
        IntStream.range(0, 60)
            .mapToObj("\"data:missing-%02d\""::formatted)
            .collect(Collectors.joining(","));
    String operation = service.started("/ops/delete-batch", "{\"paths\":[%s]}".formatted(paths));
    service.ended(operation);

    browser.show(operation);
    browser.awaitText("#detail .state", "FAILED");
    Browser.waitUntil(() -> browser.count("#items > li") == 50);
    assertThat(browser.count("#first-errors > li")).isEqualTo(10);
    assertThat(browser.text("#detail [data-field=failed]")).isEqualTo("60");
    assertThat(browser.text("#items > li")).contains("data:missing-", "NOT_FOUND");
    browser.click("#items-more");
    Browser.waitUntil(() -> browser.count("#items > li") == 60);
    assertThat(browser.texts("#items > li")).doesNotHaveDuplicates();

    browser.click("#retry");
    Browser.waitUntil(() -> browser.count("#list > li") == 2);
    assertThat(browser.attribute("#list > li:first-child a", "aria-current")).isEqualTo("true");
  }

  @Test
  void whatTheServiceRefuses_isSaidAtTheField() {
    browser.openForm(1);
    browser.type("#copy-source", "data:../etc");
    browser.click("#starts details:nth-of-type(1) .more summary");
    browser.type("#copy-bytesPerSecond", "many");
    browser.type("#copy-destination", "data:x" + Keys.ENTER);
    browser.awaitText("#copy-bytesPerSecond-error", "number");
    assertThat(browser.attribute("#copy-bytesPerSecond", "aria-invalid")).isEqualTo("true");

    browser.type("#copy-bytesPerSecond", Keys.BACK_SPACE.toString().repeat(4) + Keys.ENTER);
    browser.awaitText("#copy-source-error", "..");
    assertThat(browser.focused().getAttribute("id")).isEqualTo("copy-source");
    assertThat(browser.attribute("#copy-source", "aria-describedby")).contains("copy-source-error");
    assertThat(browser.text("#copy-bytesPerSecond-error")).isEmpty();
    assertThat(browser.attribute("#copy-bytesPerSecond", "aria-invalid")).isNull();
    assertThat(service.get("/ops").json().get("operations")).isEmpty();
  }

  @Test
  void pathThatIsRefused_isNamedByItsLine() {
    browser.openForm(2);
    browser.type("#delete-batch-paths", "data:a\n\nnowhere:b");
    browser.click("#starts details:nth-of-type(2) button");

    browser.awaitText("#delete-batch-paths-error", "Line 3: ");
  }

  @Test
  void doubleClick_startsOnce() throws Exception {
    Files.createFile(service.path("data:a"));
    browser.openForm(1);
    browser.type("#copy-source", "data:a");
    browser.type("#copy-destination", "data:b");

    browser.run(
        "const b = document.querySelector('#starts details button'); b.click(); b.click();");
    browser.awaitText("#detail .state", "SUCCEEDED");

    assertThat(service.get("/ops").json().get("operations")).hasSize(1);
  }

  @Test
  void hostileTexts_areShownAsText() {
    String operation =
        service.started(
            "/ops/delete-batch",
            """
            {"paths":["data:%s"],"labels":{"%s":"%s"}}\
            """
                .formatted(HOSTILE.replace("/", ""), HOSTILE, HOSTILE));
    service.ended(operation);

    browser.show(operation);
    browser.awaitText("#detail [data-field=labels]", HOSTILE + "=" + HOSTILE);
    browser.awaitText("#detail-heading", HOSTILE);
    browser.awaitText("#items > li", HOSTILE);
    browser.awaitText("#first-errors > li", HOSTILE);
    browser.awaitText("#list > li .note", HOSTILE);
    assertThat(browser.count("img")).isZero();
    assertThat(browser.run("return document.title")).asString().doesNotStartWith("owned");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void narrowScreen_needsNoScrollingSideways() {
    String operation =
        service.started("/ops/delete-batch", "{\"paths\":[\"data:" + "a".repeat(200) + "\"]}");
    service.ended(operation);
    browser.resize(500, 800);
    browser.run("document.body.style.width = '320px'");
    browser.show(operation);
    browser.awaitText("#detail .state", "FAILED");

    assertThat(browser.run("return document.body.scrollWidth <= 320")).isEqualTo(true);
  }

  private double progress(String selector) {
    return Double.parseDouble(
        Objects.requireNonNullElse(browser.attribute(selector, "value"), "0"));
  }

  /** A file of so many MiB. */
  private void big(String path, int mebibytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(service.path(path).toFile(), "rw")) {
      file.write(new byte[mebibytes << 20]);
    }
  }
}
