package dev.asyncops.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * A schema of a PostgreSQL database, held by one process at a time: the writer's connection has an
 * advisory lock, which the server takes back when that connection ends, however it ends. Brought to
 * this version's tables while the lock is held. A schema of a newer version is left as it is.
 *
 * <p>A writer that has lost its connection ends what the server may still have of it and waits for
 * the lock, so when it writes again, whatever it sent before is committed or will never be.
 */
final class PostgresDatabase implements Database {

  private static final Logger LOG = System.getLogger(PostgresDatabase.class.getName());

  // How long a server that does not answer is waited for, in seconds. What a URL says goes before.
  private static final int CONNECT_SECONDS = 5;
  private static final int LOGIN_SECONDS = 10;
  private static final int ANSWER_SECONDS = 15;

  /** What the server has to finish of a connection that was closed a moment ago. */
  private static final int LOCK_MILLIS = 2_000;

  /** The first half of the lock's key, "asyn"; the other is the schema. */
  private static final int LOCK_CLASS = 0x6173796E;

  /**
   * Commits are on disk when they are answered, on the standbys too if the server has it so. A
   * server that hears nothing of the machine of the service gives the lock back in half a minute.
   */
  private static final String PREPARE_WRITER =
      """
      SELECT pg_backend_pid(), set_config('synchronous_commit',
          CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply'
            ELSE 'on' END, false),
        set_config('lock_timeout', '%d', false),
        set_config('tcp_keepalives_idle', '10', false),
        set_config('tcp_keepalives_interval', '5', false),
        set_config('tcp_keepalives_count', '4', false),
        set_config('tcp_user_timeout', '30000', false)\
      """
          .formatted(LOCK_MILLIS);

  private static final String HOLDERS =
      """
      pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = ?
        AND objid = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())\
      """;

  private static final String END_EARLIER =
      "SELECT pg_terminate_backend(pid) FROM " + HOLDERS + " AND pid = ?";

  private static final String HOLDER =
      """
      SELECT COALESCE(host(client_addr), 'local'), pid FROM pg_stat_activity
        WHERE pid IN (SELECT pid FROM %s)\
      """
          .formatted(HOLDERS);

  private static final String LOCK =
      "SELECT pg_advisory_lock(?, oid::int) FROM pg_namespace WHERE nspname = current_schema()";

  /** The SQL state of a lock that was not had in time. */
  private static final String LOCKED = "55P03";

  /** Of SQL states: class 08 and these say that the server or the connection is not there. */
  private static final Set<String> GONE = Set.of("57P01", "57P02", "57P03", "57P05");

  private final PostgresSettings settings;
  private final Driver driver;
  private final DataSource source;
  private final DataSource migrations;

  /** Taken at the opening, until the writer asks for it. */
  private @Nullable Connection first;

  private @Nullable Connection writer;

  /** The server's process for the last writer, to be ended before the next one begins; or 0. */
  private int writerProcess;

  private PostgresDatabase(PostgresSettings settings, Driver driver) {
    this.settings = settings;
    this.driver = driver;
    source = source(ANSWER_SECONDS);
    migrations = source(0); // a migration of large tables takes its time
  }

