package dev.asyncops.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart makes of values that are right. */
class ChartTests {

  @Test
  void helmsOwnLinter_hasNothingToSay() {
    var lint = Chart.linted();

    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    assertThat(lint.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
  }

  @Test
  void byDefault_itIsATrialWithoutAnythingThatAClusterMayLack() {
    Manifests manifests = Manifests.of("{}");

    assertThat(manifests.all())
        .extracting(HasMetadata::getKind)
        .containsExactlyInAnyOrder(
            "ConfigMap",
            "ConfigMap",
            "NetworkPolicy",
            "Pod",
            "Service",
            "ServiceAccount",
            "StatefulSet");
  }

  @Test
  void withEverything_everyManifestIsOneThatKubernetesKnows() {
    Manifests manifests = Manifests.of(Chart.EVERYTHING);

    assertThat(manifests.all())
        .extracting(HasMetadata::getKind)
        .contains(
            "Secret",
            "Ingress",
            "PodDisruptionBudget",
            "PodMonitor",
            "PrometheusRule",
            "ConfigMap");
    assertThat(manifests.all())
        .allSatisfy(manifest -> {
          assertThat(manifest.getMetadata().getNamespace()).isEqualTo(Chart.NAMESPACE);
          assertThat(manifest.getMetadata().getLabels())
              .containsEntry("app.kubernetes.io/instance", Chart.RELEASE)
              .containsEntry("team", "storage");
        });
  }

  @Test
  void aMemberThatKubernetesDoesNotKnow_wouldBeSeen() {
    Map<String, Object> manifest =
        Map.of(
            "apiVersion", "v1", "kind", "Pod", "spec", Map.of("containers", List.of(), "nodes", 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Manifests.typed(manifest))
        .withMessageContaining("nodes");
  }

  @Test
  void thePod_isOneAndHasTimeToDrain() {
    StatefulSet set = Manifests.of("shutdown: {drainSeconds: 300}").only(StatefulSet.class);

    assertThat(set.getSpec().getReplicas()).isEqualTo(1);
    assertThat(set.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
        .isEqualTo(325);
  }

  @Test
  void theService_selectsThePodAloneAndKeepsItWhenItIsNotReady() {
    Manifests manifests = Manifests.of(Chart.EVERYTHING);
    Service service = manifests.only(Service.class);
    Map<String, String> wanted = service.getSpec().getSelector();

    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(service.getSpec().getPorts())
        .singleElement()
        .satisfies(port -> {
          assertThat(port.getTargetPort().getStrVal()).isEqualTo("http");
        });
    assertThat(template(manifests).getMetadata().getLabels()).containsAllEntriesOf(wanted);
    assertThat(manifests.only(StatefulSet.class).getSpec().getSelector().getMatchLabels())
        .isEqualTo(wanted);
    assertThat(manifests.only(Pod.class).getMetadata().getLabels().entrySet())
        .doesNotContainAnyElementsOf(Map.of("app.kubernetes.io/component", "server").entrySet());
  }

  @Test
  void probes_askThePortThatTheServiceDoesNotHave() {
    Container container = container(Manifests.of("{}"));

    assertThat(container.getPorts()).extracting("name").containsExactly("http", "management");
    assertThat(
            List.of(
                container.getStartupProbe(),
                container.getLivenessProbe(),
                container.getReadinessProbe()))
        .allSatisfy(
            probe -> assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management"));
    assertThat(container.getReadinessProbe().getHttpGet().getPath())
        .isEqualTo("/actuator/health/readiness");
    assertThat(container.getLivenessProbe().getHttpGet().getPath())
        .isEqualTo("/actuator/health/liveness");
  }

  @Test
  void rootsOfOneClaim_shareItsVolume() {
    PodSpec pod = template(Manifests.of(Chart.EVERYTHING)).getSpec();

    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
        .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .containsExactlyInAnyOrder("shared", "other");
    assertThat(mount(pod, "/roots/archive").getReadOnly()).isTrue();
    assertThat(mount(pod, "/roots/archive").getSubPath()).isEqualTo("archive");
    assertThat(mount(pod, "/roots/data").getReadOnly()).isFalse();
    assertThat(mount(pod, "/roots/data").getName())
        .isEqualTo(mount(pod, "/roots/archive").getName());
  }

  @Test
  void everyMount_hasItsVolume_andNoVolumeIsThereTwice() {
    for (String values : List.of("{}", Chart.EVERYTHING, Values.DATABASE, Values.HOST_PATH)) {
      Manifests manifests = Manifests.of(values);
      PodSpec pod = template(manifests).getSpec();
      List<String> volumes = pod.getVolumes().stream().map(volume -> volume.getName()).toList();
      List<String> templates =
          manifests.only(StatefulSet.class).getSpec().getVolumeClaimTemplates().stream()
              .map(claim -> claim.getMetadata().getName())
              .toList();

      assertThat(volumes).doesNotHaveDuplicates().noneMatch(templates::contains);
      assertThat(container(manifests).getVolumeMounts())
          .allMatch(m -> volumes.contains(m.getName()) || templates.contains(m.getName()))
          .extracting(VolumeMount::getMountPath)
          .doesNotHaveDuplicates()
          .contains("/state", "/tmp");
    }
  }

  @Test
  void theState_isOnAClaimUnlessADatabaseHasIt() {
    assertThat(stateClaims("{}")).hasSize(1);
    assertThat(stateClaims("state: {existingClaim: mine}")).isEmpty();
    assertThat(stateClaims(Values.DATABASE)).isEmpty();
    assertThat(template(Manifests.of("state: {existingClaim: mine}")).getSpec().getVolumes())
        .anySatisfy(volume -> {
          assertThat(volume.getName()).isEqualTo("state");
          assertThat(volume.getPersistentVolumeClaim().getClaimName()).isEqualTo("mine");
        });
  }

  @Test
  void thePassword_isOfASecretAndNowhereElse() {
    assertThat(container(Manifests.of(Values.DATABASE)).getEnv())
        .filteredOn(variable -> variable.getName().equals("ASYNCOPS_STORE_PASSWORD"))
        .singleElement()
        .satisfies(variable -> {
          assertThat(variable.getValue()).isNull();
          assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("db");
        });
  }

  @Test
  void tokens_areInASecretWhoseChangeStartsANewPod() {
    Manifests before = Manifests.of(Chart.EVERYTHING);
    Manifests after = Manifests.of(Chart.EVERYTHING.replace("name: ci", "name: cd"));

    assertThat(before.only(Secret.class).getStringData().get("tokens.yaml"))
        .contains("name: ci", "sha256: 9f86d0");
    assertThat(annotation(before, "checksum/tokens"))
        .isNotEqualTo(annotation(after, "checksum/tokens"));
    assertThat(annotation(before, "checksum/settings"))
        .isEqualTo(annotation(after, "checksum/settings"));
  }

  @Test
  void aSettingThatChanges_startsANewPod() {
    assertThat(annotation(Manifests.of("{}"), "checksum/settings"))
        .isNotEqualTo(annotation(Manifests.of("limits: {running: 3}"), "checksum/settings"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "token", "jwt"})
  void theMode_isToldTogetherWithWhatBelongsToIt(String mode) {
    Map<String, String> expected =
        switch (mode) {
          case "none" -> Map.of("ASYNCOPS_AUTH_ALLOWANONYMOUS", "true");
          case "token" -> Map.of("ASYNCOPS_AUTH_TOKENSFILE", "/etc/asyncops-tokens/tokens.yaml");
          default ->
              Map.of(
                  "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", "https://id.example.org");
        };
    String values =
        """
        auth:
          mode: %s
          tokensSecret: {name: "%s"}
          jwt: {issuerUri: https://id.example.org}
        """
            .formatted(mode, mode.equals("token") ? "tokens" : "");

    List<EnvVar> variables =
        container(Manifests.of(values)).getEnv().stream()
            .filter(v -> v.getName().contains("AUTH"))
            .toList();

    assertThat(variables)
        .filteredOn(v -> !v.getName().equals("ASYNCOPS_AUTH_MODE"))
        .singleElement()
        .satisfies(v -> assertThat(expected).containsEntry(v.getName(), v.getValue()));
    assertThat(variables).anyMatch(v -> mode.equals(v.getValue()));
  }

  @Test
  void theAccount_hasNoToken() {
    Manifests manifests = Manifests.of("{}");

    assertThat(manifests.only(ServiceAccount.class).getAutomountServiceAccountToken()).isFalse();
    assertThat(manifests.pods())
        .allSatisfy(pod -> assertThat(pod.getAutomountServiceAccountToken()).isFalse());
  }

  @Test
  void theWayOut_isWhatConnectMayReachAndNames() {
    NetworkPolicy policy =
        Manifests.of("connect: {allow: [127.0.0.0/8, '::1/128', 10.1.0.0/16, '2001:db8::/32']}")
            .only(NetworkPolicy.class);

    assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
    assertThat(policy.getSpec().getEgress()).hasSize(2);
    assertThat(policy.getSpec().getEgress().get(1).getTo())
        .extracting(peer -> peer.getIpBlock().getCidr())
        .containsExactly("10.1.0.0/16", "2001:db8::/32");
  }

  @Test
  void anEmptyListOfNetworks_letsNothingOut() {
    NetworkPolicy policy = Manifests.of("connect: {allow: []}").only(NetworkPolicy.class);

    assertThat(policy.getSpec().getEgress())
        .singleElement()
        .extracting(NetworkPolicyEgressRule::getPorts)
        .satisfies(ports -> assertThat(ports).allMatch(p -> p.getPort().getIntVal() == 53));
  }

  @Test
  void theDatabase_isReachedOnItsPortOnly() {
    NetworkPolicy policy = Manifests.of(Values.DATABASE).only(NetworkPolicy.class);

    assertThat(policy.getSpec().getEgress())
        .filteredOn(rule -> rule.getPorts().stream().anyMatch(p -> p.getPort().getIntVal() == 5433))
        .singleElement()
        .satisfies(rule -> assertThat(rule.getTo()).hasSize(1));
  }

  @Test
  void whoMayComeIn_isTheNamespaceOrWhoIsNamed_andTheTest() {
    List<NetworkPolicyPeer> byDefault =
        Manifests.of("{}").only(NetworkPolicy.class).getSpec().getIngress().getFirst().getFrom();
    List<NetworkPolicyPeer> named =
        Manifests.of(Chart.EVERYTHING)
            .only(NetworkPolicy.class)
            .getSpec()
            .getIngress()
            .getFirst()
            .getFrom();

    assertThat(byDefault)
        .singleElement()
        .satisfies(peer -> assertThat(peer.getNamespaceSelector()).isNull());
    assertThat(named).hasSize(2);
    assertThat(named.get(1).getPodSelector().getMatchLabels())
        .containsEntry("app.kubernetes.io/component", "test");
  }

  @Test
  void anIngress_collectsNeitherEventsNorUploads() {
    Ingress ingress = Manifests.of(Chart.EVERYTHING).only(Ingress.class);

    assertThat(ingress.getMetadata().getAnnotations())
        .containsEntry("nginx.ingress.kubernetes.io/proxy-buffering", "off")
        .containsEntry("nginx.ingress.kubernetes.io/proxy-request-buffering", "off")
        .containsEntry("nginx.ingress.kubernetes.io/proxy-body-size", "0");
    assertThat(ingress.getSpec().getRules().getFirst().getHttp().getPaths().getFirst().getPath())
        .isEqualTo("/files");
  }

  @Test
  void theMemoryOfTheJvm_leavesRoom_andFurtherOptionsFollow() {
    assertThat(container(Manifests.of(Chart.EVERYTHING)).getEnv())
        .anySatisfy(variable -> {
          assertThat(variable.getName()).isEqualTo("JDK_JAVA_OPTIONS");
          assertThat(variable.getValue())
              .isEqualTo("-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError -Xss512k");
        });
  }

  @Test
  void theNames_fitIntoTheLabelsThatAStatefulSetMakes() {
    assertThat(
            Manifests.of("fullnameOverride: " + "a".repeat(52))
                .only(StatefulSet.class)
                .getMetadata()
                .getName())
        .hasSizeLessThanOrEqualTo(52);
  }

  private static List<?> stateClaims(String values) {
    return Manifests.of(values).only(StatefulSet.class).getSpec().getVolumeClaimTemplates();
  }

  private static PodTemplateSpec template(Manifests manifests) {
    return manifests.only(StatefulSet.class).getSpec().getTemplate();
  }

  private static Container container(Manifests manifests) {
    return template(manifests).getSpec().getContainers().getFirst();
  }

  private static String annotation(Manifests manifests, String name) {
    return template(manifests).getMetadata().getAnnotations().getOrDefault(name, "");
  }

  private static VolumeMount mount(PodSpec pod, String path) {
    return pod.getContainers().getFirst().getVolumeMounts().stream()
        .filter(mount -> mount.getMountPath().equals(path))
        .findFirst()
        .orElseThrow();
  }
}
