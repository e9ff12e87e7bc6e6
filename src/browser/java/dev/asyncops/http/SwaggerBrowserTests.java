package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The description of the API, as people read it in Swagger UI. */
@Timeout(180)
class SwaggerBrowserTests {

  @TempDir Path directory;

  @Test
  void operations_areListed_andOneIsShown_withoutComplaints() throws IOException {
    try (TestService service = TestService.start(directory, "asyncops.shutdown.drain=0s");
        Browser browser =
            new Browser("http://127.0.0.1:%d/swagger-ui.html".formatted(service.port()))) {
      browser.awaitText(".info .title", "asyncops");
      Browser.waitUntil(() -> browser.count(".opblock") > 0);
      assertThat(listed(browser)).isEqualTo(described(service.get("/v3/api-docs").json()));
      assertThat(browser.count(".opblock.is-open")).isZero();

      browser.click("#operations-start-startCopy .opblock-summary-control");
      browser.awaitText("#operations-start-startCopy .opblock-body", "Parameters");

      assertThat(browser.count(".opblock.is-open")).isEqualTo(1);
      assertThat(browser.text("#operations-start-startCopy .opblock-body"))
          .contains("Idempotency-Key", "data:in", "202", "400");
      assertThat(browser.count(".errors-wrapper")).isZero();
      assertThat(browser.console()).isEmpty();
    }
  }

  /** The ids of the boxes, {@code operations-tag-operationId}. */
  private static Set<?> listed(Browser browser) {
    Object ids =
        browser.run("return [...document.querySelectorAll('.opblock')].map(box => box.id)");
    return new TreeSet<>((List<?>) ids);
  }

  private static Set<String> described(JsonNode description) {
    Set<String> ids = new TreeSet<>();
    for (JsonNode path : description.get("paths")) {
      for (JsonNode operation : path) {
        String tag = operation.at("/tags/0").asString();
        ids.add("operations-%s-%s".formatted(tag, operation.get("operationId").asString()));
      }
    }
    return ids;
  }
}
