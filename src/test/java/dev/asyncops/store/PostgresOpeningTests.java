package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.Snapshots;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a store on PostgreSQL is opened, and when it is refused. */
@Timeout(60)
class PostgresOpeningTests {

  private final PostgresServer server = PostgresServer.shared();

  @Test
  void whatWasSaved_isThereAfterAReopening_withAllItsParts() {
    PostgresSettings database = server.newDatabase();
    OperationSnapshot running;
    OperationSnapshot over;
    try (StoreRig rig = new StoreRig(database)) {
      OperationSnapshot queued = rig.operation(Map.of("team", "ä \uD83D\uDE00", "env", "x"));
      rig.store.admit(queued, OperationInput.of(new JsonText("[0]")), null, _ -> {});
      rig.store.addInput(queued.id(), OperationInput.of(new JsonText("[1]")), null, _ -> {});
      rig.store.addInput(
          queued.id(), OperationInput.of(new JsonText("[\"\\u0000\"]")), null, _ -> {});
      running = Snapshots.with(queued, OperationState.RUNNING);
      rig.store.save(running, _ -> {});
      OperationSnapshot other = rig.admitted();
      rig.store.addInput(other.id(), OperationInput.of(new JsonText("[3]")), null, _ -> {});
      over = Snapshots.with(other, OperationState.FAILED);
      rig.store.save(over, _ -> {});
      rig.store.addInput(
          over.id(), OperationInput.of(new JsonText("[4]")), null, _ -> {}); // too late
    }

    try (StoreRig rig = new StoreRig(database)) {
      assertThat(rig.find(over)).contains(over);
      assertThat(rig.store.finishedAtOpening())
          .containsExactly(
              new OperationStore.Finished(OperationState.FAILED, RootSet.of(List.of("data")), 1));
      assertThat(rig.unfinished())
          .containsExactly(
              new Unfinished(
                  running,
                  new JsonText("[0]"),
                  List.of(new JsonText("[1]"), new JsonText("[\"\\u0000\"]"))));
    }
    assertThat(PostgresServer.value(database, "SELECT COUNT(*) FROM operation_inputs"))
        .as("also of the one with a mark")
        .isEqualTo("5");
  }

  @Test
  void theTablesOfTheFirstVersion_areBroughtToThisOne_withWhatIsInThem() {
    PostgresSettings database = server.newDatabase();
    Flyway.configure()
        .dataSource(database.url(), database.username(), database.password())
        .locations("classpath:db/migration")
        .target("1")
        .load()
        .migrate();
    PostgresServer.execute(
        database,
        """
        INSERT INTO operations (id, kind, state, revision, created_by, request, labels, snapshot)
          VALUES ('\\x01a207f94ca1722d8368e4d4b87fbbd1', 'copy', 'QUEUED', 1, 'x', '{}', '{}',
            '{"priority": "DEFAULT"}')\
        """);

    new StoreRig(database).close();

    assertThat(PostgresServer.value(database, "SELECT COUNT(mark) FROM operations")).isEqualTo("0");
    assertThat(PostgresServer.value(database, "SELECT COUNT(*) FROM operations")).isEqualTo("1");
  }

  @Test
  void aSchemaOfItsOwn_isARegistryOfItsOwn() {
    PostgresSettings database = server.newDatabase();
    PostgresServer.execute(database, "CREATE SCHEMA \"Other\"");
    PostgresSettings other = withParameters(database, "?currentSchema=%22Other%22");

    try (StoreRig rig = new StoreRig(database);
        StoreRig second = new StoreRig(other)) {
      OperationSnapshot here = rig.admitted();
      second.admitted();

      assertThat(rig.unfinished()).extracting(Unfinished::operation).containsExactly(here);
    }
    assertThat(PostgresServer.value(database, "SELECT COUNT(*) FROM \"Other\".operations"))
        .isEqualTo("1");
  }

  @Test
  void commits_waitForTheDisk_whateverTheServersDefaultIs() throws Exception {
    PostgresSettings settings = server.newDatabase();
    assertThat(PostgresServer.value(settings, "SHOW synchronous_commit")).isEqualTo("off");

    try (PostgresDatabase database = PostgresDatabase.open(settings);
        Connection writer = database.openWriter();
        Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SHOW synchronous_commit")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("on");
      assertThat(writer.getAutoCommit()).isFalse();
    }
  }

