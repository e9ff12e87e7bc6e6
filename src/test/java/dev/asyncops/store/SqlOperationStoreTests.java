package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.OperationStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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

  @Test
  void aLookForAKey_writesNothing() throws Exception {
    Path other = directory.resolve("other");
    try (StoreRig rig = new StoreRig(other)) {
      rig.admitted();
      byte[] before = Files.readAllBytes(other.resolve("registry.db-wal"));

      assertThat(
              rig.answer(callback ->
                  rig.store.findKey(
                      new IdempotencyKey("ci", "/ops/copy", "k"),
                      (_, failure) -> callback.ended(failure))))
          .isNull();

      assertThat(Files.readAllBytes(other.resolve("registry.db-wal"))).isEqualTo(before);
    }
  }

  @Override
  protected void close() {
    if (store != null) {
      store.close();
    }
  }
}
