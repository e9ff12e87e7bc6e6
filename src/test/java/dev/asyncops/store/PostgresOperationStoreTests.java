package dev.asyncops.store;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.OperationStoreContract;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;

class PostgresOperationStoreTests extends OperationStoreContract {

  private static @Nullable PostgresSettings database;

  private @Nullable SqlOperationStore store;

  @BeforeAll
  static void makeDatabase() {
    database = PostgresServer.shared().newDatabase();
  }

  @Override
  protected OperationStore open(MainContext main) {
    PostgresSettings settings = Objects.requireNonNull(database);
    SqlOperationStore opened = SqlOperationStore.postgres(main, settings, _ -> {});
    store = opened;
    PostgresServer.execute(
        settings,
        """
        TRUNCATE operations, operation_labels, operation_inputs, idempotency_keys, item_blocks,
          manifests, manifest_chunks\
        """);
    return opened;
  }

  @Override
  protected void close() {
    if (store != null) {
      store.close();
    }
  }
}
