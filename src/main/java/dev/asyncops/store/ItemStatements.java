package dev.asyncops.store;

import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.ItemChanges;
import dev.asyncops.registry.OperationId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the writer can say about outcomes of items. <b>Threads</b>: the writer's only. */
final class ItemStatements {

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

  private static final String DELETE_ITEM_BLOCK =
      "DELETE FROM item_blocks WHERE operation_id = ? AND number = ?";

  private static final String FIRST_ITEM_BLOCKS =
      "SELECT number FROM item_blocks WHERE operation_id = ? ORDER BY number LIMIT ?";

  private static final String DELETE_ITEM_BLOCKS =
      "DELETE FROM item_blocks WHERE operation_id = ? AND number <= ?";

  private static final String NEXT_WITH_ITEM_BLOCKS =
      """
      SELECT operation_id FROM item_blocks WHERE operation_id > ?
        ORDER BY operation_id LIMIT 1\
      """;

  private final WriterConnection connection;

  ItemStatements(WriterConnection connection) {
    this.connection = connection;
  }

  void change(OperationId operation, ItemChanges items) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    if (items.firstNumber() > 0) {
      PreparedStatement delete = connection.prepare(DELETE_ITEMS_BELOW);
      delete.setBytes(1, id);
      delete.setLong(2, items.firstNumber());
      connection.add(DELETE_ITEMS_BELOW, delete);
    }
    for (ItemBlock block : items.added()) {
      PreparedStatement insert = connection.prepare(INSERT_ITEMS);
      insert.setBytes(1, id);
      insert.setLong(2, block.number());
      insert.setString(3, block.state().name());
      insert.setString(4, ItemRows.items(block));
      connection.add(INSERT_ITEMS, insert);
    }
  }

  /** Takes out these outcomes of items, if they are there. */
  void remove(OperationId operation, List<ItemBlock> blocks) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    for (ItemBlock block : blocks) {
      PreparedStatement delete = connection.prepare(DELETE_ITEM_BLOCK);
      delete.setBytes(1, id);
      delete.setLong(2, block.number());
      connection.add(DELETE_ITEM_BLOCK, delete);
    }
  }

  /** Removes some blocks of an operation; returns how many. */
  int removeSome(OperationId operation, int limit) throws SQLException {
    byte[] id = SnapshotRow.id(operation);
    PreparedStatement first = connection.prepare(FIRST_ITEM_BLOCKS);
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
      PreparedStatement delete = connection.prepare(DELETE_ITEM_BLOCKS);
      delete.setBytes(1, id);
      delete.setLong(2, last);
      connection.add(DELETE_ITEM_BLOCKS, delete);
    }
    return blocks;
  }

  /** The next operation in the order of ids that has blocks; null after the last. */
  @Nullable OperationId nextWithSome(@Nullable OperationId after) throws SQLException {
    PreparedStatement next = connection.prepare(NEXT_WITH_ITEM_BLOCKS);
    next.setBytes(1, after == null ? new byte[0] : SnapshotRow.id(after));
    try (ResultSet row = next.executeQuery()) {
      return row.next() ? SnapshotRow.id(row, "operation_id") : null;
    }
  }
}
