package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Snapshots;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when the database goes away, and comes back. */
@Timeout(120)
class PostgresFailureTests {

  private static final String WRITER =
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1634957678";

  /** Ends all connections but the one that says so. */
  private static final String END_ALL =
      """
      SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()\
      """;

  private final PostgresServer server = PostgresServer.shared();
  private final PostgresSettings database = server.newDatabase();

  @Test
  void connectionsThatWereLostWhileNobodyUsedThem_areOpenedAnewUnnoticed() {
    try (StoreRig rig = new StoreRig(database)) {
      OperationSnapshot first = rig.admitted();
      PostgresServer.execute(database, END_ALL);

      OperationSnapshot second = rig.admitted();

      for (int i = 0; i < 8; i++) {
        assertThat(rig.find(first)).contains(first);
        assertThat(rig.find(second)).contains(second);
      }
    }
  }

  @Test
  void
      whileConnectionsAreCutInTheMiddleOfWriting_nothingAcknowledgedIsLost_andNothingRefusedIsThere()
          throws Exception {
    Map<OperationSnapshot, Boolean> acknowledged = new HashMap<>();
    try (StoreRig rig = new StoreRig(database)) {
      for (int cut = 0; cut < 10; cut++) {
        int before = acknowledged.size();
        for (int i = 0; i < 300; i++) {
          OperationSnapshot operation = rig.operation(Map.of("n", "x"));
          rig.store.admit(
              operation, null, null, failure -> acknowledged.put(operation, failure == null));
        }
        while (acknowledged.size() == before) {
          rig.context.iterate(true);
        }
        PostgresServer.execute(database, END_ALL);
        while (acknowledged.size() < before + 300) {
          rig.context.iterate(true);
        }
      }
      rig.admitted();

      for (Map.Entry<OperationSnapshot, Boolean> operation : acknowledged.entrySet()) {
        assertThat(rig.find(operation.getKey()).isPresent()).isEqualTo(operation.getValue());
      }
    }
  }

  @Test
  void aServerThatStops_failsWhatIsNew_andAllGoesOnWhenItIsBack() {
    try (StoreRig rig = new StoreRig(database)) {
      OperationSnapshot first = rig.admitted();
      OperationSnapshot refused = rig.operation();
      OperationSnapshot running = Snapshots.with(first, OperationState.RUNNING);
      server.stop();
      try {
        OperationException failure =
            Objects.requireNonNull(
                rig.answer(callback -> rig.store.admit(refused, null, null, callback)));
        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure.detail())
            .isEqualTo("The registry cannot be written because the database cannot be reached.");
        assertThat(rig.answer(callback -> rig.store.save(running, callback))).isNotNull();
        for (int i = 0; i < 8; i++) {
          OperationException unread =
              catchThrowableOfType(OperationException.class, () -> rig.store.find(first.id()));
          assertThat(unread.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
          assertThat(unread.detail())
              .isEqualTo("The registry cannot be read because the database cannot be reached.");
        }
        assertThat(catchThrowableOfType(OperationException.class, rig.store::checkReading))
            .isNotNull();
      } finally {
        server.start();
      }

      assertThat(rig.answer(rig.store::check)).isNull();
      assertThat(rig.answer(callback -> rig.store.save(running, callback))).isNull();
      assertThat(rig.find(first)).contains(running);
      assertThat(rig.find(refused)).isEmpty();
    }
  }

  @Test
  void aWriterThatLostTheLock_writesOnlyWhenItHasItAgain() throws Exception {
    try (StoreRig rig = new StoreRig(database)) {
      OperationSnapshot first = rig.admitted();
      try (Connection other = PostgresServer.connect(database);
          Statement statement = other.createStatement()) {
        takeTheLockFromTheWriter(statement);

        OperationSnapshot refused = rig.operation();
        OperationException failure =
            Objects.requireNonNull(
                rig.answer(callback -> rig.store.admit(refused, null, null, callback)));

        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure.detail())
            .isEqualTo("The registry cannot be written because another process holds it.");
        assertThat(rig.find(first)).contains(first);
        assertThat(rig.find(refused)).isEmpty();
      }

      rig.admitted();
    }
  }

  /** Waits for it, and so is the first in the line when the writer's connection ends. */
  private void takeTheLockFromTheWriter(Statement statement) throws Exception {
    String pid = PostgresServer.value(database, WRITER);
    Thread cutter =
        Thread.ofPlatform()
            .start(() -> {
              String waiters = WRITER + " AND NOT granted";
              while (PostgresServer.value(database, "SELECT COUNT(*) FROM (" + waiters + ") AS w")
                  .equals("0")) {
                Thread.onSpinWait();
              }
              PostgresServer.execute(database, "SELECT pg_terminate_backend(%s)".formatted(pid));
            });
    statement.execute(
        """
        SELECT pg_advisory_lock(1634957678, oid::int) FROM pg_namespace
          WHERE nspname = current_schema()\
        """);
    cutter.join();
  }

  @Test
  void aServerThatAnswersNoMore_failsWritesAndReadsAfterTheTimeOut() throws Exception {
    try (CuttableProxy proxy = new CuttableProxy(server.port());
        StoreRig rig = new StoreRig(through(proxy))) {
      OperationSnapshot first = rig.admitted();
      proxy.freeze();

      List<@Nullable OperationException> failures = new ArrayList<>();
      failures.add(rig.answer(rig.store::check));
      failures.add(
          catchThrowableOfType(OperationException.class, () -> rig.store.find(first.id())));

      assertThat(failures)
          .allSatisfy(failure ->
              assertThat(Objects.requireNonNull(failure).detail())
                  .endsWith(" because the database cannot be reached."));

      proxy.thaw();

      assertThat(rig.answer(rig.store::check)).isNull();
      assertThat(rig.find(first)).contains(first);
    }
  }

  private PostgresSettings through(CuttableProxy proxy) {
    return new PostgresSettings(
        database
            .url()
            .replace(":%d/".formatted(server.port()), ":%d/".formatted(proxy.port()))
            .concat("?socketTimeout=1&loginTimeout=1"),
        database.username(),
        database.password());
  }
}
