package dev.asyncops.chart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Manifests as Kubernetes knows their types: a member that it does not know is an error. */
public final class Manifests {

  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Map.ofEntries(
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Pod", Pod.class),
          Map.entry("v1/Secret", Secret.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/StatefulSet", StatefulSet.class),
          Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class));

  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(new WithoutAnySetter())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private final List<HasMetadata> all;

  private Manifests(List<HasMetadata> all) {
    this.all = all;
  }

  /** What the chart makes of these values. */
  public static Manifests of(String values) {
    return new Manifests(Chart.manifests(values).stream().map(Manifests::typed).toList());
  }

  static HasMetadata typed(Object manifest) {
    Map<?, ?> members = (Map<?, ?>) manifest;
    String type = members.get("apiVersion") + "/" + members.get("kind");
    Class<? extends HasMetadata> known =
        Objects.requireNonNull(TYPES.get(type), () -> "unknown: " + type);
    return STRICT.convertValue(manifest, known);
  }

  List<HasMetadata> all() {
    return all;
  }

  /** Those of a kind. */
  public <T extends HasMetadata> List<T> all(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The only one of a kind. */
  <T extends HasMetadata> T only(Class<T> kind) {
    List<T> found = all(kind);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind);
    }
    return found.getFirst();
  }

  /** The text of the service's settings. */
  public String settings() {
    return all(ConfigMap.class).stream()
        .map(map -> map.getData().get("application.yaml"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /** The specifications of all pods. */
  List<PodSpec> pods() {
    return Stream.concat(
            all(StatefulSet.class).stream().map(s -> s.getSpec().getTemplate().getSpec()),
            all(Pod.class).stream().map(Pod::getSpec))
        .toList();
  }

  /** The models keep what they do not know in a map of their own; here it must not be there. */
  private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }
}
