package dev.asyncops.store;

import dev.asyncops.registry.IdempotencyKey;
import dev.asyncops.registry.KeyedRequest;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationStore.KeyedOperation;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What the writer can say about idempotency keys. <b>Threads</b>: the writer's only. */
final class KeyStatements {

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

  private final WriterConnection connection;

  KeyStatements(WriterConnection connection) {
    this.connection = connection;
  }

  /** The key, if there is one, leads to the operation from now on. */
  void insert(byte[] id, @Nullable KeyedRequest keyed) throws SQLException {
    if (keyed != null) {
      PreparedStatement insert = connection.prepare(INSERT_KEY);
      setKey(insert, keyed.key());
      insert.setBytes(4, HexFormat.of().parseHex(keyed.fingerprint()));
      insert.setBytes(5, id);
      connection.add(INSERT_KEY, insert);
    }
  }

  /** What a key leads to; null if it is not known. Writes nothing. */
  @Nullable KeyedOperation find(IdempotencyKey key) throws SQLException {
    PreparedStatement byKey = connection.prepare(FIND_KEY);
    setKey(byKey, key);
    try (ResultSet keyed = byKey.executeQuery()) {
      if (!keyed.next()) {
        return null;
      }
      PreparedStatement find = connection.prepare(FIND);
      find.setBytes(1, keyed.getBytes("operation_id"));
      try (ResultSet row = find.executeQuery()) {
        row.next();
        return new KeyedOperation(
            SnapshotRow.read(row), HexFormat.of().formatHex(keyed.getBytes("fingerprint")));
      }
    }
  }

  /** The key leads nowhere from now on, if it was to this operation. */
  void release(IdempotencyKey key, OperationId operation) throws SQLException {
    PreparedStatement release = connection.prepare(RELEASE_KEY);
    setKey(release, key);
    release.setBytes(4, SnapshotRow.id(operation));
    connection.add(RELEASE_KEY, release);
  }

  /** No key leads to the operation any more. */
  void removeAllOf(byte[] id) throws SQLException {
    connection.add(DELETE_KEYS, id);
  }

  private static void setKey(PreparedStatement statement, IdempotencyKey key) throws SQLException {
    statement.setString(1, key.createdBy());
    statement.setString(2, key.path());
    statement.setString(3, key.value());
  }
}
