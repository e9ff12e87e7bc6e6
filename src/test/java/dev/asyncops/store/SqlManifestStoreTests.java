package dev.asyncops.store;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.ManifestStoreContract;
import dev.asyncops.registry.OperationId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

class SqlManifestStoreTests extends ManifestStoreContract {

  @TempDir Path directory;
  private @Nullable SqlOperationStore store;

  @Override
  protected Opened open(MainContext main) {
    SqlOperationStore opened = SqlOperationStore.embedded(main, directory, _ -> {});
    store = opened;
    return new Opened(opened, opened.manifests());
  }

  @Override
  protected void close() {
    if (store != null) {
      store.close();
    }
  }

  @Override
  protected long rows(String table) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }

  @Override
  protected void addItemBlocks(OperationId operation, int blocks) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO item_blocks (operation_id, number, state, items)"
                    + " VALUES (?, ?, 'FAILED', '[]')")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < blocks; i++) {
        insert.setBytes(1, SnapshotRow.id(operation));
        insert.setLong(2, i);
        insert.executeUpdate();
      }
      connection.commit();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("registry.db"));
  }
}
