package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service, ended and started again on one state directory. */
@Timeout(120)
class RestartIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path directory;
  private Path data;

  @BeforeEach
  void makeRoot() throws Exception {
    data = Files.createDirectory(directory.resolve("data"));
  }

  @Test
  void whatIsOver_isReadAsItEnded_fromLongAgoToo() throws Exception {
    Files.writeString(data.resolve("a"), "hello");
    JsonNode ended;
    JsonNode list;
    String paused;
    try (RunningService service = start("asyncops.limits.running=1")) {
      paused =
          started(
              service,
              "/ops/copy",
              "{\"source\": \"data:a\", \"destination\": \"data:c\", \"bytesPerSecond\": 1}");
      service.patch(
          paused,
          "{\"paused\": true, \"priority\": \"LOW\", \"bytesPerSecond\": 9,"
              + " \"labels\": {\"k\": \"v\"}}");
      ended =
          JSON.readTree(
              service
                  .getWhenOver(
                      started(
                          service,
                          "/ops/copy",
                          """
                          {"source": "data:a", "destination": "data:b", "labels": {"team": "x"},
                           "userData": {"n": 1.10, "s": "é"}, "timeoutSeconds": 1.50}
                          """),
                      30)
                  .get(30, TimeUnit.SECONDS)
                  .body());
      list = JSON.readTree(service.get("/ops?label.team=x&state=SUCCEEDED").body());
    }
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");

    try (RunningService service = start()) {
      String path = "/ops/" + ended.get("id").asString();

      assertThat(JSON.readTree(service.get(path).body())).isEqualTo(ended);
      assertThat(service.get(path).body())
          .contains("\"userData\":{\"n\":1.10,\"s\":\"é\"}")
          .contains("\"timeoutSeconds\":1.50");
      assertThat(JSON.readTree(service.get(path + "/result").body()).get("bytes").asInt())
          .isEqualTo(5);
      assertThat(JSON.readTree(service.get("/ops?label.team=x&state=SUCCEEDED").body()))
          .isEqualTo(list);
      assertThat(summary(service).at("/byState/SUCCEEDED").asInt()).isEqualTo(1);
      assertThat(service.bean(OperationRegistry.class).find(id(path))).isEmpty();
      assertThat(service.delete(path).statusCode()).isEqualTo(200);
      assertThat(service.get("/ops/" + id(path).toString().replace('0', '1')).statusCode())
          .isEqualTo(404);
      assertThat(service.get(paused).body())
          .contains(
              "\"state\":\"PAUSED\"",
              "\"priority\":\"LOW\",\"bytesPerSecond\":9,\"paused\":true,\"attempt\":2")
          .contains("\"labels\":{\"k\":\"v\"}");
      service.patch(paused, "{\"paused\": false, \"bytesPerSecond\": null}");
      assertThat(awaitEnd(service, paused).get("state").asString()).isEqualTo("SUCCEEDED");
      JsonNode relabelled =
          JSON.readTree(service.patch(path, "{\"labels\":{\"team\":\"y\"}}").body());
      assertThat(relabelled.at("/labels/team").asString()).isEqualTo("y");
      assertThat(JSON.readTree(service.get("/ops?label.team=y").body()).at("/operations/0"))
          .isEqualTo(relabelled);
    }
  }

  @Test
  void reports_areReadAsBefore_alsoOfWhatWasInterrupted() throws Exception {
    String missing =
        String.join(",", IntStream.range(0, 600).mapToObj(i -> "\"data:no-" + i + "\"").toList());
    String over;
    String report;
    String interrupted;
    try (SilentServer peer = new SilentServer()) {
      Files.writeString(data.resolve("peer.addr"), peer.address());
      try (RunningService service = start("asyncops.shutdown.drain=0s")) {
        over = started(service, "/ops/delete-batch", "{\"paths\": [%s]}".formatted(missing));
        awaitEnd(service, over);
        report = service.get(over + "/items?pageSize=500").body();
        String connect =
            started(
                service,
                "/ops/connect",
                "{\"addressFile\": \"data:peer.addr\", \"readTimeoutSeconds\": 60,"
                    + " \"report\": \"ALL\"}");
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> items(service.get(connect + "/items").body()) == 2);
        interrupted = connect;
      }
    }

    try (RunningService service = start()) {
      awaitEnd(service, interrupted);

      assertThat(items(report)).isEqualTo(500);
      assertThat(service.get(over + "/items?pageSize=500").body()).isEqualTo(report);
      assertThat(items(service.get(interrupted + "/items").body())).isEqualTo(2);
    }
  }

  @Test
  void retryOfSomeEntries_goesOnAsSuch() throws Exception {
    Path tree = Files.createDirectory(data.resolve("tree"));
    Files.writeString(tree.resolve("good"), "before");
    Process fifo = new ProcessBuilder("mkfifo", tree.resolve("bad").toString()).start();
    assertThat(fifo.waitFor()).isZero();
    String retry;
    try (SilentServer peer = new SilentServer()) {
      Files.writeString(data.resolve("peer.addr"), peer.address());
      try (RunningService service =
          start("asyncops.limits.running=1", "asyncops.shutdown.drain=0s")) {
        String copy =
            started(
                service, "/ops/copy", "{\"source\": \"data:tree\", \"destination\": \"data:to\"}");
        assertThat(awaitEnd(service, copy).get("state").asString()).isEqualTo("PARTIAL");
        Files.delete(tree.resolve("bad"));
        Files.writeString(tree.resolve("bad"), "now");
        Files.writeString(tree.resolve("good"), "changed");
        String connect =
            started(
                service,
                "/ops/connect",
                "{\"addressFile\": \"data:peer.addr\", \"readTimeoutSeconds\": 60}");
        awaitState(service, connect, "RUNNING");
        retry = "/ops/" + JSON.readTree(service.post(copy + "/retry").body()).get("id").asString();
        assertThat(read(service, retry).get("state").asString()).isEqualTo("QUEUED");
      }
    }

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, retry);

      assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("total").asInt()).isEqualTo(1);
      assertThat(ended.get("attempt").asInt()).isEqualTo(2);
      assertThat(data.resolve("to/bad")).hasContent("now");
      assertThat(data.resolve("to/good")).hasContent("before");
    }
  }

  private static int items(String page) {
    return JSON.readTree(page).get("items").size();
  }

  @Test
  void whatIsQueued_staysSoAndRuns_andAConnectIsInterrupted() throws Exception {
    IntStream.range(0, 150).forEach(i -> touch("old-" + i));
    String paths =
        String.join(",", IntStream.range(0, 150).mapToObj(i -> "\"data:old-" + i + "\"").toList());
    String connect;
    String batch;
    try (SilentServer peer = new SilentServer()) {
      Files.writeString(data.resolve("peer.addr"), peer.address());
      try (RunningService service =
          start("asyncops.limits.running=1", "asyncops.shutdown.drain=0s")) {
        connect =
            started(
                service,
                "/ops/connect",
                "{\"addressFile\": \"data:peer.addr\", \"readTimeoutSeconds\": 60}");
        awaitState(service, connect, "RUNNING");
        batch =
            started(
                service,
                "/ops/delete-batch",
                "{\"paths\": [%s], \"batch\": \"nightly\"}".formatted(paths));
        touch("more");
        assertThat(
                started(
                    service,
                    "/ops/delete-batch",
                    "{\"paths\": [\"data:more\"], \"batch\": \"nightly\"}"))
            .isEqualTo(batch);
        assertThat(read(service, batch).get("state").asString()).isEqualTo("QUEUED");
      }
    }

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, batch);
      JsonNode interrupted = awaitEnd(service, connect);

      assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("attempt").asInt()).isEqualTo(2);
      assertThat(ended.get("succeeded").asInt()).isEqualTo(151);
      assertThat(ended.at("/request/pathCount").asInt()).isEqualTo(150);
      try (Stream<Path> left = Files.list(data)) {
        assertThat(left)
            .extracting(path -> path.getFileName().toString())
            .containsExactly("peer.addr");
      }
      assertThat(interrupted.get("state").asString()).isEqualTo("FAILED");
      assertThat(interrupted.at("/error/code").asString()).isEqualTo("INTERRUPTED");
      assertThat(interrupted.get("pending").asInt()).isZero();
      assertThat(service.get(connect + "/result").statusCode()).isEqualTo(503);
      assertThat(service.get("/actuator/prometheus").body())
          .contains("asyncops_recovered_total{result=\"RESUMED\"} 1.0")
          .contains("asyncops_recovered_total{result=\"INTERRUPTED\"} 1.0");
    }
  }

  @Test
  void whatRanWhenTheProcessWasKilled_runsAgain() throws Exception {
    String copy = copied();
    Files.delete(data.resolve("b"));
    Path growing = Files.writeString(temporary(copy), "he");
    asLeftInState("RUNNING");

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, copy);

      assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("attempt").asInt()).isEqualTo(2);
      assertThat(data.resolve("b")).hasContent("hello");
      assertThat(growing).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasStagedWhenTheProcessWasKilled_isBelievedOnTheSameBootOnly(boolean sameBoot)
      throws Exception {
    Path file = Files.createDirectory(data.resolve("a")).resolve("f");
    Files.writeString(file, "hello");
    String copy;
    try (RunningService service = start()) {
      copy = started(service, "/ops/copy", "{\"source\": \"data:a\", \"destination\": \"data:b\"}");
      awaitEnd(service, copy);
    }
    Path staged = Files.move(data.resolve("b"), temporary(copy)).resolve("f");
    Files.writeString(staged, "HELLO"); // nobody looks at what is believed
    Files.setLastModifiedTime(staged, Files.getLastModifiedTime(file));
    asLeftInState("RUNNING");
    if (!sameBoot) {
      execute("UPDATE operations SET mark = '{\"bootId\":\"another\"}'");
    }

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, copy);

      assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("succeeded").asInt()).isEqualTo(2);
      assertThat(ended.at("/result/bytes").asInt()).isEqualTo(5);
      assertThat(data.resolve("b/f")).hasContent(sameBoot ? "HELLO" : "hello");
      assertThat(staged).doesNotExist();
    }
  }

  @Test
  void whatHadPublishedAllWhenTheProcessWasKilled_hasSucceeded() throws Exception {
    String copy = copied();
    asLeftInState("RUNNING");

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, copy);

      assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("attempt").asInt()).isEqualTo(2);
      assertThat(ended.get("succeeded").asInt()).isEqualTo(1);
      assertThat(ended.at("/result/bytes").asInt()).isEqualTo(5);
    }
  }

  @Test
  void whatADeleteBatchHadDeletedWhenTheProcessWasKilled_countsAsDeleted() throws Exception {
    touch("x");
    touch("y");
    String batch;
    try (RunningService service = start()) {
      batch = started(service, "/ops/delete-batch", "{\"paths\": [\"data:x\", \"data:y\"]}");
      awaitEnd(service, batch);
    }
    touch("y");
    asLeftInState("RUNNING");

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, batch);

      assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("succeeded").asInt()).isEqualTo(2);
      assertThat(data).isEmptyDirectory();
    }
  }

  @Test
  void whatWasBeingCancelledWhenTheProcessWasKilled_endsCancelled() throws Exception {
    String copy = copied();
    Files.delete(data.resolve("b"));
    Path growing = Files.writeString(temporary(copy), "he");
    asLeftInState("CANCELLING");

    try (RunningService service = start()) {
      JsonNode ended = awaitEnd(service, copy);

      assertThat(ended.get("state").asString()).isEqualTo("CANCELLED");
      assertThat(data.resolve("b")).doesNotExist();
      assertThat(growing).doesNotExist();
    }
  }

  @Test
  void whatHasLostItsRoot_endsFailed() throws Exception {
    String copy = copied();
    asLeftInState("QUEUED");

    try (RunningService service =
        RunningService.start(
            data, "asyncops.state-dir=" + state(), "asyncops.roots.data.read-only=true")) {
      JsonNode ended = awaitEnd(service, copy);

      assertThat(ended.get("state").asString()).isEqualTo("FAILED");
      assertThat(ended.at("/error/code").asString()).isEqualTo("READ_ONLY");
      assertThat(ended.at("/error/detail").asString())
          .isEqualTo("The operation cannot go on after a restart: The root 'data' is read-only.");
    }
  }

  @Test
  void aStateDirectoryThatCannotBeUsed_endsTheStartWithOneClearMessage() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    FailureAnalysis analysis =
        StartFailures.analyze(
            catchThrowable(() -> RunningService.start(data, "asyncops.state-dir=" + file)));

    assertThat(analysis.getDescription())
        .isEqualTo("The state directory '%s' is not a directory.".formatted(file));
    assertThat(analysis.getAction()).isEqualTo("Set asyncops.state-dir to a directory.");
  }

  // ---- Steps

  private Path state() {
    return directory.resolve("state");
  }

  private RunningService start(String... properties) {
    return RunningService.start(
        data,
        Stream.concat(Stream.of("asyncops.state-dir=" + state()), Stream.of(properties))
            .toArray(String[]::new));
  }

  /** A copy of {@code a} to {@code b}, done by a service that has ended. */
  private String copied() throws Exception {
    Files.writeString(data.resolve("a"), "hello");
    try (RunningService service = start()) {
      String copy =
          started(service, "/ops/copy", "{\"source\": \"data:a\", \"destination\": \"data:b\"}");
      assertThat(awaitEnd(service, copy).get("state").asString()).isEqualTo("SUCCEEDED");
      return copy;
    }
  }

  /** Where the copy to {@code b} grows, by the first 16 bytes of the SHA-256 of its UTF-16. */
  private Path temporary(String copy) {
    return data.resolve(
        ".asyncops-%s-%s.tmp".formatted(id(copy), "57eb35615d47f34ec714cacdf5fd7460"));
  }

  /** Has the registry look as if the process had been killed when the operation stood so. */
  private void asLeftInState(String operationState) throws Exception {
    execute(
        "UPDATE operations SET state = '%s', expire_time = NULL, result = NULL"
            .formatted(operationState));
  }

  private void execute(String sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + state().resolve("registry.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void touch(String name) {
    try {
      Files.createFile(data.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String started(RunningService service, String path, String json) {
    return service.post(path, json).headers().firstValue("Location").orElseThrow();
  }

  private static JsonNode read(RunningService service, String path) {
    return JSON.readTree(service.get(path).body());
  }

  private static JsonNode summary(RunningService service) {
    return read(service, "/ops/summary");
  }

  private static void awaitState(RunningService service, String path, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> read(service, path).get("state").asString().equals(state));
  }

  private static JsonNode awaitEnd(RunningService service, String path) throws Exception {
    JsonNode ended = JSON.readTree(service.getWhenOver(path, 30).get(40, TimeUnit.SECONDS).body());
    assertThat(ended.get("endTime").isNull()).as(ended.toString()).isFalse();
    return ended;
  }

  private static OperationId id(String path) {
    return OperationId.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
  }
}
