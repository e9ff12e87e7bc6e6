package dev.asyncops.store;

import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.ItemChanges;
import dev.asyncops.registry.KeyedRequest;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.Forgotten;
import dev.asyncops.registry.OperationStore.KeyedOperation;
import dev.asyncops.registry.RootSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the writer can say to its connection. Statements are prepared once, when first used. Those
 * that are the same and follow each other go to the database together, which saves a round trip for
 * each; the order is kept.
 *
 * <p><b>Threads</b>: the writer's only.
 */
final class Statements implements AutoCloseable {

  private static final String INSERT =
      """
      INSERT INTO operations (id, kind, state, revision, created_by, request, labels, user_data,
        snapshot, mark, roots) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;

  private static final String INSERT_LABEL =
      "INSERT INTO operation_labels (operation_id, name, value) VALUES (?, ?, ?)";

  private static final String INSERT_INPUT =
      "INSERT INTO operation_inputs (operation_id, number, input) VALUES (?, ?, ?)";

  /** A key that led to an operation which did not take it over leads to this one instead. */
  private static final String INSERT_KEY =
      """
      INSERT INTO idempotency_keys (created_by, path, idempotency_key, fingerprint, operation_id)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT (created_by, path, idempotency_key)
        DO UPDATE SET fingerprint = excluded.fingerprint, operation_id = excluded.operation_id\
      """;

  private static final String FIND_KEY =
      """
      SELECT fingerprint, operation_id FROM idempotency_keys
        WHERE created_by = ? AND path = ? AND idempotency_key = ?\
      """;

  private static final String FIND =
      "SELECT " + SnapshotRow.COLUMNS + " FROM operations WHERE id = ?";

  private static final String RELEASE_KEY =
      """
      DELETE FROM idempotency_keys WHERE created_by = ? AND path = ? AND idempotency_key = ?
        AND operation_id = ?\
      """;

  private static final String DELETE_KEYS = "DELETE FROM idempotency_keys WHERE operation_id = ?";

  private static final String LAST_INPUT =
      "SELECT COALESCE(MAX(number), 0) FROM operation_inputs WHERE operation_id = ?";

  /** An older snapshot changes nothing. */
  private static final String UPDATE =
      """
      UPDATE operations SET state = ?, revision = ?, expire_time = ?, snapshot = ?, result = ?,
        mark = ? WHERE id = ? AND revision <= ?\
      """;

  private static final String UPDATE_ROOTS = "UPDATE operations SET roots = ? WHERE id = ?";

  private static final String UPDATE_LABELS =
      "UPDATE operations SET labels = ? WHERE id = ? AND revision = ?";

  private static final String DELETE_OLD_LABELS =
      """
      DELETE FROM operation_labels WHERE operation_id = ?
        AND EXISTS (SELECT 1 FROM operations WHERE id = ? AND revision = ?)\
      """;

  private static final String INSERT_NEW_LABEL =
      """
      INSERT INTO operation_labels (operation_id, name, value)
        SELECT id, ?, ? FROM operations WHERE id = ? AND revision = ?\
      """;

  private static final String DELETE_INPUTS = "DELETE FROM operation_inputs WHERE operation_id = ?";

  private static final String DELETE_ITEM_BLOCK =
      "DELETE FROM item_blocks WHERE operation_id = ? AND number = ?";

  private static final String DELETE_INPUT =
      "DELETE FROM operation_inputs WHERE operation_id = ? AND number = ?";

  private static final String DELETE_INPUTS_OF_NOBODY =
      """
      DELETE FROM operation_inputs WHERE NOT EXISTS (SELECT 1 FROM operations
        WHERE id = operation_id AND (expire_time IS NULL OR mark IS NOT NULL))\
      """;

  /**
   * Written once more, after a commit of which nobody knows how it ended, a block stays as it is.
   */
  private static final String INSERT_ITEMS =
      """
      INSERT INTO item_blocks (operation_id, number, state, items) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING\
      """;

  private static final String DELETE_ITEMS_BELOW =
      "DELETE FROM item_blocks WHERE operation_id = ? AND number < ?";

  private static final String INSERT_MANIFEST =
      "INSERT INTO manifests (id, operation_id) VALUES (?, ?)";

  private static final String BIND_MANIFEST = "UPDATE manifests SET operation_id = ? WHERE id = ?";

  private static final String DISOWN_MANIFESTS =
      "UPDATE manifests SET operation_id = NULL WHERE operation_id = ?";

  private static final String DELETE_MANIFEST = "DELETE FROM manifests WHERE id = ?";

  private static final String INSERT_CHUNK =
      "INSERT INTO manifest_chunks (manifest_id, root, number, paths) VALUES (?, ?, ?, ?)";

  private static final String DELETE_ALL_CHUNKS =
      "DELETE FROM manifest_chunks WHERE manifest_id = ?";

  private static final String FIRST_CHUNKS =
      """
      SELECT root, number FROM manifest_chunks WHERE manifest_id = ?
        ORDER BY root, number LIMIT ?\
      """;

  private static final String DELETE_CHUNK =
      "DELETE FROM manifest_chunks WHERE manifest_id = ? AND root = ? AND number = ?";

  private static final String MANIFESTS_OF_NOBODY =
      "SELECT id FROM manifests WHERE operation_id IS NULL LIMIT ?";

  private static final String FIRST_ITEM_BLOCKS =
      "SELECT number FROM item_blocks WHERE operation_id = ? ORDER BY number LIMIT ?";

  private static final String DELETE_ITEM_BLOCKS =
      "DELETE FROM item_blocks WHERE operation_id = ? AND number <= ?";

  private static final String NEXT_WITH_ITEM_BLOCKS =
      """
      SELECT operation_id FROM item_blocks WHERE operation_id > ?
        ORDER BY operation_id LIMIT 1\
      """;

  private static final String IS_THERE = "SELECT 1 FROM operations WHERE id = ?";

  private static final String DELETE_LABELS = "DELETE FROM operation_labels WHERE operation_id = ?";

  private static final String DELETE = "DELETE FROM operations WHERE id = ?";

  private static final String OLDEST =
      """
      SELECT id, state, roots, expire_time FROM operations WHERE expire_time IS NOT NULL
        ORDER BY expire_time, id LIMIT ?\
      """;

  private static final String INSERT_CHECK = "INSERT INTO write_check (filler) VALUES (?)";

  private static final String DELETE_CHECK = "DELETE FROM write_check";

  /** As much as an operation takes. */
  private static final String FILLER = "x".repeat(4096);

  /** So many are held in memory. */
  private static final int MOST_AT_ONCE = 512;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private boolean anyDisowned;

  /** What waits to be sent, so many times; null if nothing does. */
  private @Nullable PreparedStatement waiting;

  private int waitingTimes;

  /** What is over in this transaction; its inputs go at the end, so that they go together. */
  private final List<byte[]> over = new ArrayList<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  // ---- The transaction

  /** Sends all that is left, so that only the commit is missing. */
  void finish() throws SQLException {
    for (byte[] id : over) {
      delete(DELETE_INPUTS, id);
    }
    for (byte[] id : over) {
      delete(DISOWN_MANIFESTS, id);
    }
    over.clear();
    flush();
  }

  private void flush() throws SQLException {
    PreparedStatement sent = waiting;
    if (sent != null) {
      waiting = null;
      waitingTimes = 0;
      int[] rows = sent.executeBatch();
      if (sent.equals(prepared.get(DISOWN_MANIFESTS))) {
        anyDisowned |= Arrays.stream(rows).anyMatch(changed -> changed != 0);
      }
    }
  }

  void commit() throws SQLException {
    finish();
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  /** Closes the connection, too. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }

  // ---- What is written

  void insert(
      OperationSnapshot operation, @Nullable OperationInput input, @Nullable KeyedRequest keyed)
      throws SQLException {
    byte[] id = SnapshotRow.id(operation.id());
    PreparedStatement insert = prepare(INSERT);
    insert.setBytes(1, id);
    insert.setString(2, operation.kind());
    insert.setString(3, operation.state().name());
    insert.setLong(4, operation.revision());
    insert.setString(5, operation.createdBy());
    insert.setString(6, operation.request().text());
    insert.setString(7, SnapshotRow.labels(operation));
    insert.setString(8, operation.userData() == null ? null : operation.userData().text());
    insert.setString(9, SnapshotRow.document(operation));
    insert.setString(10, SnapshotRow.mark(operation));
    insert.setString(11, operation.roots().text());
    add(insert);
    for (Map.Entry<String, String> label : operation.labels().entrySet()) {
      PreparedStatement insertLabel = prepare(INSERT_LABEL);
      insertLabel.setBytes(1, id);
      insertLabel.setString(2, label.getKey());
      insertLabel.setString(3, label.getValue());
      add(insertLabel);
    }
    if (input != null) {
      insertInput(id, 0, input);
    }
    insertKey(id, keyed);
  }

  /** Returns its number: 1, 2 and so on; 0 is what the operation was admitted with. */
  long addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed)
      throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    PreparedStatement last = prepare(LAST_INPUT);
    last.setBytes(1, id);
    long number;
    try (ResultSet row = last.executeQuery()) {
      row.next();
      number = row.getLong(1) + 1;
    }
    insertInput(id, number, input);
    if (roots != null) {
      PreparedStatement update = prepare(UPDATE_ROOTS);
      update.setString(1, roots.text());
      update.setBytes(2, id);
      add(update);
    }
    insertKey(id, keyed);
    return number;
  }

  /** Takes out what {@link #addInput} has written, if it is there; but for the roots. */
  void removeInput(
      OperationId operation, long number, OperationInput input, @Nullable KeyedRequest keyed)
      throws SQLException {
    PreparedStatement delete = prepare(DELETE_INPUT);
    delete.setBytes(1, SnapshotRow.id(operation));
    delete.setLong(2, number);
    add(delete);
    if (input.manifest() != null) {
      bind(input.manifest(), null);
    }
    if (keyed != null) {
      releaseKey(keyed.key(), operation);
    }
  }

  private void insertInput(byte[] id, long number, OperationInput input) throws SQLException {
    PreparedStatement insert = prepare(INSERT_INPUT);
    insert.setBytes(1, id);
    insert.setLong(2, number);
    insert.setString(3, input.json().text());
    add(insert);
    ManifestId manifest = input.manifest();
    if (manifest == null) {
      return;
    }
    if (input.chunks().isEmpty()) {
      bind(manifest, id);
    } else {
      insertManifest(manifest, id, input.chunks());
    }
  }

  private void insertKey(byte[] id, @Nullable KeyedRequest keyed) throws SQLException {
    if (keyed != null) {
      PreparedStatement insert = prepare(INSERT_KEY);
      setKey(insert, keyed.key());
      insert.setBytes(4, HexFormat.of().parseHex(keyed.fingerprint()));
      insert.setBytes(5, id);
      add(insert);
    }
  }

  /** What a key leads to; null if it is not known. Writes nothing. */
  @Nullable KeyedOperation findKey(IdempotencyKey key) throws SQLException {
    PreparedStatement findKey = prepare(FIND_KEY);
    setKey(findKey, key);
    try (ResultSet keyed = findKey.executeQuery()) {
      if (!keyed.next()) {
        return null;
      }
      PreparedStatement find = prepare(FIND);
      find.setBytes(1, keyed.getBytes("operation_id"));
      try (ResultSet row = find.executeQuery()) {
        row.next();
        return new KeyedOperation(
            SnapshotRow.read(row), HexFormat.of().formatHex(keyed.getBytes("fingerprint")));
      }
    }
  }

  /** The key leads nowhere from now on, if it was to this operation. */
  void releaseKey(IdempotencyKey key, OperationId operation) throws SQLException {
    PreparedStatement release = prepare(RELEASE_KEY);
    setKey(release, key);
    release.setBytes(4, SnapshotRow.id(operation));
    add(release);
  }

  private static void setKey(PreparedStatement statement, IdempotencyKey key) throws SQLException {
    statement.setString(1, key.createdBy());
    statement.setString(2, key.path());
    statement.setString(3, key.value());
  }

  void update(OperationSnapshot operation) throws SQLException {
    byte[] id = SnapshotRow.id(operation.id());
    PreparedStatement update = prepare(UPDATE);
    update.setString(1, operation.state().name());
    update.setLong(2, operation.revision());
    setMillis(update, 3, operation.expireTime());
    update.setString(4, SnapshotRow.document(operation));
    update.setString(5, SnapshotRow.result(operation));
    update.setString(6, SnapshotRow.mark(operation));
    update.setBytes(7, id);
    update.setLong(8, operation.revision());
    add(update);
    if (operation.state().isTerminal() && operation.mark() == null) {
      over.add(id);
    }
  }

  /** Writes its labels, if this is the snapshot that is remembered. */
  void relabel(OperationSnapshot operation) throws SQLException {
    byte[] id = SnapshotRow.id(operation.id());
    PreparedStatement update = prepare(UPDATE_LABELS);
    update.setString(1, SnapshotRow.labels(operation));
    update.setBytes(2, id);
    update.setLong(3, operation.revision());
    add(update);
    PreparedStatement delete = prepare(DELETE_OLD_LABELS);
    delete.setBytes(1, id);
    delete.setBytes(2, id);
    delete.setLong(3, operation.revision());
    add(delete);
    for (Map.Entry<String, String> label : operation.labels().entrySet()) {
      PreparedStatement insert = prepare(INSERT_NEW_LABEL);
      insert.setString(1, label.getKey());
      insert.setString(2, label.getValue());
      insert.setBytes(3, id);
      insert.setLong(4, operation.revision());
      add(insert);
    }
  }

  void change(OperationId operation, ItemChanges items) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    if (items.firstNumber() > 0) {
      PreparedStatement delete = prepare(DELETE_ITEMS_BELOW);
      delete.setBytes(1, id);
      delete.setLong(2, items.firstNumber());
      add(delete);
    }
    for (ItemBlock block : items.added()) {
      PreparedStatement insert = prepare(INSERT_ITEMS);
      insert.setBytes(1, id);
      insert.setLong(2, block.number());
      insert.setString(3, block.state().name());
      insert.setString(4, ItemRows.items(block));
      add(insert);
    }
  }

  /** Takes out these outcomes of items, if they are there. */
  void remove(OperationId operation, List<ItemBlock> blocks) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    for (ItemBlock block : blocks) {
      PreparedStatement delete = prepare(DELETE_ITEM_BLOCK);
      delete.setBytes(1, id);
      delete.setLong(2, block.number());
      add(delete);
    }
  }

  /** Takes out what came for operations that were refused or over by then. */
  void deleteInputsOfNobody() throws SQLException {
    add(prepare(DELETE_INPUTS_OF_NOBODY));
  }

  /** A row comes and goes. */
  void check() throws SQLException {
    PreparedStatement insert = prepare(INSERT_CHECK);
    insert.setString(1, FILLER);
    add(insert);
    add(prepare(DELETE_CHECK));
  }

  /**
   * Takes out the oldest finished operations: those whose time has come, and so many in any case.
   *
   * @param forgotten gets those that were
   * @return when the next one is due; null if none is left
   */
  @Nullable Instant forget(Instant expiredBy, long surplus, int limit, List<Forgotten> forgotten)
      throws SQLException {
    @Nullable Instant next = null;
    List<Forgotten> due = new ArrayList<>();
    PreparedStatement oldest = prepare(OLDEST);
    oldest.setInt(1, limit + 1);
    try (ResultSet row = oldest.executeQuery()) {
      while (next == null && row.next()) {
        Instant expiry = SnapshotRow.time(row, "expire_time");
        boolean isDue = expiry != null && !expiry.isAfter(expiredBy);
        if (due.size() < limit && (isDue || due.size() < surplus)) {
          due.add(
              new Forgotten(
                  SnapshotRow.id(row, "id"), SnapshotRow.state(row), SnapshotRow.roots(row)));
        } else {
          next = expiry;
        }
      }
    }
    for (Forgotten operation : due) {
      remove(operation.id());
    }
    forgotten.addAll(due);
    return next;
  }

  /** Takes out an operation and all that belongs to it, if it is there. */
  void remove(OperationId operation) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    delete(DELETE_LABELS, id);
    delete(DELETE_INPUTS, id);
    delete(DELETE_KEYS, id);
    delete(DISOWN_MANIFESTS, id);
    delete(DELETE, id);
  }

  // ---- Manifests

  /** All of a manifest; one that is there already, for an operation that it came too late for. */
  private void insertManifest(ManifestId manifest, byte[] owner, List<ManifestChunk> chunks)
      throws SQLException {
    byte[] id = SnapshotRow.id(manifest.value());
    delete(DELETE_ALL_CHUNKS, id);
    delete(DELETE_MANIFEST, id);
    insertManifest(id, owner);
    for (ManifestChunk chunk : chunks) {
      insertChunk(id, chunk);
    }
  }

  /** A chunk of a manifest that belongs to nobody; the first one of it makes it. */
  void addChunk(ManifestId manifest, ManifestChunk chunk, boolean isFirst) throws SQLException {
    byte[] id = SnapshotRow.id(manifest.value());
    if (isFirst) {
      insertManifest(id, null);
    }
    insertChunk(id, chunk);
  }

  private void insertManifest(byte[] id, byte @Nullable [] owner) throws SQLException {
    PreparedStatement insert = prepare(INSERT_MANIFEST);
    insert.setBytes(1, id);
    insert.setBytes(2, owner);
    add(insert);
  }

  private void insertChunk(byte[] id, ManifestChunk chunk) throws SQLException {
    PreparedStatement insert = prepare(INSERT_CHUNK);
    insert.setBytes(1, id);
    insert.setString(2, chunk.root());
    insert.setLong(3, chunk.first());
    insert.setBytes(4, chunk.paths());
    add(insert);
  }

  /** Gives a manifest to an operation; null: it belongs to nobody. */
  private void bind(ManifestId manifest, byte @Nullable [] owner) throws SQLException {
    PreparedStatement bind = prepare(BIND_MANIFEST);
    bind.setBytes(1, owner);
    bind.setBytes(2, SnapshotRow.id(manifest.value()));
    add(bind);
    anyDisowned |= owner == null;
  }

  /** Whether manifests belong to nobody since this was asked for the last time. */
  boolean takeAnyDisowned() {
    boolean any = anyDisowned;
    anyDisowned = false;
    return any;
  }

  /** Some manifests that belong to nobody, in use or not. */
  List<UUID> manifestsOfNobody(int limit) throws SQLException {
    PreparedStatement select = prepare(MANIFESTS_OF_NOBODY);
    select.setInt(1, limit);
    List<UUID> manifests = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        manifests.add(SnapshotRow.uuid(row, "id"));
      }
    }
    return manifests;
  }

  /** Removes some chunks of a manifest, or itself if it has none; returns how many chunks. */
  int removeChunks(UUID manifest, int limit) throws SQLException {
    byte[] id = SnapshotRow.id(manifest);
    PreparedStatement first = prepare(FIRST_CHUNKS);
    first.setBytes(1, id);
    first.setInt(2, limit);
    List<ManifestChunk> chunks = new ArrayList<>();
    try (ResultSet row = first.executeQuery()) {
      while (row.next()) {
        chunks.add(new ManifestChunk(row.getString("root"), row.getLong("number"), new byte[0]));
      }
    }
    for (ManifestChunk chunk : chunks) {
      PreparedStatement delete = prepare(DELETE_CHUNK);
      delete.setBytes(1, id);
      delete.setString(2, chunk.root());
      delete.setLong(3, chunk.first());
      add(delete);
    }
    if (chunks.isEmpty()) {
      delete(DELETE_MANIFEST, id);
    }
    return chunks.size();
  }

  // ---- Outcomes of items

  /** Removes some blocks of an operation; returns how many. */
  int removeItemBlocks(OperationId operation, int limit) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    PreparedStatement first = prepare(FIRST_ITEM_BLOCKS);
    first.setBytes(1, id);
    first.setInt(2, limit);
    int blocks = 0;
    long last = -1;
    try (ResultSet row = first.executeQuery()) {
      while (row.next()) {
        blocks++;
        last = row.getLong("number");
      }
    }
    if (blocks > 0) {
      PreparedStatement delete = prepare(DELETE_ITEM_BLOCKS);
      delete.setBytes(1, id);
      delete.setLong(2, last);
      add(delete);
    }
    return blocks;
  }

  /** The next operation in the order of ids that has blocks; null after the last. */
  @Nullable OperationId nextWithItemBlocks(@Nullable OperationId after) throws SQLException {
    PreparedStatement next = prepare(NEXT_WITH_ITEM_BLOCKS);
    next.setBytes(1, after == null ? new byte[0] : SnapshotRow.id(after));
    try (ResultSet row = next.executeQuery()) {
      return row.next() ? SnapshotRow.id(row, "operation_id") : null;
    }
  }

  /** Whether an operation is remembered. */
  boolean isThere(OperationId operation) throws SQLException {
    PreparedStatement select = prepare(IS_THERE);
    select.setBytes(1, SnapshotRow.id(operation));
    try (ResultSet row = select.executeQuery()) {
      return row.next();
    }
  }

  private void delete(String sql, byte[] id) throws SQLException {
    PreparedStatement delete = prepare(sql);
    delete.setBytes(1, id);
    add(delete);
  }

  /** A statement whose parameters are to be set; what waits and is another is sent before. */
  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    if (!statement.equals(waiting)) {
      flush();
    }
    return statement;
  }

  private void add(PreparedStatement statement) throws SQLException {
    statement.addBatch();
    waiting = statement;
    waitingTimes++;
    if (waitingTimes == MOST_AT_ONCE) {
      flush();
    }
  }

  private static void setMillis(PreparedStatement statement, int index, @Nullable Instant time)
      throws SQLException {
    if (time == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, time.toEpochMilli());
    }
  }
}
