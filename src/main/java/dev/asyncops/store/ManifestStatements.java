package dev.asyncops.store;

import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the writer can say about manifests. <b>Threads</b>: the writer's only. */
final class ManifestStatements {

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

  private final WriterConnection connection;
  private boolean anyDisowned;

  ManifestStatements(WriterConnection connection) {
    this.connection = connection;
    connection.watch(DISOWN_MANIFESTS, () -> anyDisowned = true);
  }

  /** All of a manifest; one that is there already, for an operation that it came too late for. */
  void insert(ManifestId manifest, byte[] owner, List<ManifestChunk> chunks) throws SQLException {
    byte[] id = SnapshotRow.id(manifest.value());
    connection.add(DELETE_ALL_CHUNKS, id);
    connection.add(DELETE_MANIFEST, id);
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
    PreparedStatement insert = connection.prepare(INSERT_MANIFEST);
    insert.setBytes(1, id);
    insert.setBytes(2, owner);
    connection.add(INSERT_MANIFEST, insert);
  }

  private void insertChunk(byte[] id, ManifestChunk chunk) throws SQLException {
    PreparedStatement insert = connection.prepare(INSERT_CHUNK);
    insert.setBytes(1, id);
    insert.setString(2, chunk.root());
    insert.setLong(3, chunk.first());
    insert.setBytes(4, chunk.paths());
    connection.add(INSERT_CHUNK, insert);
  }

  /** Gives a manifest to an operation; null: it belongs to nobody. */
  void bind(ManifestId manifest, byte @Nullable [] owner) throws SQLException {
    PreparedStatement bind = connection.prepare(BIND_MANIFEST);
    bind.setBytes(1, owner);
    bind.setBytes(2, SnapshotRow.id(manifest.value()));
    connection.add(BIND_MANIFEST, bind);
    anyDisowned |= owner == null;
  }

  /** All manifests of an operation belong to nobody from now on. */
  void disownAllOf(byte[] operation) throws SQLException {
    connection.add(DISOWN_MANIFESTS, operation);
  }

  /** Whether manifests belong to nobody since this was asked for the last time. */
  boolean takeAnyDisowned() {
    boolean any = anyDisowned;
    anyDisowned = false;
    return any;
  }

  /** Some manifests that belong to nobody, in use or not. */
  List<UUID> ofNobody(int limit) throws SQLException {
    PreparedStatement select = connection.prepare(MANIFESTS_OF_NOBODY);
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
    PreparedStatement first = connection.prepare(FIRST_CHUNKS);
    first.setBytes(1, id);
    first.setInt(2, limit);
    List<ManifestChunk> chunks = new ArrayList<>();
    try (ResultSet row = first.executeQuery()) {
      while (row.next()) {
        chunks.add(new ManifestChunk(row.getString("root"), row.getLong("number"), new byte[0]));
      }
    }
    for (ManifestChunk chunk : chunks) {
      PreparedStatement delete = connection.prepare(DELETE_CHUNK);
      delete.setBytes(1, id);
      delete.setString(2, chunk.root());
      delete.setLong(3, chunk.first());
      connection.add(DELETE_CHUNK, delete);
    }
    if (chunks.isEmpty()) {
      connection.add(DELETE_MANIFEST, id);
    }
    return chunks.size();
  }
}
