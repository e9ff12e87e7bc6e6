package dev.asyncops.store;

import dev.asyncops.async.OperationException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Something that waits to be written, or to be looked for in the order of what is written. */
interface Write {

  /** Where it stands in its transaction. */
  enum Turn {
    /** With all that is new, as it came. */
    FIRST,
    /** Behind that: what has become of operations, each of which waits once. */
    LAST,
    /** It reads what others wrote: in its transaction nothing changes places. */
    AS_IT_CAME
  }

  /** Where it stands. */
  default Turn turn() {
    return Turn.FIRST;
  }

  /**
   * Writes it, on the writer's thread, in a transaction that it shares with others. Comes again if
   * the connection was lost before the commit.
   */
  void write(Statements statements) throws SQLException;

  /**
   * Takes it out again, if it is there: it was told to have failed, because the connection was lost
   * in the commit. What is written again anyway can stay.
   */
  default void takeBack(Statements statements) throws SQLException {}

  /**
   * The transaction is over. On the main context.
   *
   * @param failure null if it is committed
   */
  void ended(@Nullable OperationException failure);
}
