package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operation of which not all roots are the caller's does not exist for it. */
@TestInstance(Lifecycle.PER_CLASS)
class ReachIntegrationTests {

  private static final List<String> ALL = List.of("read", "write", "cancel");
  private static final String UNKNOWN = "00000000-0000-7000-8000-000000000000";

  private final HangingRoot data = new HangingRoot("data");
  private TestService service;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Tokens tokens =
        new Tokens()
            .with("data", ALL, List.of("data"))
            .with("archive", ALL, List.of("archive"))
            .with("both", ALL, List.of("data", "archive"))
            .with("every", ALL, List.of("*"))
            .with("none", ALL, List.of());
    service =
        TestService.start(
            directory, data::between, tokens.writtenTo(directory.resolve("tokens.yaml")));
    Files.writeString(service.path("data:a"), "a");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void createdBy_isTheNameOfTheToken() {
    Answer started = as("data").post("/ops/delete-batch", "{\"paths\":[\"data:missing\"]}");

    assertThat(started.at("createdBy")).isEqualTo("data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/result", "/items", "/events"})
  void anotherOnes_isNotFound_andSaysTheSameAsAnUnknownOne(String part) {
    String id = copyOfBoth();

    Answer hidden = as("data").get("/ops/" + id + part);
    Answer unknown = as("data").get("/ops/" + UNKNOWN + part);

    assertThat(hidden.status()).isEqualTo(404);
    assertThat(hidden.text().replace(id, UNKNOWN)).isEqualTo(unknown.text());
    assertThat(hidden.headers().map().keySet()).isEqualTo(unknown.headers().map().keySet());
    assertThat(as("both").get("/ops/" + id + part).status()).isEqualTo(200);
    assertThat(as("every").get("/ops/" + id + part).status()).isEqualTo(200);
  }

  @Test
  void anotherOnes_cannotBeChanged() {
    String id = copyOfBoth();
    String state = as("both").get("/ops/" + id).text();

    assertThat(as("archive").delete("/ops/" + id).status()).isEqualTo(404);
    assertThat(as("archive").retry(id).status()).isEqualTo(404);
    assertThat(as("archive").patch(id, "{\"labels\":{\"a\":\"b\"}}").status()).isEqualTo(404);
    assertThat(as("archive").delete("/ops/" + id, "If-Match", "\"0\"").status()).isEqualTo(404);

    assertThat(as("both").get("/ops/" + id).text()).isEqualTo(state);
  }

  @Test
  void lists_leaveItOut_onEachPage_andInTheSummary() {
    String label = "list-" + System.nanoTime();
    for (int i = 0; i < 3; i++) {
      for (String root : List.of("data", "archive")) {
        as("both")
            .post(
                "/ops/delete-batch",
                "{\"paths\":[\"%s:missing\"],\"labels\":{\"t\":\"%s\"}}".formatted(root, label),
                "Prefer",
                "wait=30");
      }
    }

    for (String query : List.of("", "&kind=delete-batch", "&state=FAILED")) {
      String list = "/ops?pageSize=2&label.t=" + label + query;
      Answer first = as("data").get(list);
      Answer second = as("data").get(list + "&pageToken=" + first.at("nextPageToken"));
      assertThat(first.json().get("operations")).hasSize(2);
      assertThat(second.json().get("operations")).hasSize(1);
      assertThat(first.text() + second.text()).doesNotContain("archive:");
    }
    assertThat(as("data").get("/ops?pageSize=500").text())
        .contains("data:missing")
        .doesNotContain("archive:");
    assertThat(as("none").get("/ops").json().get("operations")).isEmpty();
    long seen = as("data").get("/ops/summary").json().at("/byState/FAILED").asLong();
    long all = as("every").get("/ops/summary").json().at("/byState/FAILED").asLong();
    assertThat(seen).isPositive().isLessThan(all);
    assertThat(as("none").get("/ops/summary").json().at("/byState/FAILED").asLong()).isZero();
  }

  @Test
  void streams_leaveItOut() throws Exception {
    try (EventStreamClient stream =
        new EventStreamClient(service.port(), "/ops/events", Tokens.header("data"))) {
      assertThat(Objects.requireNonNull(stream.next()).name()).isEqualTo("snapshot");
      String hidden = delete("archive", "archive:missing");
      String seen = delete("data", "data:missing");

      String id = "";
      String name = "";
      while (!(id.equals(seen) && name.equals("end"))) { // others may end meanwhile
        EventStreamClient.Event event = Objects.requireNonNull(stream.next());
        id = event.data().get("id").asString();
        name = event.name();
        assertThat(id).isNotEqualTo(hidden);
        assertThat(event.data().toString()).doesNotContain("archive:");
      }
    }
  }

