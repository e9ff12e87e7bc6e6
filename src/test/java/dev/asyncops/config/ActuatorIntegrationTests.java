package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a probe, a Prometheus server and a curious operator get from the service as it runs. */
@TestInstance(Lifecycle.PER_CLASS)
class ActuatorIntegrationTests {

  private static final List<String> KINDS = List.of("copy", "delete-batch", "connect");
  private static final List<String> OUTCOMES =
      List.of("SUCCEEDED", "PARTIAL", "FAILED", "CANCELLED");

  private RunningService service;

  @BeforeAll
  void start(@TempDir Path data) {
    service = RunningService.start(data);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void everyMetric_isThereAtZeroForEveryCombinationOfTags() {
    List<String> scrape = service.get("/actuator/prometheus").body().lines().toList();

    assertThat(scrape)
        .containsAll(perKind("asyncops_started_total{kind=\"%s\"} 0.0"))
        .containsAll(perKind("asyncops_queue_wait_seconds_count{kind=\"%s\"} 0"))
        .containsAll(perKind("asyncops_cancel_latency_seconds_count{kind=\"%s\"} 0"))
        .containsAll(perKind("asyncops_items_pending{kind=\"%s\"} 0.0"))
        .containsAll(perKind("asyncops_items_known{kind=\"%s\"} 0.0"))
        .containsAll(perKind("asyncops_oldest_active_seconds{kind=\"%s\"} 0.0"))
        .containsAll(
            perKindAnd("asyncops_completed_total{kind=\"%s\",outcome=\"%s\"} 0.0", OUTCOMES))
        .containsAll(
            perKindAnd("asyncops_duration_seconds_count{kind=\"%s\",outcome=\"%s\"} 0", OUTCOMES))
        .containsAll(
            perKindAnd(
                "asyncops_duration_seconds_bucket{kind=\"%s\",outcome=\"%s\",le=\"1.0\"} 0",
                OUTCOMES))
        .containsAll(
            perKindAnd(
                "asyncops_active{kind=\"%s\",state=\"%s\"} 0.0",
                List.of("QUEUED", "RUNNING", "CANCELLING")))
        .containsAll(
            perKindAnd(
                "asyncops_items_total{kind=\"%s\",outcome=\"%s\"} 0.0",
                List.of("SUCCEEDED", "FAILED", "SKIPPED", "CANCELLED")))
        .containsAll(
            each(
                "asyncops_rejected_total{reason=\"%s\"} 0.0",
                List.of("QUEUE_FULL", "DRAINING", "PENDING", "STORE_UNAVAILABLE")))
        .containsAll(
            each(
                "asyncops_recovered_total{result=\"%s\"} 0.0",
                List.of("RESUMED", "CANCELLED", "INTERRUPTED", "FAILED")))
        .containsAll(
            each(
                "asyncops_main_context_queue{priority=\"%s\"} 0.0",
                List.of("HIGH", "DEFAULT", "HIGH_IDLE", "DEFAULT_IDLE", "LOW")))
        .contains("asyncops_copied_bytes_total 0.0", "asyncops_queue_depth 0.0")
        .contains("asyncops_event_subscribers 0.0")
        .contains("asyncops_io_busy{root=\"data\"} 0.0")
        .anyMatch(line -> line.startsWith("asyncops_io_limit{root=\"data\"} "))
        .anyMatch(line -> line.startsWith("asyncops_store_commit_seconds_bucket{le=\"0.001\"} "))
        .anyMatch(line -> line.startsWith("asyncops_main_context_lag_seconds_count "))
        .anyMatch(line -> line.startsWith("asyncops_main_context_run_seconds_count "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
  void aHealthyService_isUpAndSaysNoMore(String path) {
    var answer = service.get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"status\":\"UP\"").doesNotContain("components");
  }

  @Test
  void info_namesTheBuild() {
    assertThat(service.get("/actuator/info").body())
        .contains("\"artifact\":\"asyncops\"")
        .contains("\"version\"");
  }

  @Test
  void info_saysHowFilesAreReached_andWhatThatGuarantees() {
    assertThat(service.get("/actuator/info").body())
        .containsPattern("\"files\":\\{.*\"access\":\"(linux-openat2|java-nio)\"")
        .contains("\"guarantee\"");
  }

  @Test
  void theBillOfMaterials_namesWhatTheJarIsMadeOf() {
    var answer = service.get("/actuator/sbom/application");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"bomFormat\"", "CycloneDX")
        .contains("\"name\" : \"sqlite-jdbc\"", "\"name\" : \"spring-webflux\"")
        .doesNotContain("\"name\" : \"awaitility\"", "\"name\" : \"helm-java\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator",
        "/actuator/env",
        "/actuator/heapdump",
        "/actuator/configprops",
        "/actuator/loggers",
        "/actuator/shutdown"
      })
  void nothingElseOfTheActuator_isExposed(String path) {
    assertThat(service.get(path).statusCode()).isEqualTo(404);
  }

  private static List<String> perKind(String line) {
    return each(line, KINDS);
  }

  private static List<String> perKindAnd(String line, List<String> values) {
    return KINDS.stream()
        .flatMap(kind -> values.stream().map(value -> line.formatted(kind, value)))
        .toList();
  }

  private static List<String> each(String line, List<String> values) {
    return values.stream().map(line::formatted).toList();
  }
}
