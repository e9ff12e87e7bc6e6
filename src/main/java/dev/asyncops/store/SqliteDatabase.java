package dev.asyncops.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The database file in a state directory: opened, checked if it was not closed the last time, and
 * brought to this version's schema. A damaged file, or one of a newer version, is left as it is.
 *
 * <p>Its journal is a write-ahead log that is forced to disk with every commit, so what is
 * committed survives a loss of power, and readers do not wait for the writer.
 */
final class SqliteDatabase implements Database {

  private static final Logger LOG = System.getLogger(SqliteDatabase.class.getName());

  /** Nobody else writes; this is for the moments in which SQLite itself takes the file. */
  private static final int BUSY_MILLIS = 10_000;

  private final StateDirectory directory;
  private final Path file;
  private final Path log;

  private SqliteDatabase(StateDirectory directory) {
    this.directory = directory;
    file = directory.database();
    log = file.resolveSibling(file.getFileName() + "-wal");
  }

  /**
   * Takes the directory and opens the database in it, which is made if it is absent.
   *
   * @throws StoreUnusableException if it cannot be used
   */
  static SqliteDatabase open(Path stateDirectory) {
    StateDirectory directory = StateDirectory.take(stateDirectory);
    SqliteDatabase database = new SqliteDatabase(directory);
    try {
      database.prepare();
      return database;
    } catch (SQLException | IOException | FlywayException e) {
      throw database.refuse(e);
    } catch (StoreUnusableException e) {
      database.giveBack();
      throw e;
    }
  }

  @Override
  public Connection openWriter() throws SQLException {
    SQLiteConfig config = config();
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    Connection connection = open(config);
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public Connection openReader() throws SQLException {
    Connection connection = open(config());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = true");
    }
    return connection;
  }

  @Override
  public String reasonOf(SQLException failure) {
    if (!(failure instanceof SQLiteException sqlite)) {
      return "of an error of the database";
    }
    return switch (primary(sqlite)) {
      case SQLITE_FULL -> "the disk is full";
      case SQLITE_IOERR -> "the disk reports an error";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> "its files cannot be written";
      case SQLITE_CORRUPT, SQLITE_NOTADB -> "the database is damaged";
      default -> "of an error of the database";
    };
  }

  /** The file does not go away, and a broken connection says nothing about the next one. */
  @Override
  public boolean isLost(SQLException failure) {
    return false;
  }

  @Override
  public StoreUnusableException refuse(Exception failure) {
    giveBack();
    return unusable(failure);
  }

  @Override
  public void close() {
    try {
      directory.settle();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The next start will check the registry.", e);
    }
    giveBack();
  }

  private void giveBack() {
    try {
      directory.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The state directory was not given back.", e);
    }
  }

  private SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    return config;
  }

  private Connection open(SQLiteConfig config) throws SQLException {
    return source(config).getConnection();
  }

  private SQLiteDataSource source(SQLiteConfig config) {
    return source(config, file);
  }

  private static SQLiteDataSource source(SQLiteConfig config, Path file) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  // ---- Checking and migrating

  private void prepare() throws SQLException, IOException {
    if (WriteAheadLog.isDamaged(log)) {
      throw damaged(new SQLException("its log is wrong before its end"));
    }
    if (!Files.exists(file)) {
      make();
    } else if (Files.size(file) == 0) {
      throw damaged(new SQLException("the file is empty"));
    } else if (directory.wasAbandoned()) {
      LOG.log(Level.INFO, "The registry was not closed the last time; checking it.");
      check();
    }
    migrate();
  }

  /**
   * Makes the file beside its place and moves it there: so one that is empty was not left by a
   * first start that was killed, and something is lost.
   */
  private void make() throws SQLException, IOException {
    if (Files.exists(log) && Files.size(log) > 0) {
      throw damaged(new SQLException("its log is there, and the file itself is missing"));
    }
    Path made = directory.newDatabase();
    Files.deleteIfExists(made);
    source(config(), made).getConnection().close();
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void check() throws SQLException {
    try (Connection connection = open(config());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
      String verdict = result.next() ? result.getString(1) : "nothing";
      if (!"ok".equals(verdict)) {
        throw damaged(new SQLException(verdict));
      }
    }
  }

  private void migrate() {
    Schema.migrate(
        source(config()), file.toString(), "set asyncops.state-dir to another directory");
  }

  private StoreUnusableException unusable(Exception e) {
    SQLiteException cause = sqliteCause(e);
    if (cause != null) {
      switch (primary(cause)) {
        case SQLITE_CORRUPT, SQLITE_NOTADB -> {
          return damaged(e);
        }
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR, SQLITE_FULL -> {
          return new StoreUnusableException(
              "The registry '%s' cannot be written: %s.".formatted(file, reasonOf(cause)),
              "Make the file and its directory writable for the user of the service, with room for"
                  + " them to grow.",
              e);
        }
        default -> {
          // the general answer
        }
      }
    }
    return new StoreUnusableException(
        "The registry '%s' cannot be opened: %s".formatted(file, e.getMessage()),
        "Look at the cause, or set asyncops.state-dir to another directory.",
        e);
  }

  private StoreUnusableException damaged(Exception e) {
    return new StoreUnusableException(
        "The registry '%s' is damaged: %s".formatted(file, e.getMessage()),
        "It was left as it is. Restore it from a backup, or move it and the files beside it away to"
            + " begin with an empty registry.",
        e);
  }

  private static @Nullable SQLiteException sqliteCause(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return sqlite;
      }
    }
    return null;
  }

  /** The code without what SQLite adds to it in its upper bytes. */
  private static SQLiteErrorCode primary(SQLiteException e) {
    return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xFF);
  }
}
