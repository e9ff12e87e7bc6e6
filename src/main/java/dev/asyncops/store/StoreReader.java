package dev.asyncops.store;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationQuery;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore.Inputs;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.RootSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads operations.
 *
 * <p><b>Threads</b>: any that may block; waits for a free connection, never for the writer.
 */
final class StoreReader implements AutoCloseable {

  private static final String LIVE_STATES =
      Stream.of(OperationState.values())
          .filter(state -> !state.isTerminal())
          .map(state -> "'" + state.name() + "'")
          .collect(Collectors.joining(", "));

  private final ReaderConnections connections;
  private final Set<String> kinds;
  private final Set<RootSet> rootSets;

  /**
   * Opens its connections.
   *
   * @param kinds always the kinds that there may be
   * @param rootSets always the roots that operations may have
   */
  StoreReader(Database database, Set<String> kinds, Set<RootSet> rootSets) throws SQLException {
    connections = new ReaderConnections(database);
    this.kinds = kinds;
    this.rootSets = rootSets;
  }

  /** To be called when nobody reads any more. */
  @Override
  public void close() {
    connections.close();
  }

  /** Reads next to nothing. */
  void check() throws OperationException {
    read(client -> client.sql("SELECT 1").query(Integer.class).single());
  }

  Optional<OperationSnapshot> find(OperationId id) throws OperationException {
    return read(client ->
        client
            .sql("SELECT " + SnapshotRow.COLUMNS + " FROM operations WHERE id = ?")
            .param(SnapshotRow.id(id))
            .query((row, _) -> SnapshotRow.read(row))
            .optional());
  }

  List<OperationSnapshot> list(OperationQuery query) throws OperationException {
    List<RootSet> reached = rootSets.stream().filter(query.reach()::has).toList();
    if (kinds.isEmpty() || reached.isEmpty()) {
      return List.of(); // nothing of it was ever stored, so there is nothing to select from
    }
    ListSql sql = ListSql.of(query, kinds, reached);
    return read(client ->
        client
            .sql(sql.text())
            .params(sql.parameters())
            .query((row, _) -> SnapshotRow.read(row))
            .list());
  }

  List<ItemBlock> items(OperationId id, Set<ItemState> states, long from, int limit)
      throws OperationException {
    ItemsSql sql = new ItemsSql(id, states, from, limit);
    return read(client ->
        client
            .sql(sql.text())
            .params(sql.parameters())
            .query((row, _) -> ItemRows.read(row))
            .list());
  }

  Inputs inputs(OperationId id) throws OperationException {
    List<Input> stored =
        read(client ->
            client
                .sql(
                    """
                    SELECT operation_id, number, input FROM operation_inputs
                      WHERE operation_id = ? ORDER BY number\
                    """)
                .param(SnapshotRow.id(id))
                .query((row, _) -> Input.read(row))
                .list());
    return sorted(stored);
  }

  List<Unfinished> unfinished() throws OperationException {
    Map<OperationId, List<Input>> inputs = new TreeMap<>();
    read(client ->
            client
                .sql(
                    """
                    SELECT operation_id, number, input FROM operation_inputs WHERE operation_id IN
                      (SELECT id FROM operations WHERE state IN (%s)) ORDER BY number\
                    """
                        .formatted(LIVE_STATES))
                .query((row, _) -> Input.read(row))
                .list())
        .forEach(
            input -> inputs.computeIfAbsent(input.operation(), _ -> new ArrayList<>()).add(input));
    return read(client ->
            client
                .sql(
                    "SELECT %s FROM operations WHERE state IN (%s) ORDER BY id"
                        .formatted(SnapshotRow.COLUMNS, LIVE_STATES))
                .query((row, _) -> SnapshotRow.read(row))
                .list())
        .stream()
        .map(operation -> unfinished(operation, inputs.getOrDefault(operation.id(), List.of())))
        .toList();
  }

  /** What an operation was given; number 0 is what it was admitted with. */
  private record Input(OperationId operation, long number, JsonText json) {

    static Input read(ResultSet row) throws SQLException {
      return new Input(
          SnapshotRow.id(row, "operation_id"),
          row.getLong("number"),
          Objects.requireNonNull(SnapshotRow.json(row, "input")));
    }
  }

  private static Unfinished unfinished(OperationSnapshot operation, List<Input> stored) {
    Inputs inputs = sorted(stored);
    return new Unfinished(operation, inputs.first(), inputs.added());
  }

  private static Inputs sorted(List<Input> inputs) {
    @Nullable JsonText first = null;
    List<JsonText> added = new ArrayList<>();
    for (Input input : inputs) {
      if (input.number() == 0) {
        first = input.json();
      } else {
        added.add(input.json());
      }
    }
    return new Inputs(first, added);
  }

  /** The chunk of a manifest that has a position. */
  ManifestChunk chunk(ManifestId manifest, String root, long position) throws OperationException {
    return read(client ->
            client
                .sql(
                    """
                    SELECT number, paths FROM manifest_chunks
                      WHERE manifest_id = ? AND root = ? AND number <= ?
                      ORDER BY number DESC LIMIT 1\
                    """)
                .param(SnapshotRow.id(manifest.value()))
                .param(root)
                .param(position)
                .query((row, _) ->
                    new ManifestChunk(root, row.getLong("number"), row.getBytes("paths")))
                .optional())
        .orElseThrow(() ->
            new OperationException(
                ErrorCode.STORE_UNAVAILABLE, "A part of the list of paths is missing."));
  }

  /** So many operations of a kind and with these roots are in a state. */
  record Count(String kind, OperationState state, RootSet roots, long operations) {}

  /** The numbers of all operations; reads one index from end to end. */
  List<Count> counts() throws OperationException {
    return read(client ->
        client
            .sql(
                """
                SELECT kind, state, roots, COUNT(*) AS operations FROM operations
                  GROUP BY kind, state, roots\
                """)
            .query((row, _) ->
                new Count(
                    row.getString("kind"),
                    SnapshotRow.state(row),
                    SnapshotRow.roots(row),
                    row.getLong("operations")))
            .list());
  }

  private <T> T read(Function<JdbcClient, T> query) throws OperationException {
    return connections.read(query);
  }
}
