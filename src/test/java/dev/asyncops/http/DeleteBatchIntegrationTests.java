package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Delete-batches over HTTP, with real files. */
class DeleteBatchIntegrationTests {

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void files_areDeleted_andThoseThatAreMissingAreNamed() throws IOException {
    files("some", 2);

    Answer ended =
        service.ended(
            service.started(
                "/ops/delete-batch",
                "{\"paths\":[\"data:some/0\",\"data:some/none\",\"data:some/1\"]}"));
    Answer result = service.get("/ops/" + ended.at("id") + "/result");

    assertThat(ended.at("state")).isEqualTo("PARTIAL");
    assertThat(ended.number("succeeded")).isEqualTo(2);
    assertThat(ended.number("failed")).isEqualTo(1);
    assertThat(ended.at("firstErrors.0.path")).isEqualTo("data:some/none");
    assertThat(ended.at("firstErrors.0.code")).isEqualTo("NOT_FOUND");
    assertThat(ended.text()).doesNotContain(directory.toString());
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.number("deleted")).isEqualTo(2);
    assertThat(result.number("failed")).isEqualTo(1);
    assertThat(service.path("data:some")).isEmptyDirectory();
  }

  @Test
  void operation_hasTheMembersOfTheContract_inTheirOrder() {
    Answer ended =
        service.ended(service.started("/ops/delete-batch", "{\"paths\":[\"data:none\"]}"));

    assertThat(ended.json().propertyNames())
        .containsExactly(
            "id",
            "kind",
            "state",
            "phase",
            "revision",
            "pending",
            "toStart",
            "total",
            "totalExact",
            "succeeded",
            "failed",
            "skipped",
            "cancelled",
            "progress",
            "priority",
            "bytesPerSecond",
            "paused",
            "attempt",
            "createTime",
            "startTime",
            "updateTime",
            "endTime",
            "expireTime",
            "cancelRequestTime",
            "request",
            "labels",
            "userData",
            "createdBy",
            "result",
            "error",
            "firstErrors");
    assertThat(ended.json().get("progress").propertyNames())
        .containsExactly("bytesDone", "bytesTotal", "bytesPerSecond", "fraction", "etaSeconds");
    assertThat(ended.json().get("error").propertyNames()).containsExactly("code", "detail");
    assertThat(ended.json().at("/firstErrors/0").propertyNames())
        .containsExactly("path", "code", "detail");
    assertThat(ended.at("createTime")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
  }

  @Test
  void p12_emptyList_succeedsWithNothing() {
    Answer started = service.post("/ops/delete-batch", "{\"paths\":[]}", "Prefer", "wait=30");

    assertThat(started.status()).isEqualTo(200);
    assertThat(started.at("state")).isEqualTo("SUCCEEDED");
    assertThat(started.number("total")).isZero();
  }

  @Test
  void longList_isEchoedInPart() {
    String paths = paths("none", 150);

    Answer answer = service.post("/ops/delete-batch", "{\"paths\":[" + paths + "]}");

    JsonNode request = answer.json().get("request");
    assertThat(request.get("paths").size()).isEqualTo(100);
    assertThat(request.get("pathCount").asInt()).isEqualTo(150);
    assertThat(answer.number("total")).isEqualTo(150);
    service.ended(answer.header("Location"));
  }

  @Test
  void p1_a7_twentyPollers_seeCountsThatAddUpAndOnlyGrow() throws Exception {
    files("polled", 5_000);
    String operation =
        service.started("/ops/delete-batch", "{\"paths\":[" + paths("polled", 5_000) + "]}");

    try (ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<JsonNode>> seen = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        seen.add(pollers.submit(() -> pollToTheEnd(operation)));
      }
      for (Future<JsonNode> last : seen) {
        assertThat(last.get().get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(last.get().get("succeeded").asLong()).isEqualTo(5_000);
      }
    }
    assertThat(service.path("data:polled")).isEmptyDirectory();
  }

  @Test
  void p14_aHundredThousandPaths_areTakenAtOnce() {
    String body = "{\"paths\":[" + paths("absent/with/a/long/name", 100_000) + "]}";

    Answer started = service.post("/ops/delete-batch", body);
    Answer meanwhile = service.get("/ops/summary");
    Answer ended = service.delete(started.header("Location"), "Prefer", "wait=60");

    assertThat(started.status()).isEqualTo(202);
    assertThat(started.number("total")).isEqualTo(100_000);
    assertThat(meanwhile.status()).isEqualTo(200);
    assertThat(ended.number("pending")).isZero();
    assertCountsAddUp(ended.json());
  }

  @Test
  void p10_cancelledBatch_leavesWhatWasNotStarted_andCountsTheTruth() throws IOException {
    files("kept", 3_000);
    String operation =
        service.started(
            "/ops/delete-batch", "{\"paths\":[" + paths("kept", 3_000) + "],\"priority\":\"LOW\"}");

    Answer ended = service.delete(operation, "Prefer", "wait=60");

    assertCountsAddUp(ended.json());
    assertThat(ended.number("pending")).isZero();
    try (var left = Files.list(service.path("data:kept"))) {
      assertThat(left.count()).isEqualTo(3_000 - ended.number("succeeded"));
    }
  }

  private static JsonNode pollToTheEnd(String operation) {
    JsonNode before = service.get(operation).json();
    assertCountsAddUp(before);
    while (before.get("endTime").isNull()) {
      JsonNode now = service.get(operation).json();
      assertCountsAddUp(now);
      for (String count : List.of("revision", "total", "succeeded", "failed", "skipped")) {
        assertThat(now.get(count).asLong())
            .as(count)
            .isGreaterThanOrEqualTo(before.get(count).asLong());
      }
      before = now;
    }
    return before;
  }

  private static void assertCountsAddUp(JsonNode operation) {
    long finished =
        List.of("succeeded", "failed", "skipped", "cancelled").stream()
            .mapToLong(count -> operation.get(count).asLong())
            .sum();
    long pending = operation.get("pending").asLong();
    assertThat(operation.get("total").asLong()).isEqualTo(pending + finished);
    assertThat(operation.get("toStart").asLong()).isBetween(0L, pending);
    if (!operation.get("endTime").isNull()) {
      assertThat(pending).isZero();
    }
  }

  private static void files(String directory, int count) throws IOException {
    Path made = Files.createDirectories(service.path("data:" + directory));
    for (int i = 0; i < count; i++) {
      Files.createFile(made.resolve(Integer.toString(i)));
    }
  }

  private static String paths(String directory, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"data:%s/%d\"".formatted(directory, i))
        .collect(Collectors.joining(","));
  }
}
