package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A root that hangs stops what touches it, and nothing else. */
@Timeout(180)
class DeadRootIntegrationTests {

  private static final int RUNNING = 16;
  private static final int THREADS = 3;

  @TempDir Path directory;
  private final HangingRoot archive = new HangingRoot("archive");
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    archive.hangFrom(1);
    service =
        TestService.start(
            directory,
            archive::between,
            "asyncops.limits.running=" + RUNNING,
            "asyncops.limits.io-threads=" + THREADS);
    Files.writeString(service.path("data:a"), "content");
    Files.writeString(service.path("archive:a"), "content");
    Files.writeString(service.path("archive:b"), "content");
    Files.writeString(service.path("data:peer.addr"), "127.0.0.1:1");
  }

  @AfterEach
  void stop() {
    archive.thaw();
    service.close();
  }

  @Test
  void everythingElseGoesOn_metricsShowIt_andAfterTheThawAllEnds() {
    List<String> stuck = new ArrayList<>();
    for (int i = 0; i < RUNNING + 4; i++) {
      stuck.add(service.started("/ops/copy", copy("archive:a", "archive:copy" + i)));
    }
    stuck.add(service.started("/ops/copy", copy("data:a", "archive:from-data")));
    stuck.add(service.started("/ops/copy", copy("archive:a", "data:from-archive")));
    stuck.add(service.started("/ops/delete-batch", "{\"paths\":[\"archive:b\",\"data:none\"]}"));
    await().until(() -> metric("asyncops_io_busy{root=\"archive\"}").equals(THREADS + ".0"));

    assertThat(metric("asyncops_io_limit{root=\"archive\"}")).isEqualTo(THREADS + ".0");
    assertThat(metric("asyncops_io_busy{root=\"data\"}")).isEqualTo("0.0");
    assertThat(metric("asyncops_io_busy{root=\"data:archive\"}")).isEqualTo("1.0");
    assertThat(service.get("/actuator/health/liveness").status()).isEqualTo(200);
    assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
    assertThat(service.get("/ops?state=RUNNING&pageSize=100").status()).isEqualTo(200);
    assertThat(service.get("/ops/summary").number("running")).isGreaterThanOrEqualTo(RUNNING);

    Answer copy = ended("/ops/copy", copy("data:a", "data:copy"));
    Answer deleted = ended("/ops/delete-batch", "{\"paths\":[\"data:copy\"]}");
    Answer connected = ended("/ops/connect", "{\"addressFile\":\"data:peer.addr\"}");
    assertThat(copy.at("state")).isEqualTo("SUCCEEDED");
    assertThat(deleted.at("state")).isEqualTo("SUCCEEDED");
    assertThat(connected.at("error.code")).isEqualTo("CONNECTION_REFUSED");

    archive.thaw();
    for (String operation : stuck.subList(0, stuck.size() - 1)) {
      assertThat(service.ended(operation).at("state")).isEqualTo("SUCCEEDED");
    }
    assertThat(service.ended(stuck.getLast()).at("state")).isEqualTo("PARTIAL");
    await().until(() -> metric("asyncops_io_busy{root=\"archive\"}").equals("0.0"));
  }

  @Test
  void cancelOfWhatHangs_isAnsweredAtOnce_andTakesEffectAfterTheThaw() {
    String copy = service.started("/ops/copy", copy("data:a", "archive:copy"));
    String batch =
        service.started(
            "/ops/delete-batch",
            "{\"paths\":[%s]}".formatted("\"archive:none\",".repeat(19) + "\"archive:a\""));
    await().until(() -> metric("asyncops_io_busy{root=\"archive\"}").equals(THREADS + ".0"));
    await().until(() -> metric("asyncops_io_busy{root=\"data:archive\"}").equals("1.0"));

    for (String operation : List.of(copy, batch)) {
      Answer cancelled = service.delete(operation);
      assertThat(cancelled.status()).isEqualTo(202);
      assertThat(cancelled.at("state")).isEqualTo("CANCELLING");
      assertThat(service.delete(operation).at("state")).isEqualTo("CANCELLING");
      assertThat(service.get(operation).at("state")).isEqualTo("CANCELLING");
    }

    archive.thaw();
    assertThat(service.ended(copy).at("state")).isEqualTo("CANCELLED");
    Answer ended = service.ended(batch); // what hung ends as it ends, the rest is not touched (P10)
    assertThat(ended.at("state")).isEqualTo("CANCELLED");
    assertThat(ended.number("failed")).isEqualTo(THREADS);
    assertThat(service.path("archive:a")).exists();
    assertThat(service.path("archive:").toFile().list()).containsExactlyInAnyOrder("a", "b");
  }

  // ---- Tools

  private Answer ended(String path, String json) {
    return service.ended(service.started(path, json));
  }

  private String metric(String name) {
    return service
        .get("/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }

  private static String copy(String source, String destination) {
    return "{\"source\":\"%s\",\"destination\":\"%s\"}".formatted(source, destination);
  }
}
