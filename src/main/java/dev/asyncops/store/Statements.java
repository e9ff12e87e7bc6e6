package dev.asyncops.store;

import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.Forgotten;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
        WHERE id = operation_id AND (expire_time IS NULL OR mark IS NOT NULL))\
      """;

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
      SELECT id, state, expire_time FROM operations WHERE expire_time IS NOT NULL
        ORDER BY expire_time, id LIMIT ?\
      """;

  private static final String INSERT_CHECK = "INSERT INTO write_check (filler) VALUES (?)";

  private static final String DELETE_CHECK = "DELETE FROM write_check";

  /** As much as an operation takes. */
  private static final String FILLER = "x".repeat(4096);

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private boolean anyDisowned;

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

  void insert(OperationSnapshot operation, @Nullable OperationInput input) throws SQLException {
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
  }

  /** Numbers 1, 2 and so on; 0 is what the operation was admitted with. */
  void addInput(OperationId operation, OperationInput input) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    PreparedStatement last = prepare(LAST_INPUT);
    last.setBytes(1, id);
    try (ResultSet row = last.executeQuery()) {
      row.next();
      insertInput(id, row.getLong(1) + 1, input);
    }
  }

  private void insertInput(byte[] id, long number, OperationInput input) throws SQLException {
    PreparedStatement insert = prepare(INSERT_INPUT);
    insert.setBytes(1, id);
    insert.setLong(2, number);
    insert.setString(3, input.json().text());
    insert.executeUpdate();
    ManifestId manifest = input.manifest();
    if (manifest == null) {
      return;
    }
    if (input.chunks().isEmpty()) {
      PreparedStatement bind = prepare(BIND_MANIFEST);
      bind.setBytes(1, id);
      bind.setBytes(2, SnapshotRow.id(manifest.value()));
      bind.executeUpdate();
    } else {
      insertManifest(manifest, id, input.chunks());
    }
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
    if (operation.state().isTerminal() && operation.mark() == null) {
      delete(DELETE_INPUTS, id);
      disown(id);
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
      disown(id);
      delete(DELETE, id);
    }
    forgotten.addAll(due);
    return next;
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
    insert.executeUpdate();
  }

  private void insertChunk(byte[] id, ManifestChunk chunk) throws SQLException {
    PreparedStatement insert = prepare(INSERT_CHUNK);
    insert.setBytes(1, id);
    insert.setString(2, chunk.root());
    insert.setLong(3, chunk.first());
    insert.setBytes(4, chunk.paths());
    insert.executeUpdate();
  }

  private void disown(byte[] operation) throws SQLException {
    PreparedStatement disown = prepare(DISOWN_MANIFESTS);
    disown.setBytes(1, operation);
    anyDisowned |= disown.executeUpdate() > 0;
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
    PreparedStatement delete = prepare(DELETE_CHUNK);
    int removed = 0;
    try (ResultSet row = first.executeQuery()) {
      List<ManifestChunk> chunks = new ArrayList<>();
      while (row.next()) {
        chunks.add(new ManifestChunk(row.getString("root"), row.getLong("number"), new byte[0]));
      }
      for (ManifestChunk chunk : chunks) {
        delete.setBytes(1, id);
        delete.setString(2, chunk.root());
        delete.setLong(3, chunk.first());
        removed += delete.executeUpdate();
      }
    }
    if (removed == 0) {
      delete(DELETE_MANIFEST, id);
    }
    return removed;
  }

  // ---- Outcomes of items

  /** Removes some blocks of an operation; returns how many. */
  int removeItemBlocks(OperationId operation, int limit) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    PreparedStatement first = prepare(FIRST_ITEM_BLOCKS);
    first.setBytes(1, id);
    first.setInt(2, limit);
    long last = -1;
    try (ResultSet row = first.executeQuery()) {
      while (row.next()) {
        last = row.getLong("number");
      }
    }
    if (last < 0) {
      return 0;
    }
    PreparedStatement delete = prepare(DELETE_ITEM_BLOCKS);
    delete.setBytes(1, id);
    delete.setLong(2, last);
    return delete.executeUpdate();
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
