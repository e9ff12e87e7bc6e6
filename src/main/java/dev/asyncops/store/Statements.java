package dev.asyncops.store;

import dev.asyncops.registry.KeyedRequest;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.Forgotten;
import dev.asyncops.registry.RootSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the writer can say to its connection: about operations here, about what belongs to them in
 * {@link #inputs}, {@link #keys}, {@link #manifests} and {@link #items}.
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

  private final WriterConnection connection;
  private final InputStatements inputs;
  private final KeyStatements keys;
  private final ManifestStatements manifests;
  private final ItemStatements items;

  /** What is over in this transaction; its inputs go at the end, so that they go together. */
  private final List<byte[]> over = new ArrayList<>();

  Statements(Connection connection) {
    this.connection = new WriterConnection(connection);
    manifests = new ManifestStatements(this.connection);
    inputs = new InputStatements(this.connection, manifests);
    keys = new KeyStatements(this.connection);
    items = new ItemStatements(this.connection);
  }

  InputStatements inputs() {
    return inputs;
  }

  KeyStatements keys() {
    return keys;
  }

  ManifestStatements manifests() {
    return manifests;
  }

  ItemStatements items() {
    return items;
  }

  // ---- The transaction

  /** Sends all that is left, so that only the commit is missing. */
  void finish() throws SQLException {
    for (byte[] id : over) {
      inputs.removeAllOf(id);
    }
    for (byte[] id : over) {
      manifests.disownAllOf(id);
    }
    over.clear();
    connection.flush();
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
    PreparedStatement insert = connection.prepare(INSERT);
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
    connection.add(INSERT, insert);
    for (Map.Entry<String, String> label : operation.labels().entrySet()) {
      PreparedStatement insertLabel = connection.prepare(INSERT_LABEL);
      insertLabel.setBytes(1, id);
      insertLabel.setString(2, label.getKey());
      insertLabel.setString(3, label.getValue());
      connection.add(INSERT_LABEL, insertLabel);
    }
    if (input != null) {
      inputs.insert(id, 0, input);
    }
    keys.insert(id, keyed);
  }

  /** Returns its number: 1, 2 and so on; 0 is what the operation was admitted with. */
  long addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed)
      throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    long number = inputs.add(id, input);
    if (roots != null) {
      PreparedStatement update = connection.prepare(UPDATE_ROOTS);
      update.setString(1, roots.text());
      update.setBytes(2, id);
      connection.add(UPDATE_ROOTS, update);
    }
    keys.insert(id, keyed);
    return number;
  }

  /** Takes out what {@link #addInput} has written, if it is there; but for the roots. */
  void removeInput(
      OperationId operation, long number, OperationInput input, @Nullable KeyedRequest keyed)
      throws SQLException {
    inputs.remove(SnapshotRow.id(operation), number, input);
    if (keyed != null) {
      keys.release(keyed.key(), operation);
    }
  }

  void update(OperationSnapshot operation) throws SQLException {
    byte[] id = SnapshotRow.id(operation.id());
    PreparedStatement update = connection.prepare(UPDATE);
    update.setString(1, operation.state().name());
    update.setLong(2, operation.revision());
    setMillis(update, 3, operation.expireTime());
    update.setString(4, SnapshotRow.document(operation));
    update.setString(5, SnapshotRow.result(operation));
    update.setString(6, SnapshotRow.mark(operation));
    update.setBytes(7, id);
    update.setLong(8, operation.revision());
    connection.add(UPDATE, update);
    if (operation.state().isTerminal() && operation.mark() == null) {
      over.add(id);
    }
  }

  /** Writes its labels, if this is the snapshot that is remembered. */
  void relabel(OperationSnapshot operation) throws SQLException {
    byte[] id = SnapshotRow.id(operation.id());
    PreparedStatement update = connection.prepare(UPDATE_LABELS);
    update.setString(1, SnapshotRow.labels(operation));
    update.setBytes(2, id);
    update.setLong(3, operation.revision());
    connection.add(UPDATE_LABELS, update);
    PreparedStatement delete = connection.prepare(DELETE_OLD_LABELS);
    delete.setBytes(1, id);
    delete.setBytes(2, id);
    delete.setLong(3, operation.revision());
    connection.add(DELETE_OLD_LABELS, delete);
    for (Map.Entry<String, String> label : operation.labels().entrySet()) {
      PreparedStatement insert = connection.prepare(INSERT_NEW_LABEL);
      insert.setString(1, label.getKey());
      insert.setString(2, label.getValue());
      insert.setBytes(3, id);
      insert.setLong(4, operation.revision());
      connection.add(INSERT_NEW_LABEL, insert);
    }
  }

  /** A row comes and goes. */
  void check() throws SQLException {
    PreparedStatement insert = connection.prepare(INSERT_CHECK);
    insert.setString(1, FILLER);
    connection.add(INSERT_CHECK, insert);
    connection.add(DELETE_CHECK, connection.prepare(DELETE_CHECK));
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
    PreparedStatement oldest = connection.prepare(OLDEST);
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
    connection.add(DELETE_LABELS, id);
    inputs.removeAllOf(id);
    keys.removeAllOf(id);
    manifests.disownAllOf(id);
    connection.add(DELETE, id);
  }

  /** Whether an operation is remembered. */
  boolean isThere(OperationId operation) throws SQLException {
    PreparedStatement select = connection.prepare(IS_THERE);
    select.setBytes(1, SnapshotRow.id(operation));
    try (ResultSet row = select.executeQuery()) {
      return row.next();
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
