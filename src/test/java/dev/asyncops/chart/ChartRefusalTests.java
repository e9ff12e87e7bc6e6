package dev.asyncops.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are wrong, or meant to break out of their place: nothing is rendered. */
class ChartRefusalTests {

  /** Of these the members are names that somebody else gives. */
  private static final Set<String> OPEN =
      new TreeSet<>(
          List.of(
              "/global",
              "/affinity/nodeAffinity",
              "/affinity/podAffinity",
              "/affinity/podAntiAffinity"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicas: 2                                           | replicas
          image: {tga: x}                                       | tga
          limits: {quequed: 1}                                  | quequed
          auth: {modus: token}                                  | modus
          auth: {jwt: {issuer: x}}                              | issuer
          roots: [{name: a, emptyDir: {}, readonly: true}]      | readonly
          networkPolicy: {from: [{podselector: {}}]}            | podselector
          probes: {liveness: {period: 1}}                       | period
          tests: {tokenSecret: {nam: x}}                        | nam
          """)
  void anUnknownKey_isRefusedByName(String values, String key) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Chart.rendered(values))
        .withMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits: {running: many}",
        "limits: {running: 0}",
        "limits: {bytesPerSecond: fast}",
        "shutdown: {drainSeconds: 10s}",
        "auth: {mode: basic}",
        "ports: {http: 80}",
        "service: {port: 65536}",
        "jvm: {maxRamPercentage: 100}",
        "roots: []",
        "roots: [{name: a}]",
        "roots: [{name: a, claim: x, emptyDir: {}}]",
        "roots: [{name: Data, emptyDir: {}}]",
        "roots: [{name: a, claim: Not_A_Claim}]",
        "roots: [{name: chart-test, emptyDir: {}}]",
        "connect: {allow: [example.org]}",
        "connect: {allow: [10.0.0.0/33]}",
        "retention: {maxAge: week}",
        "image: {digest: 'md5:00'}",
        "networkPolicy: {extraEgress: [{}]}",
        "properties: {asyncops.limits.running: 1}",
        "properties: {server.port: 1}",
        "auth: {mode: token, tokens: [{name: a, sha256: secret, scopes: [read], roots: []}]}"
      })
  void aValueOutOfPlace_isRefused(String values) {
    assertThatIllegalStateException().isThrownBy(() -> Chart.rendered(values));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          roots: [{name: a, claim: x}]                               | allowAnonymous
          auth: {mode: token}                                        | tokensSecret
          auth: {mode: jwt}                                          | issuerUri
          ports: {http: 8081}                                        | differ
          ingress: {enabled: true}                                   | host
          roots: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]  | twice
          """)
  void whatDoesNotFitTogether_isRefusedWithTheReason(String values, String reason) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Chart.rendered(values))
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fullnameOverride: \"x\\n  evil: true\"",
        "nameOverride: '../../etc'",
        "commonLabels: {\"a\\nb\": c}",
        "commonLabels: {a: \"b\\nc: d\"}",
        "podLabels: {a: 'b: c'}",
        "podAnnotations: {\"a: b\\nc\": d}",
        "image: {repository: \"x\\n  command: [sh]\"}",
        "image: {tag: 'x y'}",
        "roots: [{name: a, emptyDir: {}, subPath: ../../etc}]",
        "roots: [{name: a, emptyDir: {}, subPath: /etc}]",
        "roots: [{name: \"a\\n\", emptyDir: {}}]",
        "{allowHostPath: true, roots: [{name: a, hostPath: /srv/../etc}]}",
        "jvm: {options: ['-Da=b -javaagent:x.jar']}",
        "jvm: {options: ['@/etc/passwd']}",
        "store: {url: \"jdbc:postgresql://db/x\\nusername: y\"}",
        "store: {url: 'jdbc:sqlite:x'}",
        "store: {passwordSecret: {name: '{{ .Values }}'}}",
        "auth: {jwt: {issuerUri: 'file:///etc/passwd'}}",
        "ingress: {hosts: [{host: \"a\\nb\"}]}",
        "tests: {tokenSecret: {key: '../x'}}",
      })
  void whatWouldLeaveItsPlace_isRefused(String values) {
    assertThatIllegalStateException().isThrownBy(() -> Chart.rendered(values));
  }

  @Test
  void hugeStrings_areRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Chart.rendered("fullnameOverride: " + "a".repeat(100_000)));
    assertThatIllegalStateException()
        .isThrownBy(() -> Chart.rendered("podLabels: {a: %s}".formatted("b".repeat(64))));
  }

  @Test
  void annotationsMaySayAnything_andStayOneValue() {
    String evil = "{{ .Release }} \"'\\n# - a: b\\n---\\nkind: Pod\\t\\u0001 é €";
    Manifests manifests =
        Manifests.of(
            "{podAnnotations: {example.org/a: \"%s\"}, service: {annotations: {b: \"%s\"}}}"
                .formatted(evil.replace("\"", "\\\""), evil.replace("\"", "\\\"")));
    String expected = "{{ .Release }} \"'\n# - a: b\n---\nkind: Pod\t\u0001 é €";

    assertThat(
            manifests
                .only(StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations())
        .containsEntry("example.org/a", expected);
    assertThat(manifests.only(Service.class).getMetadata().getAnnotations())
        .containsEntry("b", expected);
    assertThat(manifests.all()).hasSize(7);
  }

  @Test
  void whatTheChartSaysOfItself_cannotBeTakenOver() {
    Manifests manifests =
        Manifests.of(
            """
            commonLabels: {app.kubernetes.io/name: evil, app.kubernetes.io/instance: evil}
            podLabels: {app.kubernetes.io/component: evil}
            podAnnotations: {checksum/settings: evil}
            """);
    var template = manifests.only(StatefulSet.class).getSpec().getTemplate().getMetadata();

    assertThat(template.getLabels()).doesNotContainValue("evil");
    assertThat(template.getAnnotations()).doesNotContainValue("evil");
  }

  @Test
  void theSchema_isClosedEverywhere() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(new File("helm/values.schema.json"));

    assertThat(open("", schema, new TreeSet<>())).isEqualTo(OPEN);
  }

  @Test
  void theSchema_knowsEveryDefault() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(new File("helm/values.schema.json"));
    TreeSet<String> known = new TreeSet<>();
    schema.get("properties").fieldNames().forEachRemaining(known::add);
    known.remove("global");
    Map<String, Object> values = Chart.yaml().load(Files.readString(Path.of("helm/values.yaml")));

    assertThat(values.keySet()).isEqualTo(known);
  }

  /** Objects that say neither that they have no other members, nor what those must be. */
  private static Set<String> open(String place, JsonNode node, Set<String> found) {
    if (node.isObject()) {
      if ("object".equals(node.path("type").asText()) && !node.has("additionalProperties")) {
        found.add(place.replace("/properties", ""));
      }
      node.properties().forEach(m -> open(place + "/" + m.getKey(), m.getValue(), found));
    } else if (node.isArray()) {
      node.forEach(element -> open(place + "/*", element, found));
    }
    return found;
  }
}
