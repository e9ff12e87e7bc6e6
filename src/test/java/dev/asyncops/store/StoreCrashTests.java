package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.registry.OperationId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What another process leaves when it is killed. */
@Timeout(120)
class StoreCrashTests {

  @TempDir Path directory;

  @Test
  void whatWasAcknowledged_isThereAfterTheProcessWasKilled() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (StoreChild child = StoreChild.start(directory)) {
      for (int i = 0; i < 2000; i++) {
        acknowledged.add(child.next());
      }
      acknowledged.addAll(child.kill());
    }

    try (StoreRig rig = new StoreRig(directory)) {
      for (String id : acknowledged) {
        assertThat(rig.store.find(OperationId.parse(id).orElseThrow())).as(id).isPresent();
      }
      assertThat(rig.store.unfinished()).hasSizeGreaterThanOrEqualTo(acknowledged.size());
      rig.admitted();
    }
  }

  @Test
  void whileAnotherProcessHasTheDirectory_itIsRefusedAndItsProcessNamed() throws Exception {
    try (StoreChild child = StoreChild.start(directory)) {
      child.next();

      assertThatThrownBy(() -> new StoreRig(directory))
          .isInstanceOf(StoreUnusableException.class)
          .hasMessage(
              "The state directory '%s' is in use by another process (pid %d)."
                  .formatted(directory, child.pid()));
    }
  }
}
