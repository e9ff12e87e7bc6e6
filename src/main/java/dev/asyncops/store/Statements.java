package dev.asyncops.store;

import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.ItemChanges;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.KeyedRequest;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.Forgotten;
import dev.asyncops.registry.OperationStore.KeyedOperation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the writer can say to its connection. Statements are prepared once, when first used.
 *
 * <p><b>Threads</b>: the writer's only.
 */
final class Statements implements AutoCloseable {

  private static final String INSERT =
      """
      INSERT INTO operations (id, kind, state, revision, created_by, request, labels, user_data,
        snapshot, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
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

  private static final String DELETE_INPUTS = "DELETE FROM operation_inputs WHERE operation_id = ?";

  private static final String DELETE_INPUTS_OF_NOBODY =
      """
      DELETE FROM operation_inputs WHERE NOT EXISTS (SELECT 1 FROM operations
        WHERE id = operation_id AND expire_time IS NULL)\
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

  private static final String DELETE_ITEMS = "DELETE FROM item_blocks WHERE operation_id = ?";

  private static final String DELETE_LABELS = "DELETE FROM operation_labels WHERE operation_id = ?";

  private static final String DELETE = "DELETE FROM operations WHERE id = ?";

  private static final String OLDEST =
      """
      SELECT id, state, expire_time FROM operations WHERE expire_time IS NOT NULL
        ORDER BY expire_time, id LIMIT ?\
      """;

  private static final String INSERT_CHECK = "INSERT INTO write_check (filler) VALUES (?)";

  private static final String DELETE_CHECK = "DELETE FROM write_check";

  /** As much as an operation takes. */
  private static final String FILLER = "x".repeat(4096);

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  // ---- The transaction

  void commit() throws SQLException {
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

  void insert(OperationSnapshot operation, @Nullable JsonText input, @Nullable KeyedRequest keyed)
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
    insert.executeUpdate();
    for (Map.Entry<String, String> label : operation.labels().entrySet()) {
      PreparedStatement insertLabel = prepare(INSERT_LABEL);
      insertLabel.setBytes(1, id);
      insertLabel.setString(2, label.getKey());
      insertLabel.setString(3, label.getValue());
      insertLabel.executeUpdate();
    }
    if (input != null) {
      insertInput(id, 0, input);
    }
    insertKey(id, keyed);
  }

  /** Numbers 1, 2 and so on; 0 is what the operation was admitted with. */
  void addInput(OperationId operation, JsonText input, @Nullable KeyedRequest keyed)
      throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    PreparedStatement last = prepare(LAST_INPUT);
    last.setBytes(1, id);
    try (ResultSet row = last.executeQuery()) {
      row.next();
      insertInput(id, row.getLong(1) + 1, input);
    }
    insertKey(id, keyed);
  }

  private void insertInput(byte[] id, long number, JsonText input) throws SQLException {
    PreparedStatement insert = prepare(INSERT_INPUT);
    insert.setBytes(1, id);
    insert.setLong(2, number);
    insert.setString(3, input.text());
    insert.executeUpdate();
  }

  private void insertKey(byte[] id, @Nullable KeyedRequest keyed) throws SQLException {
    if (keyed != null) {
      PreparedStatement insert = prepare(INSERT_KEY);
      setKey(insert, keyed.key());
      insert.setBytes(4, HexFormat.of().parseHex(keyed.fingerprint()));
      insert.setBytes(5, id);
      insert.executeUpdate();
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
    release.executeUpdate();
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
    update.executeUpdate();
    if (operation.state().isTerminal()) {
      delete(DELETE_INPUTS, id);
    }
  }

  void change(OperationId operation, ItemChanges items) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    if (items.firstNumber() > 0) {
      PreparedStatement delete = prepare(DELETE_ITEMS_BELOW);
      delete.setBytes(1, id);
      delete.setLong(2, items.firstNumber());
      delete.executeUpdate();
    }
    for (ItemBlock block : items.added()) {
      PreparedStatement insert = prepare(INSERT_ITEMS);
      insert.setBytes(1, id);
      insert.setLong(2, block.number());
      insert.setString(3, block.state().name());
      insert.setString(4, ItemRows.items(block));
      insert.executeUpdate();
    }
  }

  /** Takes out what came for operations that were refused or over by then. */
  void deleteInputsOfNobody() throws SQLException {
    prepare(DELETE_INPUTS_OF_NOBODY).executeUpdate();
  }

  /** A row comes and goes. */
  void check() throws SQLException {
    PreparedStatement insert = prepare(INSERT_CHECK);
    insert.setString(1, FILLER);
    insert.executeUpdate();
    prepare(DELETE_CHECK).executeUpdate();
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
          due.add(new Forgotten(SnapshotRow.id(row, "id"), SnapshotRow.state(row)));
        } else {
          next = expiry;
        }
      }
    }
    for (Forgotten operation : due) {
      byte[] id = SnapshotRow.id(operation.id());
      delete(DELETE_LABELS, id);
      delete(DELETE_INPUTS, id);
      delete(DELETE_KEYS, id);
      delete(DELETE_ITEMS, id);
      delete(DELETE, id);
    }
    forgotten.addAll(due);
    return next;
  }

  private void delete(String sql, byte[] id) throws SQLException {
    PreparedStatement delete = prepare(sql);
    delete.setBytes(1, id);
    delete.executeUpdate();
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known != null) {
      return known;
    }
    PreparedStatement fresh = connection.prepareStatement(sql);
    prepared.put(sql, fresh);
    return fresh;
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
