package dev.asyncops.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart of this repository and what Helm makes of it, for a release {@code ops}. */
public final class Chart {

  /** The release and its namespace in these tests. */
  public static final String RELEASE = "ops";

  public static final String NAMESPACE = "files";

  /** Every part of the chart switched on, with the default roots replaced. */
  public static final String EVERYTHING =
      """
      commonLabels: {team: storage}
      image: {repository: registry.example.org/tools/asyncops, tag: "1.0", pullSecrets: [pull]}
      roots:
        - {name: data, claim: shared, subPath: in/2026}
        - {name: archive, claim: shared, subPath: archive, readOnly: true}
        - {name: other, claim: other}
        - {name: scratch, emptyDir: {sizeLimit: 1Gi}}
      state: {size: 20Gi, storageClass: fast}
      auth:
        mode: token
        tokens:
          - name: ci
            sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            scopes: [read, write, cancel]
            roots: [data, chart-test, chart-test-source]
      limits: {running: 8, queued: 50000, memory: 64MB, ioThreads: 6, bytesPerSecond: 50MB, bodyBytes: 32MB,
        eventSubscribers: 500, requestTimeoutSeconds: 20}
      retention: {maxAge: 2d, maxCount: 5000}
      connect: {allow: [10.1.0.0/16, "2001:db8::/32"], defaultPort: 13}
      shutdown: {drainSeconds: 45}
      properties: {logging.structured.format.console: ecs}
      jvm: {maxRamPercentage: 60, options: [-Xss512k]}
      securityContext: {supplementalGroups: [3000]}
      podLabels: {tier: batch}
      podAnnotations: {example.org/note: "a: b"}
      nodeSelector: {kubernetes.io/os: linux}
      tolerations: [{key: disk, operator: Exists, effect: NoSchedule}]
      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
        {matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]}}}
      priorityClassName: batch
      serviceAccount: {annotations: {example.org/a: b}}
      service: {annotations: {example.org/a: b}}
      ingress:
        enabled: true
        className: nginx
        hosts: [{host: ops.example.org, path: /files}]
        tls: [{secretName: ops-tls, hosts: [ops.example.org]}]
      networkPolicy:
        from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}}]
        extraEgress: [{to: [{ipBlock: {cidr: 192.0.2.7/32}}], ports: [{port: 443, protocol: TCP}]}]
      podDisruptionBudget: {enabled: true}
      podMonitor: {enabled: true, labels: {release: prometheus}}
      prometheusRule: {enabled: true, labels: {release: prometheus}}
      dashboard: {enabled: true}
      tests: {tokenSecret: {name: ops-test-token}}
      """;

  private static final Path DIRECTORY = Path.of("helm");

  /** Helm leaves hooks out of what it renders; in this copy the test is a pod like others. */
  private static final Path WITHOUT_HOOKS = withoutHooks();

  private Chart() {}

  /**
   * The manifests that these values give, as YAML.
   *
   * @throws IllegalStateException with what Helm says, if it refuses
   */
  public static String rendered(String values) {
    return withFile(
        values,
        file ->
            new Helm(WITHOUT_HOOKS)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.31.0")
                .withValuesFile(file)
                .call());
  }

  /** The same, each a map. */
  public static List<Object> manifests(String values) {
    List<Object> manifests = new ArrayList<>();
    for (Object manifest : yaml().loadAll(rendered(values))) {
      if (manifest != null) {
        manifests.add(manifest);
      }
    }
    return manifests;
  }

  /** What Helm's own linter says of the chart with its default values; warnings fail, too. */
  static LintResult linted() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  /** A reader that refuses what is there twice. */
  static Yaml yaml() {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(strict));
  }

  private static Path withoutHooks() {
    Path copy = Path.of("target", "helm", "chart-" + ProcessHandle.current().pid());
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(DIRECTORY.relativize(file));
        Files.createDirectories(target.resolveSibling("."));
        Files.writeString(target, Files.readString(file).replace("helm.sh/hook: test", "is: test"));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface WithFile {

    String use(Path file);
  }

  private static String withFile(String values, WithFile use) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return use.use(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
