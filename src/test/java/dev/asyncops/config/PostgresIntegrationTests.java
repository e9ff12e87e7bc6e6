package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.asyncops.store.PostgresServer;
import dev.asyncops.store.PostgresSettings;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service with its registry on PostgreSQL. */
@Timeout(120)
class PostgresIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();

  /** Longer than it takes to do something else to the service. */
  private static final String SLOW_COPY =
      """
      {"source": "data:large", "destination": "data:copied", "bytesPerSecond": 1048576,
       "durability": "NONE"}
      """;

  private static final int LARGE = 3 << 20;

  @TempDir Path data;

  private final PostgresServer server = PostgresServer.shared();
  private final PostgresSettings database = server.newDatabase();

  @BeforeEach
  void makeFiles() throws Exception {
    Files.writeString(data.resolve("small"), "hello");
    Files.write(data.resolve("large"), new byte[LARGE]);
    for (int i = 0; i < 100; i++) {
      Files.createFile(data.resolve("old-" + i));
    }
  }

  @Test
  void whatWasAcknowledgedWhenTheProcessWasKilled_isThereAndGoesOn() throws Exception {
    String ended;
    String endedBody;
    String copy;
    String batch;
    try (ServiceProcess service = ServiceProcess.start(data, properties("limits.running=1"))) {
      ended =
          accepted(
              service.post(
                  "/ops/copy",
                  """
                  {"source": "data:small", "destination": "data:b", "labels": {"team": "ä"},
                   "userData": {"n": 1.10, "s": "\\u0000"}}
                  """));
      endedBody = whenOver(service::get, ended);
      copy = accepted(service.post("/ops/copy", SLOW_COPY));
      batch =
          accepted(
              service.post(
                  "/ops/delete-batch",
                  "{\"paths\": [%s], \"batch\": \"nightly\"}"
                      .formatted(
                          String.join(
                              ",",
                              IntStream.range(0, 99)
                                  .mapToObj(i -> "\"data:old-%d\"".formatted(i))
                                  .toList()))));
      assertThat(
              accepted(
                  service.post(
                      "/ops/delete-batch",
                      "{\"paths\": [\"data:old-99\"], \"batch\": \"nightly\"}")))
          .isEqualTo(batch);
      awaitState(service::get, copy, "RUNNING");
      service.kill();
      assertThat(service.log())
          .anyMatch(line -> line.contains("The registry is in " + database.url() + " as postgres"))
          .noneMatch(line -> line.contains("s3cret"));
    }

    try (ServiceProcess service = ServiceProcess.start(data, properties())) {
      for (String path : List.of(copy, batch)) {
        JsonNode over = JSON.readTree(whenOver(service::get, path));
        assertThat(over.get("state").asString()).as(over.toString()).isEqualTo("SUCCEEDED");
        assertThat(over.get("attempt").asInt()).isEqualTo(2);
      }
      assertThat(Files.size(data.resolve("copied"))).isEqualTo(LARGE);
      assertThat(data.resolve("old-99")).doesNotExist();
      assertThat(service.get(ended).body()).isEqualTo(endedBody);
      JsonNode found =
          JSON.readTree(service.get("/ops?label.team=%C3%A4&state=SUCCEEDED&kind=copy").body());
      assertThat(found.get("operations")).hasSize(1);
      assertThat(JSON.readTree(service.get("/ops").body()).get("operations")).hasSize(3);
    }
  }

  @Test
  void whileTheServerIsAway_runningWorkGoesOn_startsAreRefused_andAllHealsByItself()
      throws Exception {
    try (RunningService service = RunningService.start(data, properties())) {
      String copy = accepted(service.post("/ops/copy", SLOW_COPY));
      awaitState(service::get, copy, "RUNNING");
      assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);

      server.stop();
      try {
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        HttpResponse<String> refused =
            service.post("/ops/delete-batch", "{\"paths\": [\"data:old-1\"]}");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(refused.body()).get("code").asString())
            .isEqualTo("STORE_UNAVAILABLE");
        assertThat(service.get("/ops?state=SUCCEEDED").statusCode()).isEqualTo(503);
        assertThat(service.get(copy).statusCode()).isEqualTo(200);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> Files.exists(data.resolve("copied")));
      } finally {
        server.start();
      }

      assertThat(JSON.readTree(whenOver(service::get, copy)).get("state").asString())
          .isEqualTo("SUCCEEDED");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.get("/actuator/health/readiness").statusCode() == 200);
      assertThat(data.resolve("old-1")).exists();
      JsonNode list = JSON.readTree(service.get("/ops").body()).get("operations");
      assertThat(list).hasSize(1);
      whenOver(
          service::get,
          accepted(service.post("/ops/delete-batch", "{\"paths\": [\"data:old-1\"]}")));
      assertThat(data.resolve("old-1")).doesNotExist();
    }
  }

  @Test
  void aDatabaseThatIsTaken_endsTheStartWithOneClearMessage() {
    try (RunningService _ = RunningService.start(data, properties())) {
      FailureAnalysis analysis =
          StartFailures.analyze(catchThrowable(() -> RunningService.start(data, properties())));

      assertThat(analysis.getDescription())
          .startsWith("The registry '%s' is in use by another process".formatted(database.url()));
      assertThat(analysis.getAction())
          .isEqualTo("Stop that process, or set asyncops.store.url to another database or schema.");
    }
  }

  // ---- Steps

  private String[] properties(String... more) {
    return Stream.concat(
            Stream.of(
                "asyncops.store.url=" + database.url(),
                "asyncops.store.username=" + database.username(),
                "asyncops.store.password=s3cret"),
            Stream.of(more).map("asyncops."::concat))
        .toArray(String[]::new);
  }

  private static String accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static void awaitState(
      Function<String, HttpResponse<String>> get, String path, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> JSON.readTree(get.apply(path).body()).get("state").asString().equals(state));
  }

  /** The operation as it ended. */
  private static String whenOver(Function<String, HttpResponse<String>> get, String path) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !JSON.readTree(get.apply(path).body()).get("endTime").isNull());
    return get.apply(path).body();
  }
}
