package dev.asyncops.config;

import static dev.asyncops.config.DiskContents.contents;
import static dev.asyncops.config.DiskContents.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills the whole service while settings are changed, starts it again on its state, and looks for
 * the changes that it had answered. {@code -Dkill.seed=N} for the moment of one that failed.
 */
@Timeout(180)
class PatchKillIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
  private static final int LARGE = 8 << 20;

  /** So that a copy lives for as long as the test. */
  private static final int SLOWLY = 4096;

  private static final List<String> PRIORITIES = List.of("LOW", "HIGH", "DEFAULT");
  private static final List<String> SETTINGS =
      List.of("priority", "bytesPerSecond", "paused", "labels");

  @TempDir Path host;
  private Path data;

  @BeforeEach
  void makeSource() throws Exception {
    data = Files.createDirectory(host.resolve("data"));
    write(data.resolve("large"), LARGE, 'b');
  }

  @Test
  void killedAfterTheAnswers_everySettingIsAsAnswered_andWorks() throws Exception {
    String paused;
    String running;
    String over;
    List<JsonNode> answered = new ArrayList<>();
    try (ServiceProcess service = start()) {
      paused = startCopy(service, "paused");
      running = startCopy(service, "running");
      over =
          accepted(
              service.post("/ops/delete-batch", "{\"paths\": [], \"labels\": {\"a\": \"1\"}}"));
      awaitEnd(service, over);

      patch(service, paused, "{\"labels\": {\"team\": \"x\"}, \"priority\": \"LOW\"}");
      answered.add(patch(service, over, "{\"labels\": {\"a\": \"2\", \"b\": \"3\"}}"));
      answered.add(
          patch(
              service,
              running,
              """
              {"priority": "HIGH", "bytesPerSecond": 777, "labels": {"n": null, "m": "\u00e4"}}\
              """));
      answered.add(
          patch(
              service,
              paused,
              "{\"paused\": true, \"bytesPerSecond\": null, \"labels\": {\"n\": \"9\"}}"));
      service.kill();
    }

    try (ServiceProcess again = start()) {
      for (JsonNode before : answered) {
        JsonNode after = read(again.get("/ops/" + before.get("id").asString()));
        assertThat(settings(after)).isEqualTo(settings(before));
      }
      assertThat(read(again.get(over)).get("labels")).isEqualTo(json("{\"a\":\"2\",\"b\":\"3\"}"));
      JsonNode fast = read(again.get(running));
      assertThat(fast.get("labels")).isEqualTo(json("{\"m\":\"\u00e4\"}"));
      assertThat(fast.get("attempt").asInt()).isEqualTo(2);
      JsonNode resting = read(again.get(paused));
      assertThat(resting.get("state").asString()).isEqualTo("PAUSED");
      assertThat(resting.get("priority").asString()).isEqualTo("LOW");
      assertThat(resting.get("labels")).isEqualTo(json("{\"n\":\"9\",\"team\":\"x\"}"));
      patch(again, paused, "{\"paused\": false}");
      assertThat(awaitEnd(again, paused).get("state").asString()).isEqualTo("SUCCEEDED");
      assertThat(contents(data.resolve("paused"))).isEqualTo(contents(data.resolve("large")));
      again.kill(); // so that nobody copies while the directory is removed
    }
  }

  @Test
  void killedBetweenChanges_theLastAnsweredIsThere_orTheOneUnderWay_andIsWhole() throws Exception {
    CountDownLatch moment = new CountDownLatch(1 + new Random(SEED).nextInt(60));
    String copy;
    int answered;
    try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor();
        ServiceProcess service = start()) {
      copy = startCopy(service, "changed");
      Future<Integer> changing = client.submit(() -> changeUntilItIsGone(service, copy, moment));
      assertThat(moment.await(60, TimeUnit.SECONDS)).isTrue();
      service.kill();
      answered = changing.get();
    }

    try (ServiceProcess again = start()) {
      JsonNode after = read(again.get(copy));
      int number = after.at("/labels/n").asInt();
      assertThat(number).as("-Dkill.seed=%d", SEED).isBetween(answered, answered + 1);
      assertThat(settings(after)).isEqualTo(settings(json(change(number))));
      again.kill();
    }
  }

  /** Returns the last one that was answered. */
  private static int changeUntilItIsGone(
      ServiceProcess service, String operation, CountDownLatch moment) {
    for (int number = 1; ; number++) {
      try {
        patch(service, operation, change(number));
      } catch (UncheckedIOException e) {
        return number - 1;
      }
      moment.countDown();
    }
  }

  /** All settings, which tell of which change they are. */
  private static String change(int number) {
    return """
    {"priority": "%s", "bytesPerSecond": %d, "paused": %b, "labels": {"n": "%d"}}\
    """
        .formatted(
            PRIORITIES.get(number % PRIORITIES.size()), SLOWLY + number, number % 2 == 1, number);
  }

  private static Map<String, JsonNode> settings(JsonNode of) {
    return SETTINGS.stream().collect(Collectors.toMap(setting -> setting, of::get));
  }

  private ServiceProcess start() throws Exception {
    return ServiceProcess.start(data, host.resolve("state"));
  }

  private static String startCopy(ServiceProcess service, String destination) {
    return accepted(
        service.post(
            "/ops/copy",
            """
            {"source": "data:large", "destination": "data:%s", "bytesPerSecond": %d,
             "labels": {"n": "0"}}
            """
                .formatted(destination, SLOWLY)));
  }

  private static String accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static JsonNode patch(ServiceProcess service, String operation, String change) {
    return read(service.patch(operation, change));
  }

  private static JsonNode awaitEnd(ServiceProcess service, String operation) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> read(service.get(operation)), node -> !node.get("endTime").isNull());
  }

  private static JsonNode read(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer.body());
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }
}
