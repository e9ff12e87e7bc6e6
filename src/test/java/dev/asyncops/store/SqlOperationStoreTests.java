package dev.asyncops.store;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.OperationStoreContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

class SqlOperationStoreTests extends OperationStoreContract {

  @TempDir Path directory;
  private @Nullable SqlOperationStore store;

  @Override
  protected OperationStore open(MainContext main) {
    SqlOperationStore opened = SqlOperationStore.embedded(main, directory, _ -> {});
    store = opened;
    return opened;
  }

  @Override
  protected void close() {
    if (store != null) {
      store.close();
    }
  }
}
