package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page as a browser asks for them. */
class PageIntegrationTests {

  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href)=\"([^\"#]+)\"|from '\\./([^']+)'");

  private static TestService service;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    service = TestService.start(directory);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page/style.css", "/page/icon.svg", "/page/main.js"})
  void file_isKeptByTheBrowser_andAskedForAgain(String path) {
    Answer first = service.get(path);
    Answer again = service.get(path, "If-None-Match", first.header("ETag"));
    Answer head = service.send(service.request(path).method("HEAD", BodyPublishers.noBody()));

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(head.header("Content-Length")).isEqualTo(first.header("Content-Length"));
    assertThat(head.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page/style.css", "/page/icon.svg", "/page/main.js"})
  void file_mayLoadAndRunOnlyWhatComesFromHere(String path) {
    Answer answer = service.get(path);

    assertThat(answer.header("Content-Security-Policy"))
        .startsWith("default-src 'self';")
        .doesNotContain("unsafe", "http", "*");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
  }

  @Test
  void types_areThoseThatBrowsersInsistOn() {
    assertThat(service.get("/").header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(service.get("/page/style.css").header("Content-Type"))
        .isEqualTo("text/css;charset=UTF-8");
    assertThat(service.get("/page/main.js").header("Content-Type"))
        .isEqualTo("text/javascript;charset=UTF-8");
  }

  @Test
  void everyFileThatIsReferredTo_isThere_belowThePage() {
    List<String> ofPage = references("/");
    assertThat(ofPage).contains("page/main.js", "page/style.css").allMatch(this::isRelative);
    assertThat(ofPage).allMatch(path -> service.get("/" + path).status() == 200);

    List<String> ofScript = references("/page/main.js");
    assertThat(ofScript).contains("stream.js").allMatch(this::isRelative);
    assertThat(ofScript).allMatch(path -> service.get("/page/" + path).status() == 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page",
        "/page/",
        "/page/index.html",
        "/page/other.js",
        "/page/..%2Fapplication.properties",
        "/application.properties",
        "/index.html"
      })
  void anyOtherAddress_isUnknownWhateverTheMethod(String path) {
    assertThat(service.get(path).status()).isEqualTo(404);
    assertThat(service.post(path, "{}").status()).isEqualTo(404);
    assertThat(service.get(path).at("code")).isEqualTo("NOT_FOUND");
  }

  @Test
  void page_isOnlyRead() {
    Answer answer = service.post("/", "{}");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET,HEAD,OPTIONS");
  }

  private boolean isRelative(String reference) {
    return !reference.startsWith("/") && !reference.contains(":");
  }

  private static List<String> references(String path) {
    return REFERENCE
        .matcher(service.get(path).text())
        .results()
        .map(PageIntegrationTests::referred)
        .toList();
  }

  private static String referred(MatchResult found) {
    return found.group(1) == null ? found.group(2) : found.group(1);
  }
}
