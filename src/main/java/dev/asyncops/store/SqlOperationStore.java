package dev.asyncops.store;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.Attachments;
import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.KeyedRequest;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationQuery;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.RootSet;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers operations in a database: what was answered for survives the death of the process and
 * of the machine.
 *
 * <p><b>Threads</b>: as {@link OperationStore} says; nothing of a call on the main context touches
 * the database there.
 */
public final class SqlOperationStore implements OperationStore, AutoCloseable {

  private final MainContext context;
  private final Database database;
  private final Set<String> kinds = ConcurrentHashMap.newKeySet();
  private final Set<RootSet> rootSets = ConcurrentHashMap.newKeySet();
  private final List<Finished> finished = new ArrayList<>();
  private final WriteQueue queue = new WriteQueue();
  private final StoreReader reader;
  private final StoreWriter writer;
  private final Removals removals = new Removals(queue);
  private final SqlManifestStore manifests;

  /** Opens its connections and starts the writer. */
  SqlOperationStore(MainContext context, Database database, LongConsumer commitNanos)
      throws SQLException, OperationException {
    this.context = context;
    this.database = database;
    Statements statements = new Statements(database.openWriter());
    statements.inputs().removeThoseOfNobody();
    statements.commit();
    reader = new StoreReader(database, kinds, rootSets);
    reader
        .counts()
        .forEach(count -> {
          kinds.add(count.kind());
          rootSets.add(count.roots());
          if (count.state().isTerminal()) {
            finished.add(new Finished(count.state(), count.roots(), count.operations()));
          }
        });
    manifests = new SqlManifestStore(context, queue, reader, removals);
    removals.begin(statements);
    statements.commit();
    writer = new StoreWriter(context, database, statements, queue, commitNanos, removals);
  }

  /**
   * Opens the embedded database of a state directory, which is made if it is absent. Blocks.
   *
   * @param context where callbacks are told
   * @param commitNanos hears how long each transaction took, on the writer's thread
   * @throws StoreUnusableException if the directory is taken, cannot be written, or holds what this
   *     version cannot read
   */
  public static SqlOperationStore embedded(
      MainContext context, Path stateDirectory, LongConsumer commitNanos) {
    return open(context, SqliteDatabase.open(stateDirectory), commitNanos);
  }

  /**
   * Opens a PostgreSQL database, whose tables are made if they are absent. Blocks, for seconds if
   * the database does not answer.
   *
   * @param context where callbacks are told
   * @param settings which database
   * @param commitNanos hears how long each transaction took, on the writer's thread
   * @throws StoreUnusableException if it is not one of PostgreSQL, cannot be reached, is taken, or
   *     holds what this version cannot read
   */
  public static SqlOperationStore postgres(
      MainContext context, PostgresSettings settings, LongConsumer commitNanos) {
    return open(context, PostgresDatabase.open(settings), commitNanos);
  }

  private static SqlOperationStore open(
      MainContext context, Database database, LongConsumer commitNanos) {
    try {
      return new SqlOperationStore(context, database, commitNanos);
    } catch (SQLException | OperationException e) {
      throw database.refuse(e);
    }
  }

  /** Where the manifests of its operations are; open as long as this is. */
  public ManifestStore manifests() {
    return manifests;
  }

  /** Writes what waits and closes the database; to be called when nobody reads any more. */
  @Override
  public void close() {
    writer.close();
    reader.close();
    database.close();
  }

  // ---- Writing

  @Override
  public void admit(
      OperationSnapshot operation,
      @Nullable OperationInput input,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    kinds.add(operation.kind());
    rootSets.add(operation.roots());
    put(
        statements -> statements.insert(operation, input, keyed),
        statements -> statements.remove(operation.id()),
        callback);
  }

  @Override
  public void save(OperationSnapshot operation, Attachments attachments, SaveCallback callback) {
    context.checkOwner();
    queue.save(operation, attachments, callback);
  }

