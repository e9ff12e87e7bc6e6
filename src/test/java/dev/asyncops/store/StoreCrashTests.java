package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.registry.OperationId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another process leaves when it is killed. */
@Timeout(120)
class StoreCrashTests {

  private static final int PAGE = 4096;

  /** A page in the log. */
  private static final int FRAME = 24 + PAGE;

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

  // ---- What else may happen to the files of a process that was killed

  @Test
  void aLogWithATransactionThatWasTornAtItsEnd_isNormal_andNothingAcknowledgedIsLost()
      throws Exception {
    List<OperationId> saved = killedWithALog();
    byte[] whole = Files.readAllBytes(log());
    byte[] torn = Arrays.copyOf(whole, whole.length + 3 * FRAME);
    // A transaction of three pages, of which the middle one did not reach the disk.
    System.arraycopy(whole, 32, torn, whole.length, FRAME);
    System.arraycopy(whole, whole.length - FRAME, torn, whole.length + 2 * FRAME, FRAME);
    Files.write(log(), torn);

    assertAllThere(saved);
  }

  @Test
  void aLogThatEndsInTheMiddleOfAPage_isNormal() throws Exception {
    List<OperationId> saved = killedWithALog();
    byte[] whole = Files.readAllBytes(log());
    Files.write(log(), Arrays.copyOf(whole, whole.length + 100));

    assertAllThere(saved);
  }

  @Test
  void aLogWithPagesOfAnOlderLogBehindItsEnd_isNormal() throws Exception {
    List<OperationId> saved = killedWithALog();
    byte[] whole = Files.readAllBytes(log());
    byte[] longer = Arrays.copyOf(whole, whole.length + 3 * FRAME);
    for (int i = 0; i < 3; i++) {
      int at = whole.length + i * FRAME;
      System.arraycopy(whole, whole.length - FRAME, longer, at, FRAME);
      longer[at + 8]++; // the log before had another salt
    }
    Files.write(log(), longer);

    assertAllThere(saved);
  }

  @Test
  void aLogWithRestsOfTransactionsThatFailed_isNormal() throws Exception {
    List<OperationId> saved = killedWithALog();
    byte[] whole = Files.readAllBytes(log());
    byte[] longer = Arrays.copyOf(whole, whole.length + 3 * FRAME);
    for (int i = 0; i < 3; i++) { // the ends of three, whose beginnings were overwritten
      System.arraycopy(whole, whole.length - FRAME, longer, whole.length + i * FRAME, FRAME);
    }
    Files.write(log(), longer);

    assertAllThere(saved);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"its head, 0", "its salt, 16", "its first page, 1000", "a page, 20000"})
  void aLogThatIsWrongBeforeItsEnd_isRefused(String what, int position) throws Exception {
    killedWithALog();
    flip(log(), position);

    assertDamaged();
  }

  @Test
  void aDatabaseThatIsCutOff_isRefused_alsoAfterACleanEnd() throws Exception {
    fillAndClose();
    try (FileChannel file = FileChannel.open(database(), StandardOpenOption.WRITE)) {
      file.truncate(5 * PAGE);
    }
    assertDamaged();
  }

  @Test
  void aDatabaseThatIsEmpty_isRefused_alsoAfterACleanEnd() throws Exception {
    fillAndClose();
    Files.write(database(), new byte[0]);

    assertDamaged();
  }

  @Test
  void aDatabaseThatIsMissingWhileItsLogIsThere_isRefused() throws Exception {
    killedWithALog();
    Files.delete(database());

    assertDamaged();
  }

  @Test
  void aDatabaseThatIsWrongInTheMiddle_isRefusedAfterAnUncleanEnd() throws Exception {
    fillAndClose();
    Files.writeString(directory.resolve("lock"), "4711");
    byte[] bytes = Files.readAllBytes(database());
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 2 * PAGE, (byte) 0x5a);
    Files.write(database(), bytes);

    assertDamaged();
  }

  @Test
  void aDatabaseThatWasBeingMade_isMadeAnew() throws Exception {
    Files.writeString(directory.resolve("lock"), "4711");
    Files.write(directory.resolve("registry.db.new"), new byte[0]);

    try (StoreRig rig = new StoreRig(directory)) {
      rig.admitted();
    }
    assertThat(directory.resolve("registry.db.new")).doesNotExist();
  }

  private Path database() {
    return directory.resolve("registry.db");
  }

  private Path log() {
    return directory.resolve("registry.db-wal");
  }

  /** The files as they are in the middle of the service's life, with all that is saved. */
  private List<OperationId> killedWithALog() throws Exception {
    Path alive = directory.resolve("alive");
    List<OperationId> saved = new ArrayList<>();
    try (StoreRig rig = new StoreRig(alive)) {
      for (int i = 0; i < 20; i++) {
        saved.add(rig.admitted().id());
      }
      for (String name : List.of("registry.db", "registry.db-wal", "lock")) {
        Files.copy(alive.resolve(name), directory.resolve(name));
      }
    }
    return saved;
  }

  private void fillAndClose() {
    try (StoreRig rig = new StoreRig(directory)) {
      for (int i = 0; i < 200; i++) {
        rig.admitted();
      }
    }
  }

  private void assertAllThere(List<OperationId> saved) throws Exception {
    try (StoreRig rig = new StoreRig(directory)) {
      assertThat(rig.store.unfinished())
          .extracting(unfinished -> unfinished.operation().id())
          .containsExactlyElementsOf(saved);
      assertThat(rig.answer(rig.store::check)).isNull();
    }
  }

  /** It is refused, twice, and nothing is touched. */
  private void assertDamaged() throws Exception {
    byte[] database = Files.exists(database()) ? Files.readAllBytes(database()) : null;
    byte[] log = Files.exists(log()) ? Files.readAllBytes(log()) : null;
    for (int i = 0; i < 2; i++) {
      StoreUnusableException refusal =
          catchThrowableOfType(StoreUnusableException.class, () -> new StoreRig(directory).close());
      assertThat(refusal)
          .hasMessageStartingWith("The registry '%s' is damaged:".formatted(database()));
      assertThat(refusal.remedy()).contains("It was left as it is.");
    }
    assertThat(Files.exists(database()) ? Files.readAllBytes(database()) : null)
        .isEqualTo(database);
    if (log != null) {
      assertThat(Files.readAllBytes(log())).isEqualTo(log);
    }
  }

  private static void flip(Path file, int position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[position] ^= 1;
    Files.write(file, bytes);
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