  @Test
  void whileAnotherProcessHasIt_itIsRefused_andFreeAfterwards() {
    PostgresSettings database = server.newDatabase();
    try (StoreRig _ = new StoreRig(database)) {
      StoreUnusableException refusal = refusal(database);

      assertThat(refusal.getMessage())
          .matches(
              "The registry 'jdbc:postgresql://127.0.0.1:\\d+/d\\d+' is in use by another process"
                  + " \\(connected from 127.0.0.1, server process \\d+\\)\\.");
      assertThat(refusal.remedy())
          .isEqualTo("Stop that process, or set asyncops.store.url to another database or schema.");
    }

    new StoreRig(database).close();
  }

  @Test
  void aDatabaseOfANewerVersion_isRefused_andFreeAfterwards() {
    PostgresSettings database = server.newDatabase();
    new StoreRig(database).close();
    PostgresServer.execute(
        database,
        """
        INSERT INTO flyway_schema_history SELECT 99, '99', 'from the future', type, script, 1,
          installed_by, installed_on, execution_time, success FROM flyway_schema_history
          WHERE version = '1'\
        """);

    assertThat(refusal(database).getMessage())
        .contains("was written by a newer version of the service (schema 99)");

    PostgresServer.execute(database, "DELETE FROM flyway_schema_history WHERE version = '99'");
    new StoreRig(database).close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://h/d?password=secret",
        "postgresql://u:secret@h/d",
        "jdbc:postgresql://h:port/secret",
        "jdbc:postgresql://u:secret@h/d",
        "secret"
      })
  void anotherUrl_isRefusedWithoutBeingShown(String url) {
    StoreUnusableException refusal = refusal(new PostgresSettings(url, "", ""));

    assertThat(refusal.getMessage()).startsWith("asyncops.store.url ").doesNotContain("secret");
    assertThat(refusal.remedy()).startsWith("Set ").doesNotContain("secret");
  }

  @Test
  void aWrongPassword_isRefusedAndNotShown() throws Exception {
    PostgresSettings database = server.newDatabase();
    PostgresServer.execute(database, "CREATE USER careful PASSWORD 'right'");
    PostgresServer.execute(database, "GRANT CREATE ON SCHEMA public TO careful");
    server.askForPasswordOf("careful");
    PostgresSettings wrong = new PostgresSettings(database.url(), "careful", "wr0ng");

    StoreUnusableException refusal = refusal(wrong);

    assertThat(refusal.getMessage())
        .contains("cannot be used because the database refuses the login: ")
        .doesNotContain("wr0ng");
    assertThat(wrong.toString()).isEqualTo(database.url() + " as careful");
    new StoreRig(new PostgresSettings(database.url(), "careful", "right")).close();
    new StoreRig(withParameters(database, "?user=careful&password=right")).close();
  }

  @Test
  void aServerThatIsNotThere_isRefused() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    assertThat(refusal(at(port, "")).getMessage())
        .startsWith(
            "The registry 'jdbc:postgresql://127.0.0.1:%d/x' cannot be used because the database"
                    .formatted(port)
                + " cannot be reached: ");
  }

  @Test
  void aServerThatDoesNotAnswer_isRefused() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertThat(refusal(at(silent.getLocalPort(), "?loginTimeout=1")).getMessage())
          .contains("cannot be used because the database cannot be reached");
    }
  }

  @Test
  void aDatabaseThatCannotHoldAllText_isRefused() {
    PostgresSettings database =
        server.newDatabase("TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");

    assertThat(refusal(database).getMessage())
        .isEqualTo(
            "The registry '%s' cannot be in a database with the encoding SQL_ASCII."
                .formatted(database.name()));
  }

  @Test
  void aSchemaThatIsNotThere_isRefused() {
    PostgresSettings database =
        withParameters(server.newDatabase(), "?currentSchema=none&password=secret");

    assertThat(refusal(database).getMessage())
        .isEqualTo("The registry '%s' has no schema to be in.".formatted(database.name()));
  }

  private static PostgresSettings at(int port, String parameters) {
    return new PostgresSettings(
        "jdbc:postgresql://127.0.0.1:%d/x%s".formatted(port, parameters), "x", "");
  }

  private static PostgresSettings withParameters(PostgresSettings database, String parameters) {
    String username = parameters.contains("user=") ? "" : database.username();
    return new PostgresSettings(database.url() + parameters, username, "");
  }

  private static StoreUnusableException refusal(PostgresSettings database) {
    return catchThrowableOfType(StoreUnusableException.class, () -> new StoreRig(database).close());
  }
}
