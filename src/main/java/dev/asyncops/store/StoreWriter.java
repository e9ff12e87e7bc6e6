package dev.asyncops.store;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.store.Write.Turn;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes: all that waits goes into one transaction, and one entry on the main
 * context tells all who waited how it ended.
 *
 * <p>After a failure nothing of the transaction is there, and the connection is opened anew. If it
 * was lost before the commit, the transaction is tried once more. If it failed in the commit,
 * nobody knows: those who wait are told that it failed, and before anything else is written, what
 * may be there is taken back.
 */
final class StoreWriter implements AutoCloseable {

  private static final Logger LOG = System.getLogger(StoreWriter.class.getName());

  private final MainContext context;
  private final Database database;
  private final WriteQueue queue;
  private final LongConsumer commitNanos;
  private final Removals removals;
  private final Thread thread;

  /** The writer's thread only. */
  private @Nullable Statements statements;

  /** What was on its way when a commit failed. The writer's thread only. */
  private List<Write> undecided = List.of();

  /**
   * Starts the thread, with a connection that is its own from now on.
   *
   * @param commitNanos hears how long each transaction took, on the writer's thread
   * @param removals is told when there is something to be removed
   */
  StoreWriter(
      MainContext context,
      Database database,
      Statements statements,
      WriteQueue queue,
      LongConsumer commitNanos,
      Removals removals) {
    this.context = context;
    this.database = database;
    this.statements = statements;
    this.queue = queue;
    this.commitNanos = commitNanos;
    this.removals = removals;
    thread = Thread.ofPlatform().name("store-writer").daemon(true).start(this::run);
  }

  /** Writes what waits, closes the connection, and waits for all that. */
  @Override
  public void close() {
    queue.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (List<Write> batch = queue.takeAll(); !batch.isEmpty(); batch = queue.takeAll()) {
      @Nullable OperationException failure = write(batch);
      tell(batch, failure);
    }
    takeBackAtTheEnd();
    disconnect();
  }

  /** The next process would go on with what this one refused. */
  private void takeBackAtTheEnd() {
    try {
      if (!undecided.isEmpty()) {
        connect();
      }
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "What was refused last may be in the registry.", e);
    }
  }

  private @Nullable OperationException write(List<Write> batch) {
    long begin = System.nanoTime();
    try {
      Statements connected = sent(batch);
      commit(connected, batch);
      commitNanos.accept(System.nanoTime() - begin);
      if (connected.manifests().takeAnyDisowned()) {
        removals.wake();
      }
      return null;
    } catch (SQLException e) {
      giveUp();
      return new OperationException(
          ErrorCode.STORE_UNAVAILABLE,
          "The registry cannot be written because %s.".formatted(database.reasonOf(e)),
          e);
    } catch (RuntimeException e) { // a bug; whoever waits must still be told
      giveUp();
      return new OperationException(
          ErrorCode.STORE_UNAVAILABLE, "The registry cannot be written because of a bug.", e);
    }
  }

  /** All of it is sent, and only the commit is missing. */
  private Statements sent(List<Write> batch) throws SQLException {
    boolean fresh = statements == null;
    try {
      return send(batch);
    } catch (SQLException e) {
      if (fresh || !database.isLost(e)) {
        throw e;
      }
      LOG.log(Level.INFO, "The connection to the registry was lost; opening another one.");
      giveUp();
      return send(batch);
    }
  }

  private Statements send(List<Write> batch) throws SQLException {
    Statements connected = connect();
    for (Write write : inTurn(batch)) {
      write.write(connected);
    }
    connected.finish();
    return connected;
  }

  /** What is alike stands together then, and goes to the database together. */
  private static List<Write> inTurn(List<Write> batch) {
    return batch.stream().anyMatch(write -> write.turn() == Turn.AS_IT_CAME)
        ? batch
        : batch.stream().sorted(Comparator.comparing(Write::turn)).toList();
  }

  private void commit(Statements connected, List<Write> batch) throws SQLException {
    try {
      connected.commit();
    } catch (SQLException e) {
      undecided = batch;
      throw e;
    }
  }

  private Statements connect() throws SQLException {
    Statements connected = statements;
    if (connected == null) {
      connected = new Statements(database.openWriter());
      statements = connected;
    }
    for (Write write : undecided) {
      write.takeBack(connected);
    }
    if (!undecided.isEmpty()) {
      connected.commit();
      undecided = List.of();
    }
    return connected;
  }

  private void giveUp() {
    try {
      if (statements != null) {
        statements.rollback();
      }
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "The rollback failed, too.", e);
    }
    disconnect();
  }

  private void disconnect() {
    try {
      if (statements != null) {
        statements.close();
      }
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "The connection to the registry was not closed.", e);
    }
    statements = null;
  }

  private void tell(List<Write> batch, @Nullable OperationException failure) {
    try {
      context.post(Priority.DEFAULT, "store", () -> tellAll(batch, failure));
    } catch (RejectedExecutionException e) {
      // The service is at its end: nobody waits any more, and what is written is written.
    }
  }

  private static void tellAll(List<Write> batch, @Nullable OperationException failure) {
    for (Write write : batch) {
      try {
        write.ended(failure);
      } catch (RuntimeException e) { // the others are told all the same
        LOG.log(Level.ERROR, "Somebody who waited for the registry failed.", e);
      }
    }
  }
}
