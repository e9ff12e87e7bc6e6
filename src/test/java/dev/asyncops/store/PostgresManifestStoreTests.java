package dev.asyncops.store;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.ManifestStoreContract;
import dev.asyncops.registry.OperationId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class PostgresManifestStoreTests extends ManifestStoreContract {

  private @Nullable PostgresSettings database;
  private @Nullable SqlOperationStore store;

  @Override
  protected Opened open(MainContext main) {
    if (database == null) {
      database = PostgresServer.shared().newDatabase();
    }
    SqlOperationStore opened = SqlOperationStore.postgres(main, database, _ -> {});
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
  protected long rows(String table) {
    return Long.parseLong(PostgresServer.value(settings(), "SELECT COUNT(*) FROM " + table));
  }

  @Override
  protected void addItemBlocks(OperationId operation, int blocks) {
    PostgresServer.execute(
        settings(),
        """
        INSERT INTO item_blocks (operation_id, number, state, items)
          SELECT decode(replace('%s', '-', ''), 'hex'), number, 'FAILED', '[]'
            FROM generate_series(0, %d) AS number\
        """
            .formatted(operation, blocks - 1));
  }

  private PostgresSettings settings() {
    return Objects.requireNonNull(database);
  }
}
