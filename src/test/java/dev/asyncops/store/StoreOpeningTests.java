package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.Snapshots;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a store is opened, and when it is refused. */
@Timeout(60)
class StoreOpeningTests {

  @TempDir Path directory;

  @Test
  void aMissingDirectory_isMadeForItsOwnerOnly() throws Exception {
    Path state = directory.resolve("a/state");

    new StoreRig(state).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rwx------");
  }

  @Test
  void whatWasSaved_isThereAfterAReopening_withAllItsParts() throws Exception {
    OperationSnapshot running;
    OperationSnapshot over;
    try (StoreRig rig = new StoreRig(directory)) {
      OperationSnapshot queued = rig.operation(Map.of("team", "a", "env", "x"));
      rig.store.admit(queued, input("[0]"), _ -> {});
      rig.store.addInput(queued.id(), input("[1]"), _ -> {});
      rig.store.addInput(queued.id(), input("[2]"), _ -> {});
      running = Snapshots.with(queued, OperationState.RUNNING);
      rig.store.save(running, _ -> {});
      OperationSnapshot other = rig.admitted();
      rig.store.addInput(other.id(), input("[3]"), _ -> {});
      over = Snapshots.with(other, OperationState.FAILED);
      rig.store.save(over, _ -> {});
      rig.store.addInput(over.id(), input("[4]"), _ -> {}); // too late
    }

    try (StoreRig rig = new StoreRig(directory)) {
      assertThat(rig.store.find(over.id())).contains(over);
      assertThat(rig.store.finishedAtOpening())
          .containsExactly(
              new OperationStore.Finished(OperationState.FAILED, RootSet.of(List.of("data")), 1));
      assertThat(rig.store.unfinished())
          .containsExactly(
              new Unfinished(
                  running, new JsonText("[0]"), List.of(new JsonText("[1]"), new JsonText("[2]"))));
    }
    assertThat(rows("operation_inputs")).as("also of the one with a mark").isEqualTo(5);
  }

  @Test
  void inputsOfWhatIsOverWithoutAMark_areGoneAfterAReopening() throws Exception {
    try (StoreRig rig = new StoreRig(directory)) {
      OperationSnapshot other = rig.admitted();
      rig.store.addInput(other.id(), input("[3]"), _ -> {});
      OperationSnapshot over =
          Snapshots.withoutMark(Snapshots.with(other, OperationState.SUCCEEDED));
      rig.store.save(over, _ -> {});
      rig.store.addInput(over.id(), input("[4]"), _ -> {}); // too late
    }

    new StoreRig(directory).close();

    assertThat(rows("operation_inputs")).isZero();
  }

  @Test
  void whatWasSavedBeforeThereWereRoots_isThere_forWhoHasThemAll() throws Exception {
    OperationSnapshot before;
    try (StoreRig rig = new StoreRig(directory)) {
      before = rig.admitted();
    }
    execute("DROP INDEX operations_by_roots");
    execute("DROP INDEX operations_by_kind_and_state");
    execute("CREATE INDEX operations_by_kind_and_state ON operations (kind, state, id)");
    execute("ALTER TABLE operations DROP COLUMN roots");
    execute("DELETE FROM flyway_schema_history WHERE version = '3'");

    try (StoreRig rig = new StoreRig(directory)) {
      OperationSnapshot after = rig.find(before).orElseThrow();
      assertThat(after.roots()).isEqualTo(RootSet.UNKNOWN);
      assertThat(after.request()).isEqualTo(before.request());
      assertThat(Reach.ALL.has(after)).isTrue();
      assertThat(Reach.of(List.of("data")).has(after)).isFalse();
      assertThat(rig.unfinished()).hasSize(1);
    }
  }

  private static OperationInput input(String json) {
    return OperationInput.of(new JsonText(json));
  }

  @Test
  void theSameDirectoryTwice_isRefused() {
    try (StoreRig _ = new StoreRig(directory)) {
      assertThat(refusal(directory).getMessage()).contains("is in use by another process");
    }
  }

  @Test
  void aFile_isNoDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(refusal(file).getMessage())
        .isEqualTo("The state directory '%s' is not a directory.".formatted(file));
  }

  @Test
  void aDirectoryThatCannotBeWritten_isRefused() {
    Path readOnly = Path.of("/proc/self");

    assertThat(refusal(readOnly).getMessage())
        .isEqualTo("The state directory '/proc/self' cannot be written.");
    assertThat(refusal(readOnly.resolve("state")).getMessage()).contains("cannot be made");
  }

  @Test
  void aDamagedDatabase_isFoundAfterAnUncleanEnd_andKeptAsItIs() throws Exception {
    fillAndClose();
    Files.writeString(directory.resolve("lock"), "4711"); // as a killed process leaves it
    Path database = directory.resolve("registry.db");
    overwrite(database, 2 * 4096L, 6 * 4096);
    byte[] damaged = Files.readAllBytes(database);

    StoreUnusableException first = refusal(directory);
    StoreUnusableException second = refusal(directory);

    assertThat(first.getMessage()).startsWith("The registry '%s' is damaged:".formatted(database));
    assertThat(second.getMessage()).isEqualTo(first.getMessage());
    assertThat(Files.readAllBytes(database)).isEqualTo(damaged);
  }

  @Test
  void aFileThatIsNoDatabase_isRefused() throws Exception {
    fillAndClose();
    Path database = directory.resolve("registry.db");
    overwrite(database, 0, 4096);

    assertThat(refusal(directory).getMessage())
        .startsWith("The registry '%s' is damaged:".formatted(database));
  }

  @Test
  void aDatabaseOfANewerVersion_isRefused() throws Exception {
    fillAndClose();
    execute(
        """
        INSERT INTO flyway_schema_history SELECT 99, '99', 'from the future', type, script, 1,
          installed_by, installed_on, execution_time, success FROM flyway_schema_history
          WHERE version = '1'\
        """);

    StoreUnusableException refusal = refusal(directory);

    assertThat(refusal.getMessage())
        .contains("was written by a newer version of the service (schema 99)");
    assertThat(refusal.remedy()).contains("Start that version");
    assertThat(rows("operations")).isEqualTo(200);
  }

  private void fillAndClose() {
    try (StoreRig rig = new StoreRig(directory)) {
      for (int i = 0; i < 199; i++) {
        rig.store.admit(rig.operation(), null, _ -> {});
      }
      rig.admitted();
    }
  }

  private static StoreUnusableException refusal(Path directory) {
    return catchThrowableOfType(
        StoreUnusableException.class, () -> new StoreRig(directory).close());
  }

  private static void overwrite(Path file, long position, int bytes) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(position);
      access.write("garbage!".repeat(bytes / 8).getBytes(StandardCharsets.UTF_8));
    }
  }

  private Connection connect() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("registry.db"));
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long rows(String table) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }
}
