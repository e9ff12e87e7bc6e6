package dev.asyncops.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The writer's connection. Statements are prepared once, when first used. Those that are the same
 * and follow each other go to the database together, which saves a round trip for each; the order
 * is kept.
 *
 * <p><b>Threads</b>: the writer's only.
 */
final class WriterConnection implements AutoCloseable {

  /** So many are held in memory. */
  private static final int MOST_AT_ONCE = 512;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** What hears that a statement has changed rows, by its text. */
  private final Map<String, Runnable> watched = new HashMap<>();

  /** What waits to be sent, and its text; null if nothing does. */
  private @Nullable PreparedStatement waiting;

  private String waitingSql = "";
  private int waitingTimes;

  WriterConnection(Connection connection) {
    this.connection = connection;
  }

  /** Has it told whenever this statement has changed rows. */
  void watch(String sql, Runnable changed) {
    watched.put(sql, changed);
  }

  /**
   * A statement whose parameters are to be set, and that is then {@linkplain #add added} or asked;
   * what waits and is another is sent before.
   */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    if (!sql.equals(waitingSql)) {
      flush();
    }
    return statement;
  }

  /** Sends a statement that was prepared with this text, sooner or later. */
  void add(String sql, PreparedStatement statement) throws SQLException {
    statement.addBatch();
    waiting = statement;
    waitingSql = sql;
    waitingTimes++;
    if (waitingTimes == MOST_AT_ONCE) {
      flush();
    }
  }

  /** Sends a statement whose only parameter is an id. */
  void add(String sql, byte[] id) throws SQLException {
    PreparedStatement statement = prepare(sql);
    statement.setBytes(1, id);
    add(sql, statement);
  }

  /** Sends all that waits. */
  void flush() throws SQLException {
    PreparedStatement sent = waiting;
    if (sent != null) {
      Runnable changed = watched.get(waitingSql);
      waiting = null;
      waitingSql = "";
      waitingTimes = 0;
      int[] rows = sent.executeBatch();
      if (changed != null && Arrays.stream(rows).anyMatch(row -> row != 0)) {
        changed.run();
      }
    }
  }

  /** Sends all that waits, and commits. */
  void commit() throws SQLException {
    flush();
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
