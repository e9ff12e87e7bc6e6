package dev.asyncops.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The questions that the chart's alerts and its dashboard ask Prometheus. */
public final class Expressions {

  /** What others than the service measure: Prometheus, kube-state-metrics, the kubelet. */
  public static final Set<String> OF_OTHERS =
      Set.of(
          "up",
          "kube_pod_status_ready",
          "kubelet_volume_stats_available_bytes",
          "kubelet_volume_stats_capacity_bytes");

  private static final Pattern METRIC = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{");
  private static final Pattern OURS = Pattern.compile("\\basyncops_[a-z_]+\\b(?!\\{)");

  private Expressions() {}

  /** Of the alerts. */
  public static List<String> ofAlerts() {
    return Manifests.of(Chart.EVERYTHING).only(PrometheusRule.class).getSpec().getGroups().stream()
        .flatMap(group -> group.getRules().stream())
        .map(rule -> rule.getExpr().getStrVal())
        .toList();
  }

  /** Of the dashboard. */
  public static List<String> ofDashboard() {
    return dashboard().findValuesAsText("expr");
  }

  static JsonNode dashboard() {
    String json =
        Manifests.of(Chart.EVERYTHING).all(ConfigMap.class).stream()
            .map(map -> map.getData().get("ops-asyncops.json"))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The metrics that an expression names, each of which has braces. */
  public static Set<String> metrics(String expression) {
    if (OURS.matcher(expression).find()) {
      throw new AssertionError("of any release: " + expression);
    }
    return new TreeSet<>(
        METRIC.matcher(expression).results().map((MatchResult found) -> found.group(1)).toList());
  }
}
