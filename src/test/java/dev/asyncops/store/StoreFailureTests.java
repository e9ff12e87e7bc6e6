package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Snapshots;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        failure = rig.answer(callback -> rig.store.admit(next, null, callback));
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

  /** A database whose disk a test makes full, and whose connection it cuts. */
  private static final class SmallDisk implements Database {

    private final Database whole;
    private static final long PLENTY = 1_000_000;

    private volatile @Nullable Connection opened;
    private volatile long maxPages = PLENTY;

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
      return fresh;
    }

    @Override
    public Connection openReader() throws SQLException {
      return whole.openReader();
    }

    @Override
    public String reasonOf(SQLException failure) {
      return whole.reasonOf(failure);
    }

    @Override
    public void close() {
      whole.close();
    }
  }
}
