package dev.asyncops.registry;

import dev.asyncops.async.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Admits, schedules, remembers, cancels and forgets operations by id. */
public final class OperationRegistry {

  /**
   * How much is taken on, and how long it is remembered.
   *
   * @param running operations at once
   * @param queued operations waiting
   * @param maxAge how long a finished operation is kept
   * @param maxCount how many finished operations are kept
   */
  public record Limits(int running, int queued, Duration maxAge, int maxCount) {}

  /** Admits an operation; the answer comes on the main context. Main context only. */
  public void submit(Submission submission, Consumer<Admission> answer) {
    throw new UnsupportedOperationException();
  }

  /**
   * Asks an operation to stop: queued, it is CANCELLED at once; running, it becomes CANCELLING;
   * over, nothing happens (K4). Main context only.
   *
   * @return the operation as it stands then; empty if it is unknown
   */
  public Optional<OperationSnapshot> cancel(OperationId id) {
    throw new UnsupportedOperationException();
  }

  /** The operation as it stands. Any thread; waits for nobody (A7). */
  public Optional<OperationSnapshot> find(OperationId id) {
    throw new UnsupportedOperationException();
  }

  /** The operations of a query, newest first. Any thread but the main context and event loops. */
  public List<OperationSnapshot> list(OperationQuery query) {
    throw new UnsupportedOperationException();
  }

  /** The counts of the service. Any thread; waits for nobody. */
  public OperationSummary summary() {
    throw new UnsupportedOperationException();
  }

  /**
   * Has the listener told once, on the main context, when the operation is over; at once, inside
   * this call, if it already is. Main context only.
   */
  public Registration whenTerminal(OperationId id, Consumer<OperationSnapshot> listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * Refuses every start from now on; after the grace period cancels what is live; the callback runs
   * once, on the main context, when nothing is live any more (L10). Main context only.
   */
  public void drain(Duration grace, Runnable drained) {
    throw new UnsupportedOperationException();
  }

  /** Whether starts are accepted: not draining and the queue not full. Any thread. */
  public boolean isAccepting() {
    throw new UnsupportedOperationException();
  }
}
