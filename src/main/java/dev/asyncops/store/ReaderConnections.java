package dev.asyncops.store;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A few connections that only read, for one query each at a time. After a failure a connection is
 * opened anew, by the next query; if it was lost while nobody used it, by the same one, which then
 * need not fail.
 *
 * <p><b>Threads</b>: any that may block. Nobody waits for ever: neither for a connection nor, as
 * the database sees to it, for an answer.
 */
final class ReaderConnections implements AutoCloseable {

  private static final int CONNECTIONS = 4;

  /** How long a query waits for a connection. */
  private static final int PATIENCE_SECONDS = 15;

  private final Database database;
  private final List<Place> all = new ArrayList<>();
  private final BlockingQueue<Place> free = new LinkedBlockingQueue<>();

  /** Opens all of them. */
  ReaderConnections(Database database) throws SQLException {
    this.database = database;
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Place place = new Place();
        all.add(place);
        place.connect();
      }
    } catch (SQLException e) {
      close();
      throw e;
    }
    free.addAll(all);
  }

  /** To be called when nobody reads any more. */
  @Override
  public void close() {
    all.forEach(Place::disconnect);
  }

  /**
   * What a query finds.
   *
   * @throws OperationException STORE_UNAVAILABLE if it fails
   */
  <T> T read(Function<JdbcClient, T> query) throws OperationException {
    Place place = take();
    try {
      return place.read(query);
    } catch (SQLException e) {
      throw unreadable(database.reasonOf(e), e);
    } finally {
      free.add(place);
    }
  }

  private Place take() throws OperationException {
    try {
      Place place = free.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (place == null) {
        throw unreadable("all connections are busy", null);
      }
      return place;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable("the wait was interrupted", e);
    }
  }

  private static OperationException unreadable(String reason, @Nullable Exception e) {
    return new OperationException(
        ErrorCode.STORE_UNAVAILABLE,
        "The registry cannot be read because %s.".formatted(reason),
        e);
  }

  /** Where one connection is, when it is open. Used by one thread at a time. */
  private final class Place {

    private @Nullable SingleConnectionDataSource connection;
    private @Nullable JdbcClient client;

    <T> T read(Function<JdbcClient, T> query) throws SQLException {
      JdbcClient kept = client;
      if (kept != null) {
        try {
          return query.apply(kept);
        } catch (DataAccessException e) {
          disconnect();
          SQLException cause = causeOf(e);
          if (!database.isLost(cause)) {
            throw cause;
          }
        }
      }
      try {
        return query.apply(connect());
      } catch (DataAccessException e) {
        disconnect();
        throw causeOf(e);
      }
    }

    JdbcClient connect() throws SQLException {
      SingleConnectionDataSource opened =
          new SingleConnectionDataSource(database.openReader(), true);
      connection = opened;
      JdbcClient fresh = JdbcClient.create(opened);
      client = fresh;
      return fresh;
    }

    void disconnect() {
      if (connection != null) {
        connection.destroy();
      }
      connection = null;
      client = null;
    }

    private static SQLException causeOf(DataAccessException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException found) {
          return found;
        }
      }
      return new SQLException("The query failed.", e);
    }
  }
}