  /**
   * Connects, takes the lock, and migrates.
   *
   * @throws StoreUnusableException if it cannot be used
   */
  static PostgresDatabase open(PostgresSettings settings) {
    PostgresDatabase database = new PostgresDatabase(settings, driver(settings));
    try {
      database.prepare();
      return database;
    } catch (SQLException | FlywayException e) {
      throw database.refuse(e);
    } catch (StoreUnusableException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public Connection openWriter() throws SQLException {
    Connection taken = first;
    first = null;
    return taken != null ? taken : takeLock();
  }

  @Override
  public Connection openReader() throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public String reasonOf(SQLException failure) {
    String state = stateOf(failure);
    if (isGone(state)) {
      return "the database cannot be reached";
    }
    return switch (state) {
      case "53100" -> "the disk of the database is full";
      case "53300" -> "the database has no connection left";
      case LOCKED -> "another process holds it";
      case "25006" -> "the database is read-only";
      case "42501" -> "the database does not permit it";
      default ->
          state.startsWith("28") ? "the database refuses the login" : "of an error of the database";
    };
  }

  @Override
  public boolean isLost(SQLException failure) {
    return isGone(stateOf(failure));
  }

  @Override
  public StoreUnusableException refuse(Exception failure) {
    StoreUnusableException unusable = unusable(failure);
    close();
    return unusable;
  }

  @Override
  public void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "The connection to the registry was not closed.", e);
    }
  }

  // ---- Connecting

  private static Driver driver(PostgresSettings settings) {
    if (settings.name().contains("@")) {
      throw new StoreUnusableException(
          "asyncops.store.url has a user in it.",
          "Set asyncops.store.username and asyncops.store.password instead.",
          null);
    }
    try {
      if (settings.url().startsWith("jdbc:postgresql:")) {
        return DriverManager.getDriver(settings.url());
      }
    } catch (SQLException e) {
      // It cannot be read; what the driver says of it is not shown, for there may be secrets in it.
    }
    throw new StoreUnusableException(
        "asyncops.store.url is not the URL of a PostgreSQL database.",
        "Set it to jdbc:postgresql://HOST:PORT/DATABASE, or leave it empty for the embedded"
            + " registry in asyncops.state-dir.",
        null);
  }

  private DataSource source(int answerSeconds) {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(LOGIN_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(answerSeconds));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("ApplicationName", "asyncops");
    if (!settings.username().isEmpty()) {
      properties.setProperty("user", settings.username());
    }
    if (!settings.password().isEmpty()) {
      properties.setProperty("password", settings.password());
    }
    return new SimpleDriverDataSource(driver, settings.url(), properties);
  }

  private Connection takeLock() throws SQLException {
    Connection connection = source.getConnection();
    try {
      int process = prepareWriter(connection);
      endEarlier(connection);
      lock(connection);
      connection.setAutoCommit(false);
      writer = connection;
      writerProcess = process;
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static int prepareWriter(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(PREPARE_WRITER)) {
      row.next();
      return row.getInt(1);
    }
  }

  /** The server may not know yet that the connection before is closed. */
  private void endEarlier(Connection connection) throws SQLException {
    if (writerProcess == 0) {
      return;
    }
    try (PreparedStatement end = connection.prepareStatement(END_EARLIER)) {
      end.setLong(1, LOCK_CLASS);
      end.setInt(2, writerProcess);
      end.execute();
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setInt(1, LOCK_CLASS);
      if (!lock.executeQuery().next()) {
        throw new SQLException("The schema is gone.");
      }
    }
  }

  // ---- Checking and migrating

  private void prepare() throws SQLException {
    try (Connection connection = source.getConnection()) {
      check(connection);
    }
    first = takeLock();
    Schema.migrate(
        migrations, settings.name(), "set asyncops.store.url to another database or schema");
    LOG.log(Level.INFO, "The registry is in {0}.", settings);
  }

  private void check(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_schema(), current_setting('server_encoding'),"
                    + " current_setting('fsync')")) {
      row.next();
      if (row.getString(1) == null) {
        throw new StoreUnusableException(
            "The registry '%s' has no schema to be in.".formatted(settings.name()),
            "Create the schema that currentSchema in asyncops.store.url names.",
            null);
      }
      if (!"UTF8".equals(row.getString(2))) {
        throw new StoreUnusableException(
            "The registry '%s' cannot be in a database with the encoding %s."
                .formatted(settings.name(), row.getString(2)),
            "Create a database with the encoding UTF8.",
            null);
      }
      if (!"on".equals(row.getString(3))) {
        LOG.log(
            Level.WARNING,
            "The database does not wait for its disk (fsync is off): what is acknowledged is lost if"
                + " its machine fails.");
      }
    }
  }

  // ---- What went wrong

  private StoreUnusableException unusable(Exception e) {
    SQLException cause = databaseCause(e);
    if (cause != null && stateOf(cause).equals(LOCKED)) {
      return new StoreUnusableException(
          "The registry '%s' is in use by another process (%s)."
              .formatted(settings.name(), holder()),
          "Stop that process, or set asyncops.store.url to another database or schema.",
          e);
    }
    String reason = cause == null ? "of an error of the database" : reasonOf(cause);
    return new StoreUnusableException(
        "The registry '%s' cannot be used because %s: %s"
            .formatted(settings.name(), reason, (cause == null ? e : cause).getMessage()),
        "Look at the database, and at asyncops.store.url, .username and .password.",
        e);
  }

  private String holder() {
    try (Connection connection = source.getConnection();
        PreparedStatement query = connection.prepareStatement(HOLDER)) {
      query.setLong(1, LOCK_CLASS);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? "connected from %s, server process %d".formatted(row.getString(1), row.getInt(2))
            : "gone by now";
      }
    } catch (SQLException e) {
      return "unknown";
    }
  }

  private static @Nullable SQLException databaseCause(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }

  private static boolean isGone(String state) {
    return state.startsWith("08") || GONE.contains(state);
  }

  private static String stateOf(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }
}
