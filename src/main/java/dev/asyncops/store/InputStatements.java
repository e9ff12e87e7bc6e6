package dev.asyncops.store;

import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationInput;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the writer can say about what operations were given. <b>Threads</b>: the writer's only. */
final class InputStatements {

  private static final String INSERT_INPUT =
      "INSERT INTO operation_inputs (operation_id, number, input) VALUES (?, ?, ?)";

  private static final String LAST_INPUT =
      "SELECT COALESCE(MAX(number), 0) FROM operation_inputs WHERE operation_id = ?";

  private static final String DELETE_INPUTS = "DELETE FROM operation_inputs WHERE operation_id = ?";

  private static final String DELETE_INPUT =
      "DELETE FROM operation_inputs WHERE operation_id = ? AND number = ?";

  private static final String DELETE_INPUTS_OF_NOBODY =
      """
      DELETE FROM operation_inputs WHERE NOT EXISTS (SELECT 1 FROM operations
        WHERE id = operation_id AND (expire_time IS NULL OR mark IS NOT NULL))\
      """;

  private final WriterConnection connection;
  private final ManifestStatements manifests;

  InputStatements(WriterConnection connection, ManifestStatements manifests) {
    this.connection = connection;
    this.manifests = manifests;
  }

  /** What the operation was admitted with is number 0. */
  void insert(byte[] id, long number, OperationInput input) throws SQLException {
    PreparedStatement insert = connection.prepare(INSERT_INPUT);
    insert.setBytes(1, id);
    insert.setLong(2, number);
    insert.setString(3, input.json().text());
    connection.add(INSERT_INPUT, insert);
    ManifestId manifest = input.manifest();
    if (manifest == null) {
      return;
    }
    if (input.chunks().isEmpty()) {
      manifests.bind(manifest, id);
    } else {
      manifests.insert(manifest, id, input.chunks());
    }
  }

  /** Returns its number: 1, 2 and so on. */
  long add(byte[] id, OperationInput input) throws SQLException {
    PreparedStatement last = connection.prepare(LAST_INPUT);
    last.setBytes(1, id);
    long number;
    try (ResultSet row = last.executeQuery()) {
      row.next();
      number = row.getLong(1) + 1;
    }
    insert(id, number, input);
    return number;
  }

  /** Takes out what {@link #add} has written, if it is there. */
  void remove(byte[] id, long number, OperationInput input) throws SQLException {
    PreparedStatement delete = connection.prepare(DELETE_INPUT);
    delete.setBytes(1, id);
    delete.setLong(2, number);
    connection.add(DELETE_INPUT, delete);
    if (input.manifest() != null) {
      manifests.bind(input.manifest(), null);
    }
  }

  /** Takes out all of an operation; their manifests are not touched. */
  void removeAllOf(byte[] id) throws SQLException {
    connection.add(DELETE_INPUTS, id);
  }

  /** Takes out what came for operations that were refused or over by then. */
  void removeThoseOfNobody() throws SQLException {
    connection.add(DELETE_INPUTS_OF_NOBODY, connection.prepare(DELETE_INPUTS_OF_NOBODY));
  }
}
