package dev.asyncops.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server: one for all tests of a JVM, started by the first that asks, ended with it.
 * Who stops it starts it again.
 */
public final class PostgresServer {

  private static @Nullable PostgresServer shared;

  private final Path directory;
  private EmbeddedPostgres running;
  private int databases;

  private PostgresServer() throws IOException {
    directory = Files.createTempDirectory("asyncops-postgres");
    running = launch(0);
    Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
  }

  /** The server, which runs. */
  public static synchronized PostgresServer shared() {
    PostgresServer server = shared;
    if (server == null) {
      try {
        server = new PostgresServer();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      shared = server;
    }
    return server;
  }

  /** An empty database. */
  public PostgresSettings newDatabase() {
    return newDatabase("");
  }

  /** An empty database, made with these options. */
  PostgresSettings newDatabase(String options) {
    String name = "d" + ++databases;
    execute(at("postgres"), "CREATE DATABASE %s %s".formatted(name, options));
    return at(name);
  }

  private PostgresSettings at(String database) {
    return new PostgresSettings(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database), "postgres", "");
  }

  int port() {
    return running.getPort();
  }

  /** Ends all its connections, and listens no more. */
  public void stop() {
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again, on the port and with the data that it had. */
  public void start() {
    try {
      running = launch(port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a user log in with a password; all others need none. */
  void askForPasswordOf(String user) throws IOException {
    Path rules = directory.resolve("data/pg_hba.conf");
    Files.writeString(
        rules,
        "host all %s 127.0.0.1/32 scram-sha-256\n".formatted(user) + Files.readString(rules));
    execute(at("postgres"), "SELECT pg_reload_conf()");
  }

  static Connection connect(PostgresSettings database) throws SQLException {
    return DriverManager.getConnection(database.url(), database.username(), database.password());
  }

  /** Says something to a database, on a connection of its own. */
  public static void execute(PostgresSettings database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The one value that a query finds. */
  static String value(PostgresSettings database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private EmbeddedPostgres launch(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(new File("target/postgres"))
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setServerConfig("unix_socket_directories", "")
        .setPort(port == 0 ? freePort() : port)
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void remove() {
    stop();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
