package dev.asyncops.store;

import dev.asyncops.async.ItemState;
import dev.asyncops.registry.OperationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The query for some blocks of an operation's items. It reads an index from where they begin: the
 * primary key for all states, else for each state its part of the index by state. So it costs the
 * same however many blocks there are.
 */
final class ItemsSql {

  private final StringBuilder text = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();
  private final byte[] operation;
  private final long from;
  private final int limit;

  /**
   * The query.
   *
   * @param states only these; empty for all
   * @param from the lowest number
   */
  ItemsSql(OperationId operation, Set<ItemState> states, long from, int limit) {
    this.operation = SnapshotRow.id(operation);
    this.from = from;
    this.limit = limit;
    if (states.isEmpty()) {
      all();
    } else {
      byState(states);
    }
  }

  String text() {
    return text.toString();
  }

  List<Object> parameters() {
    return parameters;
  }

  private void all() {
    text.append("SELECT ")
        .append(ItemRows.COLUMNS)
        .append(" FROM item_blocks WHERE operation_id = ?");
    parameters.add(operation);
    inOrder();
  }

  private void byState(Set<ItemState> states) {
    text.append("SELECT * FROM (");
    String union = "";
    for (ItemState state : states) {
      text.append(union)
          .append("SELECT * FROM (SELECT ")
          .append(ItemRows.COLUMNS)
          .append(" FROM item_blocks WHERE operation_id = ? AND state = ?");
      parameters.add(operation);
      parameters.add(state.name());
      inOrder();
      text.append(") AS part");
      union = " UNION ALL ";
    }
    text.append(") AS parts ORDER BY number LIMIT ?");
    parameters.add(limit);
  }

  private void inOrder() {
    text.append(" AND number >= ? ORDER BY number LIMIT ?");
    parameters.add(from);
    parameters.add(limit);
  }
}
