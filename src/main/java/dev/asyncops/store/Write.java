package dev.asyncops.store;

import dev.asyncops.async.OperationException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Something that waits to be written, or to be looked for in the order of what is written. */
interface Write {

  /** Writes it, on the writer's thread, in a transaction that it shares with others. */
  void write(Statements statements) throws SQLException;

  /**
   * The transaction is over. On the main context.
   *
   * @param failure null if it is committed
   */
  void ended(@Nullable OperationException failure);
}
