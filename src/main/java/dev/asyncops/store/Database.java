package dev.asyncops.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What differs between databases: how to connect, and what their errors mean.
 *
 * <p><b>Threads</b>: any; may block.
 */
interface Database extends AutoCloseable {

  /** The connection of the writer: its commits are durable, and it does not commit by itself. */
  Connection openWriter() throws SQLException;

  /** A connection that only reads. */
  Connection openReader() throws SQLException;

  /** Why something failed, to go on with after "because". */
  String reasonOf(SQLException failure);

  /** Gives the database back, when all connections are closed. */
  @Override
  void close();
}