  @Override
  public void addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    if (roots != null) {
      rootSets.add(roots);
    }
    long[] number = new long[1];
    put(
        statements -> number[0] = statements.addInput(operation, input, roots, keyed),
        statements -> statements.removeInput(operation, number[0], input, keyed),
        callback);
  }

  @Override
  public void findKey(IdempotencyKey key, FindKeyCallback callback) {
    context.checkOwner();
    queue.put(new Looking(key, callback));
  }

  @Override
  public void check(SaveCallback callback) {
    put(Statements::check, _ -> {}, callback);
  }

  @Override
  public void forget(Instant expiredBy, long surplus, int limit, ForgetCallback callback) {
    context.checkOwner();
    ForgetCallback removing =
        (forgotten, nextExpiry, failure) -> {
          removals.forgotten(forgotten);
          callback.forgot(forgotten, nextExpiry, failure);
        };
    queue.put(new Forgetting(expiredBy, surplus, limit, removing));
  }

  /** Something said to the database. */
  @FunctionalInterface
  private interface Saying {

    void say(Statements statements) throws SQLException;
  }

  private void put(Saying saying, Saying takingBack, SaveCallback callback) {
    context.checkOwner();
    queue.put(
        new Write() {
          @Override
          public void write(Statements statements) throws SQLException {
            saying.say(statements);
          }

          @Override
          public void takeBack(Statements statements) throws SQLException {
            takingBack.say(statements);
          }

          @Override
          public void ended(@Nullable OperationException failure) {
            callback.ended(failure);
          }
        });
  }

  private static final class Looking implements Write {

    private final IdempotencyKey key;
    private final FindKeyCallback callback;
    private @Nullable KeyedOperation found;

    Looking(IdempotencyKey key, FindKeyCallback callback) {
      this.key = key;
      this.callback = callback;
    }

    @Override
    public Turn turn() {
      return Turn.AS_IT_CAME;
    }

    @Override
    public void write(Statements statements) throws SQLException {
      found = statements.keys().find(key);
    }

    @Override
    public void ended(@Nullable OperationException failure) {
      callback.looked(failure == null ? found : null, failure);
    }
  }

  private static final class Forgetting implements Write {

    private final Instant expiredBy;
    private final long surplus;
    private final int limit;
    private final ForgetCallback callback;
    private final List<Forgotten> forgotten = new ArrayList<>();
    private @Nullable Instant nextExpiry;

    Forgetting(Instant expiredBy, long surplus, int limit, ForgetCallback callback) {
      this.expiredBy = expiredBy;
      this.surplus = surplus;
      this.limit = limit;
      this.callback = callback;
    }

    @Override
    public Turn turn() {
      return Turn.AS_IT_CAME;
    }

    @Override
    public void write(Statements statements) throws SQLException {
      forgotten.clear();
      nextExpiry = statements.forget(expiredBy, surplus, limit, forgotten);
    }

    @Override
    public void ended(@Nullable OperationException failure) {
      if (failure == null) {
        callback.forgot(forgotten, nextExpiry, null);
      } else {
        callback.forgot(List.of(), null, failure);
      }
    }
  }

  // ---- Reading

  @Override
  public Optional<OperationSnapshot> find(OperationId id) throws OperationException {
    return reader.find(id);
  }

  @Override
  public List<OperationSnapshot> list(OperationQuery query) throws OperationException {
    return reader.list(query);
  }

  @Override
  public List<ItemBlock> items(OperationId id, Set<ItemState> states, long from, int limit)
      throws OperationException {
    return reader.items(id, states, from, limit);
  }

  @Override
  public Inputs inputs(OperationId id) throws OperationException {
    return reader.inputs(id);
  }

  @Override
  public List<Unfinished> unfinished() throws OperationException {
    return reader.unfinished();
  }

  @Override
  public List<Finished> finishedAtOpening() {
    return List.copyOf(finished);
  }

  /** Tries to read. Blocks; as any read it ends in some time, whatever the database does. */
  public void checkReading() throws OperationException {
    reader.check();
  }
}
