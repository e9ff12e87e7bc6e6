package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The list and the summary, over seven delete-batches, of which three failed, and a connect. */
class OperationListIntegrationTests {

  private static final List<String> IDS = new ArrayList<>();

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
    for (int i = 0; i < 7; i++) {
      String paths = i < 4 ? "[]" : "[\"data:none\"]";
      String labels =
          "{\"team\":\"%s\",\"odd\":\"%s\"}".formatted(i % 2 == 0 ? "a" : "b & c", i % 2);
      run("/ops/delete-batch", "{\"paths\":%s,\"labels\":%s}".formatted(paths, labels));
    }
    run("/ops/connect", "{\"addressFile\":\"data:none\"}");
  }

  @AfterAll
  static void stop() {
    service.close();
    IDS.clear();
  }

  @Test
  void list_isNewestFirst() {
    Answer answer = service.get("/ops");

    assertThat(ids(answer)).containsExactlyElementsOf(IDS.reversed());
    assertThat(answer.json().get("nextPageToken").isNull()).isTrue();
    assertThat(answer.header("Link")).isEmpty();
  }

  @Test
  void elements_areTheOperationsAsTheyAreRead() {
    JsonNode first = service.get("/ops").json().at("/operations/0");

    assertThat(first).isEqualTo(service.get("/ops/" + IDS.getLast()).json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state=SUCCEEDED|4",
        "state=FAILED|4",
        "state=FAILED,SUCCEEDED|8",
        "state=FAILED&state=SUCCEEDED|8",
        "state=RUNNING|0",
        "kind=connect|1",
        "kind=connect,delete-batch|8",
        "kind=delete-batch&state=FAILED|3",
        "label.team=a|4",
        "label.team=b%20%26%20c|3",
        "label.team=a&label.odd=0|4",
        "label.team=a&label.odd=1|0",
        "label.none=x|0",
        "createdAfter=2020-01-01T00:00:00Z|8",
        "createdAfter=2020-01-01T00:00:00+02:00|8",
        "createdBefore=2020-01-01T00:00:00Z|0",
        "createdAfter=2120-01-01T00:00:00Z|0",
        "whatever=x&pagesize=3|8",
      })
  void filters_narrowTheList(String query, int expected) {
    Answer answer = service.get("/ops?" + query);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(ids(answer)).hasSize(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=DONE",
        "state=running",
        "state=",
        "state=FAILED,",
        "kind=move",
        "kind=COPY",
        "pageSize=0",
        "pageSize=-1",
        "pageSize=x",
        "pageSize=1.5",
        "pageSize=",
        "pageSize=1&pageSize=2",
        "createdAfter=yesterday",
        "createdAfter=2020-01-01",
        "createdBefore=",
        "pageToken=",
        "pageToken=x",
        "pageToken=!!!",
        "pageToken=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      })
  void badParameters_areRefused(String query) {
    Answer answer = service.get("/ops?" + query);

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.at("code")).isEqualTo("INVALID_ARGUMENT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "501", "99999999999999999999"})
  void largePages_areCapped(String size) {
    assertThat(ids(service.get("/ops?pageSize=" + size))).hasSize(8);
  }

  @Test
  void pages_showEachOperationOnce() {
    List<String> seen = new ArrayList<>();

    Answer page = service.get("/ops?kind=delete-batch&pageSize=3");
    seen.addAll(ids(page));
    while (!page.header("Link").isEmpty()) {
      page = service.get(next(page));
      seen.addAll(ids(page));
    }

    assertThat(seen).containsExactlyElementsOf(IDS.subList(0, 7).reversed());
    assertThat(page.json().get("nextPageToken").isNull()).isTrue();
  }

  @Test
  void pageOfExactlyTheRest_isTheLast() {
    Answer answer = service.get("/ops?state=SUCCEEDED&pageSize=4");

    assertThat(ids(answer)).hasSize(4);
    assertThat(answer.header("Link")).isEmpty();
  }

  @Test
  void token_belongsToItsQuery() {
    String token = service.get("/ops?state=FAILED,SUCCEEDED&pageSize=1").at("nextPageToken");

    Answer same = service.get("/ops?state=SUCCEEDED&state=FAILED&pageSize=2&pageToken=" + token);
    Answer other = service.get("/ops?state=FAILED&pageToken=" + token);
    Answer none = service.get("/ops?pageToken=" + token);

    assertThat(ids(same)).containsExactly(IDS.get(IDS.size() - 2), IDS.get(IDS.size() - 3));
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.at("detail")).contains("another query");
    assertThat(none.status()).isEqualTo(400);
  }

  @Test
  void link_leadsThroughTheProxy() {
    Answer answer = service.get("/ops?pageSize=1", "X-Forwarded-Prefix", "/files/api");

    assertThat(answer.header("Link")).startsWith("</files/api/ops?pageSize=1&pageToken=");
  }

  @Test
  void summary_countsByKindAndState() {
    JsonNode summary = service.get("/ops/summary").json();

    assertThat(summary.propertyNames())
        .containsExactly("pending", "total", "queued", "running", "byKind", "byState");
    assertThat(summary.get("byKind").propertyNames())
        .containsExactly("copy", "delete-batch", "connect");
    assertThat(summary.at("/byKind/copy").propertyNames())
        .containsExactly("pending", "total", "operations");
    assertThat(summary.at("/byState/FAILED").asLong()).isEqualTo(4);
    assertThat(summary.at("/byState/SUCCEEDED").asLong()).isEqualTo(4);
    assertThat(summary.get("running").asLong()).isZero();
    assertThat(summary.get("pending").asLong()).isZero();
  }

  private static void run(String path, String body) {
    IDS.add(service.ended(service.started(path, body)).at("id"));
  }

  private static List<String> ids(Answer answer) {
    return answer.json().get("operations").valueStream().map(o -> o.get("id").asString()).toList();
  }

  private static String next(Answer page) {
    Matcher link = Pattern.compile("<(.*)>; rel=\"next\"").matcher(page.header("Link"));
    assertThat(link.matches()).isTrue();
    return link.group(1);
  }
}
