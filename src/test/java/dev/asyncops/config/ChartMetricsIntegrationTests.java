package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.chart.Expressions;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart's alerts and dashboard ask for is what the service measures. */
class ChartMetricsIntegrationTests {

  @Test
  void everyMetricThatIsAskedFor_isThereFromTheStart(@TempDir Path data) {
    try (RunningService service = RunningService.start(data)) {
      Set<String> measured =
          service
              .get("/actuator/prometheus")
              .body()
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split("[{ ]", 2)[0])
              .collect(Collectors.toSet());

      assertThat(Stream.concat(Expressions.ofAlerts().stream(), Expressions.ofDashboard().stream()))
          .hasSizeGreaterThan(35)
          .allSatisfy(expression ->
              assertThat(Expressions.metrics(expression))
                  .isNotEmpty()
                  .allMatch(metric ->
                      measured.contains(metric) || Expressions.OF_OTHERS.contains(metric)));
    }
  }
}
