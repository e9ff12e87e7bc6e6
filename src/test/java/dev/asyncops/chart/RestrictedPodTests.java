package dev.asyncops.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The restricted Pod Security Standard of Kubernetes, rule by rule, for the service and its test.
 */
class RestrictedPodTests {

  @ParameterizedTest
  @ValueSource(strings = {"{}", Chart.EVERYTHING, Values.DATABASE})
  void everyPod_isRestricted(String values) {
    List<PodSpec> pods = Manifests.of(values).pods();

    assertThat(pods).hasSize(2).allSatisfy(RestrictedPodTests::isRestricted);
  }

  @Test
  void aHostPath_mustBeAskedForExplicitly() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Chart.rendered(Values.HOST_PATH.replace("allowHostPath: true", "")))
        .withMessageContaining("allowHostPath");
  }

  @Test
  void aHostPath_isAllThatIsNotRestrictedThen() {
    PodSpec pod = Manifests.of(Values.HOST_PATH).pods().getFirst();

    assertThat(pod.getVolumes().stream().filter(volume -> volume.getHostPath() != null)).hasSize(1);
    hasRestrictedContexts(pod);
  }

  private static void isRestricted(PodSpec pod) {
    assertThat(pod.getVolumes()).allSatisfy(RestrictedPodTests::isAllowed);
    hasRestrictedContexts(pod);
  }

  private static void hasRestrictedContexts(PodSpec pod) {
    assertThat(pod.getHostNetwork()).isNotEqualTo(true);
    assertThat(pod.getHostPID()).isNotEqualTo(true);
    assertThat(pod.getHostIPC()).isNotEqualTo(true);
    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getEphemeralContainers()).isEmpty();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getSecurityContext().getSysctls()).isEmpty();
    assertThat(pod.getSecurityContext().getSeLinuxOptions()).isNull();
    assertThat(pod.getSecurityContext().getAppArmorProfile()).isNull();
    assertThat(pod.getContainers()).hasSize(1).allSatisfy(RestrictedPodTests::isRestricted);
  }

  private static void isRestricted(Container container) {
    var context = container.getSecurityContext();

    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
    assertThat(context.getPrivileged()).isNotEqualTo(true);
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(context.getCapabilities().getAdd()).isEmpty();
    assertThat(context.getRunAsUser()).isNull();
    assertThat(context.getRunAsNonRoot()).isNotEqualTo(false);
    assertThat(context.getSeccompProfile()).isNull();
    assertThat(context.getProcMount()).isNull();
    assertThat(container.getPorts()).allMatch(port -> port.getHostPort() == null);
    assertThat(container.getResources().getLimits()).containsKey("memory");
    assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
  }

  private static void isAllowed(Volume volume) {
    boolean allowed =
        volume.getConfigMap() != null
            || volume.getSecret() != null
            || volume.getEmptyDir() != null
            || volume.getPersistentVolumeClaim() != null;
    assertThat(allowed).as("%s", volume).isTrue();
  }
}
