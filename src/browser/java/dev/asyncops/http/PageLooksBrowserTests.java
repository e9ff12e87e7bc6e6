package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether everybody can see and use the page, by day and by night. */
class PageLooksBrowserTests extends PageFixture {

  /** The contrast of two colours of the style as WCAG 2 computes it. */
  private static final String CONTRAST =
      """
      const light = name => {
        const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        const [r, g, b] = [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16) / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const [less, more] = [light(arguments[0]), light(arguments[1])].sort((a, b) => a - b);
      return String((more + 0.05) / (less + 0.05));
      """;

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyPart_isAccessible(String scheme) throws Exception {
    browser.prefer("prefers-color-scheme", scheme);
    assertThat(browser.violations()).isEmpty();

    somethingToSee();
    browser.awaitText("#list > li:first-child", "RUNNING");
    browser.show(failedOperation());
    browser.awaitText("#items > li", "NOT_FOUND");
    assertThat(browser.violations()).isEmpty();

    for (int form = 1; form <= 3; form++) {
      browser.openForm(form);
      browser.click("#starts > details:nth-of-type(%d) .more summary".formatted(form));
      browser.click("#starts > details:nth-of-type(%d) button".formatted(form));
      assertThat(browser.violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void colours_differEnough(String scheme) {
    browser.prefer("prefers-color-scheme", scheme);

    assertThat(contrast("--line", "--back")).isGreaterThan(3);
    assertThat(contrast("--on-accent", "--accent")).isGreaterThan(4.5);
    for (String text : List.of("--text", "--soft", "--accent", "--good", "--bad", "--warn")) {
      assertThat(contrast(text, "--back")).as(text).isGreaterThan(4.5);
      assertThat(contrast(text, "--raised")).as(text).isGreaterThan(4.5);
    }
  }

  @Test
  void night_isDark() {
    browser.prefer("prefers-color-scheme", "dark");

    assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(20, 24, 31)");
  }

  @Test
  void picture_isSmall() throws Exception {
    somethingToSee();
    browser.show(failedOperation());
    browser.awaitText("#items > li", "NOT_FOUND");
    Browser.waitUntil(() -> browser.text("#list").contains("ETA"));
    Browser.waitUntil(() -> browser.text("#list-error").isEmpty());
    byte[] picture = browser.picture();

    assertThat(picture).hasSizeLessThan(150_000);
    String wanted = System.getProperty("screenshot");
    if (wanted != null) {
      Files.write(Path.of(wanted), picture);
    }
  }

  private double contrast(String one, String other) {
    return Double.parseDouble(String.valueOf(browser.run(CONTRAST, one, other)));
  }

  private String failedOperation() {
    String operation =
        service.started(
            "/ops/delete-batch",
            """
            {"paths":["data:in/report.csv","data:in/old.csv","data:in/gone.csv"],
             "labels":{"team":"archive"}}\
            """);
    service.ended(operation);
    return operation;
  }

  /** Some that are over, and a copy that is slow. */
  private void somethingToSee() throws IOException {
    Files.createDirectories(service.path("data:in"));
    Files.writeString(service.path("data:in/report.csv"), "a,b\n");
    Files.write(service.path("data:big"), new byte[32 << 20]);
    service.ended(
        service.started("/ops/copy", "{\"source\":\"data:in\",\"destination\":\"archive:in\"}"));
    service.started(
        "/ops/copy",
        """
        {"source":"data:big","destination":"archive:big","bytesPerSecond":1000000}\
        """);
  }
}
