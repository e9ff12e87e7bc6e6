package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Snapshots;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens when the disk is full or fails. */
@Timeout(60)
class StoreFailureTests {

  @TempDir Path directory;

  @Test
  void aFullDisk_failsWhatIsNewAndLosesNothing_andHeals() throws Exception {
    SmallDisk disk = new SmallDisk(SqliteDatabase.open(directory));
    try (StoreRig rig = new StoreRig(disk)) {
      OperationSnapshot first = rig.admitted();
      disk.fill();
      List<OperationSnapshot> admitted = new ArrayList<>();
      @Nullable OperationException failure = null;
      OperationSnapshot refused = first;
      for (int i = 0; i < 10_000 && failure == null; i++) {
        OperationSnapshot next = rig.operation();
        failure = rig.answer(callback -> rig.store.admit(next, null, null, callback));
        if (failure == null) {
          admitted.add(next);
        }
        refused = next;
      }

      assertThat(failure).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      assertThat(failure.detail())
          .isEqualTo("The registry cannot be written because the disk is full.");
      assertThat(rig.answer(rig.store::check)).isNotNull();
      assertThat(rig.store.find(refused.id())).isEmpty();
      for (OperationSnapshot operation : admitted) {
        assertThat(rig.store.find(operation.id())).contains(operation);
      }

      disk.empty();

      assertThat(rig.answer(rig.store::check)).isNull();
      OperationSnapshot running = Snapshots.with(first, OperationState.RUNNING);
      assertThat(rig.answer(callback -> rig.store.save(running, callback))).isNull();
      assertThat(rig.store.find(first.id())).contains(running);
    }
  }

  @Test
  void aConnectionThatBroke_isOpenedAnew() throws Exception {
    SmallDisk disk = new SmallDisk(SqliteDatabase.open(directory));
    try (StoreRig rig = new StoreRig(disk)) {
      OperationSnapshot first = rig.admitted();
      disk.cut();

      OperationException failure = rig.answer(rig.store::check);
      OperationSnapshot second = rig.admitted();

      assertThat(failure).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      assertThat(rig.store.find(first.id())).isPresent();
      assertThat(rig.store.find(second.id())).isPresent();
    }
  }

  @Test
  void whatACommitHadWrittenThatFailed_isTakenBackBeforeAnythingElseIsWritten() throws Exception {
    SmallDisk disk = new SmallDisk(SqliteDatabase.open(directory));
    try (StoreRig rig = new StoreRig(disk)) {
      OperationSnapshot first = rig.admitted();
      OperationSnapshot refused = rig.operation(Map.of("team", "a"));
      OperationInput input = OperationInput.of(new JsonText("[1]"));
      disk.failCommits(2);

      assertThat(rig.answer(callback -> rig.store.admit(refused, input, null, callback)))
          .isNotNull();
      assertThat(rig.store.find(refused.id())).isPresent();
      assertThat(rig.answer(rig.store::check)).isNotNull(); // took it back, and failed in that
      assertThat(rig.answer(rig.store::check)).isNull();

      assertThat(rig.store.find(refused.id())).isEmpty();
      disk.failCommits(1);
      assertThat(rig.answer(callback -> rig.store.addInput(first.id(), input, null, callback)))
          .isNotNull();
      assertThat(rig.store.unfinished().getFirst().added()).hasSize(1);
      assertThat(rig.answer(rig.store::check)).isNull();
      assertThat(rig.store.unfinished().getFirst().added()).isEmpty();
    }
  }

  @Test
  void whatACommitHadWrittenThatFailed_isTakenBackAtTheEndAtTheLatest() throws Exception {
    SmallDisk disk = new SmallDisk(SqliteDatabase.open(directory));
    OperationSnapshot refused;
    try (StoreRig rig = new StoreRig(disk)) {
      refused = rig.operation();
      disk.failCommits(1);
      assertThat(rig.answer(callback -> rig.store.admit(refused, null, null, callback)))
          .isNotNull();
    }

    try (StoreRig rig = new StoreRig(directory)) {
      assertThat(rig.store.find(refused.id())).isEmpty();
    }
  }

  @Test
  void aReadingConnectionThatBroke_isOpenedAnew() throws Exception {
    SmallDisk disk = new SmallDisk(SqliteDatabase.open(directory));
    try (StoreRig rig = new StoreRig(disk)) {
      OperationSnapshot first = rig.admitted();
      disk.cutReaders();

      int failures = 0;
      for (int i = 0; i < 8; i++) {
        try {
          assertThat(rig.store.find(first.id())).contains(first);
        } catch (OperationException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
          failures++;
        }
      }

      assertThat(failures).isEqualTo(4); // one for each connection
    }
  }

  /** A database whose disk a test makes full, and whose connection it cuts. */
  private static final class SmallDisk implements Database {

    private final Database whole;
    private static final long PLENTY = 1_000_000;

    private volatile @Nullable Connection opened;
    private volatile long maxPages = PLENTY;
    private final List<Connection> readers = new CopyOnWriteArrayList<>();
    private final AtomicInteger failingCommits = new AtomicInteger();

    SmallDisk(Database whole) {
      this.whole = whole;
    }

    void fill() throws SQLException {
      maxPages = pages();
      limit(writer());
    }

    /** There is room for the next connection. */
    void empty() {
      maxPages = PLENTY;
    }

    void cut() throws SQLException {
      writer().close();
    }

    void cutReaders() throws SQLException {
      for (Connection reader : readers) {
        reader.close();
      }
    }

    /** So many commits are done, and their answer is lost. */
    void failCommits(int number) {
      failingCommits.set(number);
    }

    private Connection writer() {
      return Objects.requireNonNull(opened);
    }

    private long pages() throws SQLException {
      try (Statement statement = writer().createStatement();
          ResultSet pages = statement.executeQuery("PRAGMA page_count")) {
        return pages.getLong(1);
      }
    }

    private void limit(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA max_page_count = " + maxPages);
      }
    }

    @Override
    public Connection openWriter() throws SQLException {
      Connection fresh = whole.openWriter();
      limit(fresh);
      opened = fresh;
      return (Connection)
          Proxy.newProxyInstance(
              SmallDisk.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (_, method, arguments) -> {
                Object result = invoke(method, fresh, arguments);
                if (method.getName().equals("commit")
                    && failingCommits.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                  throw new SQLException("the answer was lost");
                }
                return result;
              });
    }

    private static @Nullable Object invoke(
        Method method, Connection connection, @Nullable Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }

    @Override
    public Connection openReader() throws SQLException {
      Connection reader = whole.openReader();
      readers.add(reader);
      return reader;
    }

    @Override
    public String reasonOf(SQLException failure) {
      return whole.reasonOf(failure);
    }

    @Override
    public boolean isLost(SQLException failure) {
      return whole.isLost(failure);
    }

    @Override
    public StoreUnusableException refuse(Exception failure) {
      return whole.refuse(failure);
    }

    @Override
    public void close() {
      whole.close();
    }
  }
}
