package dev.asyncops.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What differs between databases: how to connect, and what their errors mean.
 *
 * <p><b>Threads</b>: any; may block. The writer's connections are opened one after the other.
 */
interface Database extends AutoCloseable {

  /**
   * The connection of the writer: its commits are durable, and it does not commit by itself. While
   * it is open no other process writes, and nothing of an earlier one is still to be committed.
   */
  Connection openWriter() throws SQLException;

  /** A connection that only reads. */
  Connection openReader() throws SQLException;

  /** Why something failed, to go on with after "because". */
  String reasonOf(SQLException failure);

  /** Whether the connection is gone, so that the same may succeed at once on another one. */
  boolean isLost(SQLException failure);

  /** Gives the database back, as it is, and says what is wrong with it. */
  StoreUnusableException refuse(Exception failure);

  /** Gives the database back, when all connections are closed. */
  @Override
  void close();
}