  @Test
  void aBatch_thatIsJoinedWithAnotherRoot_isGoneForWhoHasNotThat() throws Exception {
    String name = "batch-" + System.nanoTime();
    String body = "{\"paths\":[\"%s:missing\"],\"batch\":\"" + name + "\",\"labels\":{}}";
    data.hangFrom(1);
    String id = as("both").post("/ops/delete-batch", body.formatted("data")).at("id");
    data.awaitSomebodyHanging();
    try (EventStreamClient stream =
        new EventStreamClient(
            service.port(), "/ops/%s/events".formatted(id), Tokens.header("data"))) {
      assertThat(Objects.requireNonNull(stream.next()).name()).isEqualTo("snapshot");

      Answer joined = as("both").post("/ops/delete-batch", body.formatted("archive"));

      assertThat(joined.at("id")).isEqualTo(id);
      assertThat(as("data").get("/ops/" + id).status()).isEqualTo(404);
      assertThat(as("both").get("/ops/" + id).number("total")).isEqualTo(2);
      data.thaw();
      assertThat(as("both").get("/ops/" + id, "Prefer", "wait=30").at("state")).isEqualTo("FAILED");
      assertThat(stream.rest())
          .noneMatch(event -> event.data().toString().contains("archive:"))
          .noneMatch(event -> event.name().equals("end"));
    } finally {
      data.thaw();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ops/copy {\"source\":\"archive:a\",\"destination\":\"data:x\"}",
        "/ops/copy {\"source\":\"data:a\",\"destination\":\"archive:x\"}",
        "/ops/delete-batch {\"paths\":[\"data:missing\",\"archive:missing\"]}",
        "/ops/connect {\"addressFile\":\"archive:peer\"}"
      })
  void aStart_withARootOfOthers_isRefusedAsIfThereWereNone(String start) {
    String path = start.split(" ", 2)[0];
    String body = start.split(" ", 2)[1];
    long before = as("every").get("/ops?pageSize=500").json().get("operations").size();

    Answer refused = as("data").post(path, body);
    Answer nonexistent = as("data").post(path, body.replace("archive:", "nowhere:"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.at("code")).isEqualTo("PERMISSION_DENIED");
    assertThat(refused.text()).contains("the roots are: data.").doesNotContain("frozen");
    assertThat(refused.text().replace("archive", "nowhere")).isEqualTo(nonexistent.text());
    assertThat(as("none").post(path, body).text()).contains("there is no root.");
    assertThat(as("every").get("/ops?pageSize=500").json().get("operations"))
        .hasSize(Math.toIntExact(before));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-ndjson"})
  void anUpload_withARootOfOthers_isRefused(String type) {
    String lines =
        Stream.of("data:missing", "archive:missing")
            .map(path -> type.equals("text/plain") ? path + "\n" : "\"" + path + "\"\n")
            .reduce("", String::concat);

    Answer refused = as("data").upload(type, lines);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(as("both").upload(type, lines).status()).isEqualTo(200);
    String id = as("both").upload(type, lines).at("id");
    assertThat(as("data").get("/ops/" + id).status()).isEqualTo(404);
  }

  @Test
  void aBarePath_isBelowTheOnlyRootThatThereIsForTheCaller() {
    Answer started =
        as("archive").post("/ops/delete-batch", "{\"paths\":[\"missing\"]}", "Prefer", "wait=30");

    assertThat(started.status()).isEqualTo(200);
    assertThat(started.text()).contains("archive:missing");
    assertThat(as("none").post("/ops/delete-batch", "{\"paths\":[\"missing\"]}").status())
        .isEqualTo(403);
  }

  @Test
  void aRetry_keepsTheRoots_alsoWhenNothingIsLeftToDo() {
    String id =
        as("both")
            .post(
                "/ops/delete-batch",
                "{\"paths\":[\"data:missing\",\"archive:missing\"],\"ignoreMissing\":true}",
                "Prefer",
                "wait=30")
            .at("id");
    Answer retried = as("both").retry(id);

    assertThat(retried.number("total")).isZero();
    assertThat(as("data").get("/ops/" + retried.at("id")).status()).isEqualTo(404);
  }

  @Test
  void anEmptyBatch_isForWhoHasTheRootsOfItsStarter() {
    String id = as("both").post("/ops/delete-batch", "{\"paths\":[]}").at("id");

    assertThat(as("both").get("/ops/" + id).status()).isEqualTo(200);
    assertThat(as("data").get("/ops/" + id).status()).isEqualTo(404);
  }

  @Test
  void keys_areEachCallersOwn() {
    String body = "{\"paths\":[\"data:missing\"]}";
    String key = "key-" + System.nanoTime();

    Answer first = as("data").post("/ops/delete-batch", body, "Idempotency-Key", key);
    Answer other = as("both").post("/ops/delete-batch", body, "Idempotency-Key", key);
    Answer again = as("data").post("/ops/delete-batch", body, "Idempotency-Key", key);

    assertThat(other.at("id")).isNotEqualTo(first.at("id"));
    assertThat(again.at("id")).isEqualTo(first.at("id"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }

  private String copyOfBoth() {
    return as("both")
        .post(
            "/ops/copy",
            "{\"source\":\"data:a\",\"destination\":\"archive:a-%d\"}".formatted(System.nanoTime()),
            "Prefer",
            "wait=30")
        .at("id");
  }

  private String delete(String caller, String path) {
    return as(caller)
        .post("/ops/delete-batch", "{\"paths\":[\"%s\"]}".formatted(path), "Prefer", "wait=30")
        .at("id");
  }

  private As as(String caller) {
    return new As(caller);
  }

  /** Requests of somebody. */
  private final class As {

    private final String caller;

    As(String caller) {
      this.caller = caller;
    }

    Answer get(String path, String... headers) {
      return service.get(path, with(headers));
    }

    Answer delete(String path, String... headers) {
      return service.delete(path, with(headers));
    }

    Answer post(String path, String json, String... headers) {
      return service.post(path, json, with(headers));
    }

    Answer patch(String id, String json) {
      return service.send(
          request("/ops/" + id, "Content-Type", "application/merge-patch+json")
              .method("PATCH", BodyPublishers.ofString(json)));
    }

    Answer retry(String id) {
      return service.send(
          request("/ops/" + id + "/retry", "Prefer", "wait=30").POST(BodyPublishers.noBody()));
    }

    Answer upload(String type, String lines) {
      return service.send(
          request("/ops/delete-batch", "Content-Type", type, "Prefer", "wait=30")
              .POST(BodyPublishers.ofString(lines)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
      return service.request(path, with(headers));
    }

    private String[] with(String... headers) {
      return Stream.concat(Stream.of(Tokens.header(caller)), Stream.of(headers))
          .toArray(String[]::new);
    }
  }
}
