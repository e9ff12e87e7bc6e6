package dev.asyncops.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.ManualTime;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore.SaveCallback;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.Snapshots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A store on a main context that the test drives by hand. */
final class StoreRig implements AutoCloseable {

  final MainContext context = new MainContext("test");
  final SqlOperationStore store;
  private final OperationIds ids = new OperationIds(new ManualTime(), new Random(7));

  /** With the embedded database of a directory. */
  StoreRig(Path directory) {
    this(directory, _ -> {});
  }

  /** The same; the listener is called, and may block, after each commit, on the writer's thread. */
  StoreRig(Path directory, LongConsumer committed) {
    context.acquire();
    store = SqlOperationStore.embedded(context, directory, committed);
  }

  /** With a database of a PostgreSQL server. */
  StoreRig(PostgresSettings database) {
    this(database, _ -> {});
  }

  /** The same; the listener is called after each commit, on the writer's thread. */
  StoreRig(PostgresSettings database, LongConsumer committed) {
    context.acquire();
    store = SqlOperationStore.postgres(context, database, committed);
  }

  /** With any database. */
  StoreRig(Database database) throws Exception {
    context.acquire();
    store = new SqlOperationStore(context, database, _ -> {});
  }

  /** A new operation, not yet saved. */
  OperationSnapshot operation() {
    return operation(Map.of());
  }

  OperationSnapshot operation(Map<String, String> labels) {
    return Snapshots.of(ids.next(), "copy", OperationState.QUEUED, labels);
  }

  OperationSnapshot admitted() {
    OperationSnapshot operation = operation();
    assertThat(answer(callback -> store.admit(operation, null, callback))).isNull();
    return operation;
  }

  Optional<OperationSnapshot> find(OperationSnapshot operation) {
    try {
      return store.find(operation.id());
    } catch (OperationException e) {
      throw new AssertionError(e);
    }
  }

  List<Unfinished> unfinished() {
    try {
      return store.unfinished();
    } catch (OperationException e) {
      throw new AssertionError(e);
    }
  }

  /** What the store says to a write, when it does. */
  @Nullable OperationException answer(Consumer<SaveCallback> write) {
    List<@Nullable OperationException> answers = new ArrayList<>();
    write.accept(answers::add);
    while (answers.isEmpty()) {
      context.iterate(true);
    }
    return answers.getFirst();
  }

  @Override
  public void close() {
    store.close();
    context.release();
    context.close();
  }
}
