package dev.asyncops.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The alerts and the dashboard; that their metrics are there is tested with the service. */
class MonitoringTests {

  /** What differs from release to release is in capitals in the chart's file. */
  private static final String PLACEHOLDER = "[A-Z]+_(SELECTOR|QUEUED|SUBSCRIBERS|AGE)";

  @Test
  void everyAlert_saysWhatIsWrongAndWhatToDo() {
    assertThat(rules())
        .hasSizeGreaterThanOrEqualTo(12)
        .allSatisfy(rule -> {
          assertThat(rule.getAlert()).startsWith("Asyncops");
          assertThat(rule.getLabels().get("severity")).isIn("info", "warning", "critical");
          assertThat(rule.getAnnotations()).containsOnlyKeys("summary", "description", "runbook");
          assertThat(rule.getAnnotations().values()).noneMatch(String::isBlank);
        })
        .extracting(Rule::getAlert)
        .doesNotHaveDuplicates();
  }

  @Test
  void everyAlert_isExplainedToTheOperator() throws IOException {
    String page = Files.readString(Path.of("helm/OPERATING.md"));

    assertThat(rules()).allSatisfy(rule -> assertThat(page).contains(rule.getAlert()));
  }

  @Test
  void everyAlert_isOfThisRelease() {
    String rules = new Yaml().dump(Chart.manifests(Chart.EVERYTHING));

    assertThat(rules).doesNotContainPattern(PLACEHOLDER);
    assertThat(Expressions.ofAlerts())
        .allMatch(expression -> expression.contains("namespace=\"files\""));
  }

  @Test
  void limits_areThoseOfTheValues() {
    assertThat(Expressions.ofAlerts())
        .anyMatch(expression -> expression.endsWith("> 0.8 * 50000"))
        .anyMatch(expression -> expression.endsWith("> 0.8 * 500"));
  }

  @Test
  void whatIsScraped_isThePodsOwnPort() {
    PodMonitor monitor = Manifests.of(Chart.EVERYTHING).only(PodMonitor.class);

    assertThat(monitor.getSpec().getPodMetricsEndpoints())
        .singleElement()
        .satisfies(endpoint -> {
          assertThat(endpoint.getPort()).isEqualTo("management");
          assertThat(endpoint.getPath()).isEqualTo("/actuator/prometheus");
        });
  }

  @Test
  void thePanels_haveNumbersOfTheirOwnAndDoNotOverlap() {
    JsonNode panels = Expressions.dashboard().get("panels");
    List<Integer> ids = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    for (JsonNode panel : panels) {
      ids.add(panel.get("id").asInt());
      JsonNode place = panel.get("gridPos");
      assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = 0; x < place.get("w").asInt(); x++) {
        for (int y = 0; y < place.get("h").asInt(); y++) {
          cells.add("%d:%d".formatted(place.get("x").asInt() + x, place.get("y").asInt() + y));
        }
      }
    }

    assertThat(ids).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    assertThat(cells).doesNotHaveDuplicates();
  }

  @Test
  void everyQueryOfTheDashboard_isOfTheChosenRelease() {
    assertThat(Expressions.ofDashboard())
        .hasSizeGreaterThan(25)
        .allSatisfy(expression ->
            assertThat(Expressions.metrics(expression))
                .isNotEmpty()
                .allSatisfy(metric ->
                    assertThat(expression)
                        .contains(metric + "{namespace=\"$namespace\", job=\"$job\"")));
  }

  /** For promtool and for src/e2e/prometheus: what the chart renders, as Prometheus reads it. */
  @Test
  void theRules_areWrittenForPromtool() throws IOException {
    Path target = Files.createDirectories(Path.of("target/helm"));
    for (Object manifest : Chart.manifests(Chart.EVERYTHING)) {
      if (Manifests.typed(manifest) instanceof PrometheusRule) {
        Object spec = ((Map<?, ?>) manifest).get("spec");
        Files.writeString(target.resolve("alerts.yaml"), new Yaml().dump(spec));
      }
    }
    Files.writeString(target.resolve("dashboard.json"), Expressions.dashboard().toPrettyString());

    assertThat(target.resolve("alerts.yaml")).content().contains("alert: AsyncopsDown");
  }

  private static List<Rule> rules() {
    return Manifests.of(Chart.EVERYTHING).only(PrometheusRule.class).getSpec().getGroups().stream()
        .flatMap(group -> group.getRules().stream())
        .toList();
  }
}
