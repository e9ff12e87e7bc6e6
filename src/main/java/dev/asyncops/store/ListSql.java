package dev.asyncops.store;

import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationQuery;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The query for a page of a list. Each form of it reads an index from where the page begins, so it
 * costs the same however many operations there are:
 *
 * <ul>
 *   <li>all operations: the primary key
 *   <li>some kinds or states: for each pair of kind and state its part of the index, as many as a
 *       page takes, and the newest of all these
 *   <li>labels: the index of the first label; other labels, kinds and states are looked at for each
 *       operation that has it
 * </ul>
 *
 * <p>For who reaches some roots only:
 *
 * <ul>
 *   <li>all operations: for each set of roots that is reached its part of the index
 *   <li>some kinds or states, or labels: as above; what is not reached is looked at, of the index
 *       alone for kinds and states, and left out
 * </ul>
 */
final class ListSql {

  /** A database takes only so many parts of a query. */
  private static final int MOST_PARTS = 200;

  private final StringBuilder text = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();
  private final OperationQuery query;
  private final byte[] from;
  private final byte @Nullable [] below;

  /** What is reached; empty if everything is. */
  private final List<String> reached;

  private ListSql(OperationQuery query, Collection<RootSet> reached) {
    this.query = query;
    this.reached =
        query.reach().equals(Reach.ALL)
            ? List.of()
            : reached.stream().map(RootSet::text).sorted().toList();
    OperationId bound = query.upperBound();
    from = SnapshotRow.id(query.lowerBound());
    below = bound == null ? null : SnapshotRow.id(bound);
  }

  /**
   * The query.
   *
   * @param kinds all there may be
   * @param reached all roots there may be of what is reached; at least one
   */
  static ListSql of(OperationQuery query, Set<String> kinds, Collection<RootSet> reached) {
    ListSql sql = new ListSql(query, reached);
    if (!query.labels().isEmpty()) {
      sql.byLabels();
    } else if (query.kinds().isEmpty() && query.states().isEmpty()) {
      if (sql.reached.isEmpty() || reached.size() > MOST_PARTS) {
        sql.all();
      } else {
        sql.byRoots();
      }
    } else {
      sql.byKindAndState(kinds);
    }
    return sql;
  }

  String text() {
    return text.toString();
  }

  List<Object> parameters() {
    return parameters;
  }

  private void all() {
    select("operations", "id");
    text.append(" WHERE ");
    range("id");
    in("roots", reached.stream());
    newestFirst("id");
  }

  private void byRoots() {
    select("operations", "id");
    text.append(" WHERE id IN (SELECT id FROM (");
    String union = "";
    for (String roots : reached) {
      text.append(union).append("SELECT id FROM (SELECT id FROM operations WHERE roots = ? AND ");
      parameters.add(roots);
      range("id");
      newestFirst("id");
      text.append(") AS part");
      union = " UNION ALL ";
    }
    text.append(") AS parts");
    newestFirst("id");
    text.append(")");
    newestFirst("id");
  }

  private void byKindAndState(Set<String> kinds) {
    Collection<String> wantedKinds = query.kinds().isEmpty() ? kinds : query.kinds();
    Collection<OperationState> wantedStates =
        query.states().isEmpty() ? List.of(OperationState.values()) : query.states();
    select("operations", "id");
    text.append(" WHERE id IN (SELECT id FROM (");
    String union = "";
    for (String kind : wantedKinds) {
      for (OperationState state : wantedStates) {
        text.append(union)
            .append("SELECT id FROM (SELECT id FROM operations WHERE kind = ? AND state = ? AND ");
        parameters.add(kind);
        parameters.add(state.name());
        range("id");
        in("roots", reached.stream());
        newestFirst("id");
        text.append(") AS part");
        union = " UNION ALL ";
      }
    }
    text.append(") AS parts");
    newestFirst("id");
    text.append(")");
    newestFirst("id");
  }

  private void byLabels() {
    // A cross join, because SQLite keeps its order: the label's index leads.
    select("operation_labels AS label CROSS JOIN operations", "operations.id");
    text.append(" WHERE operations.id = label.operation_id AND label.name = ? AND label.value = ?");
    List<Map.Entry<String, String>> labels = List.copyOf(query.labels().entrySet());
    addLabel(labels.getFirst());
    for (Map.Entry<String, String> label : labels.subList(1, labels.size())) {
      text.append(
          " AND EXISTS (SELECT 1 FROM operation_labels AS other WHERE other.operation_id ="
              + " label.operation_id AND other.name = ? AND other.value = ?)");
      addLabel(label);
    }
    in("operations.roots", reached.stream());
    in("operations.kind", query.kinds().stream());
    in("operations.state", query.states().stream().map(OperationState::name));
    text.append(" AND ");
    range("label.operation_id");
    newestFirst("label.operation_id");
  }

  private void addLabel(Map.Entry<String, String> label) {
    parameters.add(label.getKey());
    parameters.add(label.getValue());
  }

  private void in(String column, Stream<String> values) {
    List<String> wanted = values.toList();
    if (!wanted.isEmpty()) {
      String marks = wanted.stream().map(_ -> "?").collect(Collectors.joining(", "));
      text.append(" AND %s IN (%s)".formatted(column, marks));
      parameters.addAll(wanted);
    }
  }

  private void select(String tables, String id) {
    text.append("SELECT ")
        .append(SnapshotRow.COLUMNS.replaceFirst("\\bid\\b", id + " AS id"))
        .append(" FROM ")
        .append(tables);
  }

  private void range(String id) {
    text.append(id).append(" >= ?");
    parameters.add(from);
    if (below != null) {
      text.append(" AND ").append(id).append(" < ?");
      parameters.add(below);
    }
  }

  private void newestFirst(String id) {
    text.append(" ORDER BY ").append(id).append(" DESC LIMIT ?");
    parameters.add(query.limit());
  }
}
