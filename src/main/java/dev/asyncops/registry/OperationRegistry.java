package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Admits, schedules, remembers, cancels and forgets operations by id.
 *
 * <ul>
 *   <li>Nothing is created for a submission that is refused.
 *   <li>An admission is answered, and the operation started, when the store has saved it.
 *   <li>Operations start by priority, then in the order of admission, as places get free.
 *   <li>The end of an operation is shown and announced when it is saved (A8). By then its place and
 *       its claims are free: whoever hears of it may submit the next (K2, P6, S5).
 *   <li>Finished operations are kept for a time and up to a number, live ones always (L9).
 * </ul>
 *
 * <p><b>Threads</b>: all state lives on the main context, asserted; {@link #find}, {@link #summary}
 * and {@link #isAccepting} read published immutable values and wait for nobody (A7).
 */
public final class OperationRegistry {

  private static final Logger LOG = System.getLogger(OperationRegistry.class.getName());

  /**
   * How much is taken on, and how long it is remembered. All positive.
   *
   * @param running operations at once; beyond it, up to an eighth of it for each {@linkplain
   *     Operation#place place} that has fewer
   * @param queued operations waiting
   * @param maxAge how long a finished operation is kept
   * @param maxCount how many finished operations are kept
   */
  public record Limits(int running, int queued, Duration maxAge, int maxCount) {

    /** Checks them. */
    public Limits {
      check("running", running > 0);
      check("queued", queued > 0);
      check("maxAge", maxAge.isPositive());
      check("maxCount", maxCount > 0);
    }

    /** How many may run at each place when all common room is taken; none of less than eight. */
    int reserved() {
      return running / 8;
    }

    private static void check(String name, boolean positive) {
      if (!positive) {
        throw new IllegalArgumentException("The limit '%s' must be positive.".formatted(name));
      }
    }
  }

  private final MainContext context;
  private final Set<String> kinds;
  private final OperationIds ids;
  private final OperationStore store;
  private final Publications publications;
  private final Retention retention;
  private final LiveOperation.Surroundings surroundings;

  private final LiveOperations live;
  private final Drain drain;

  /** Written on the main context with every change of what is live. */
  private volatile boolean accepting = true;

  /**
   * An empty registry.
   *
   * @param kinds the kinds of operations that will be submitted; each is counted from the start
   * @param clock gives the times that are shown
   * @param ticker measures rates and what may be saved how often
   * @param listeners told in this order
   */
  public OperationRegistry(
      MainContext context,
      Limits limits,
      Collection<String> kinds,
      InstantSource clock,
      Ticker ticker,
      OperationIds ids,
      OperationStore store,
      List<OperationListener> listeners) {
    this.context = Objects.requireNonNull(context, "context");
    this.kinds = Set.copyOf(kinds);
    this.ids = Objects.requireNonNull(ids, "ids");
    this.store = Objects.requireNonNull(store, "store");
    publications = new Publications(kinds, listeners);
    retention = new Retention(context, clock, limits.maxCount(), this::forget);
    live = new LiveOperations(limits);
    drain = new Drain(context, live.all());
    surroundings =
        new LiveOperation.Surroundings(
            context, clock, ticker, store, publications, limits.maxAge());
  }

  // ---- Starting

  /**
   * Admits an operation, or has it join a live one. The answer comes once, on the main context,
   * never inside this call; an operation is admitted only when the store has saved it.
   *
   * <p>Refused, and nothing created: DRAINING while the service shuts down; PENDING if a live
   * operation has what this one claims, or has its join key and other options; QUEUE_FULL if as
   * many wait as may wait and no place is free.
   *
   * <p><b>Threads</b>: main context only.
   *
   * @throws IllegalArgumentException if the kind is not one of the registry's
   */
  public void submit(Submission submission, Consumer<Admission> answer) {
    context.checkOwner();
    if (!kinds.contains(submission.kind())) {
      throw new IllegalArgumentException("Unknown kind: " + submission.kind());
    }
    try {
      if (drain.hasBegun()) {
        refuse(submission, answer, ErrorCode.DRAINING, "The service is shutting down.", null);
      } else if (!join(submission, answer)) {
        admit(submission, answer);
      }
    } catch (RuntimeException e) { // the operation's own code; the submitter gets its answer
      LOG.log(Level.ERROR, "A %s could not be prepared.".formatted(submission.kind()), e);
      refuse(submission, answer, ErrorCode.FAILED, "The operation could not be prepared.", null);
    }
  }

  /** Whether the submission is dealt with: joined, or refused because its options differ. */
  private boolean join(Submission submission, Consumer<Admission> answer) {
    LiveOperation batch = live.batchOf(submission);
    if (batch == null) {
      return false;
    }
    Operation.Join join = batch.join(submission, () -> accept(batch, true, answer));
    if (join == Operation.Join.DIFFERS) {
      refusePending(submission, answer, batch, "Operation %s runs with other options.");
    }
    return join != Operation.Join.OVER;
  }

  private void admit(Submission submission, Consumer<Admission> answer) {
    LiveOperation competitor = live.competitorOf(submission);
    if (competitor != null) {
      refusePending(submission, answer, competitor, "Operation %s is at work there.");
    } else if (live.isFull()) {
      refuse(
          submission, answer, ErrorCode.QUEUE_FULL, "As many operations wait as may wait.", null);
    } else {
      LiveOperation operation =
          new LiveOperation(ids.next(), submission, surroundings, this::onOver);
      operation.prepare();
      live.enter(operation);
      updateAccepting();
      operation.admit(() -> onAdmitted(operation, answer));
    }
  }

  private void onAdmitted(LiveOperation operation, Consumer<Admission> answer) {
    if (operation.isQueued()) {
      live.enqueue(operation);
    }
    accept(operation, false, answer);
    startNext();
  }

  private void accept(LiveOperation operation, boolean joined, Consumer<Admission> answer) {
    publications.tell(() -> answer.accept(new Admission.Accepted(operation.newest(), joined)));
  }

  private void startNext() {
    while (!drain.hasBegun()) {
      LiveOperation next = live.takePlace();
      if (next == null) {
        return;
      }
      next.start();
    }
  }

  private void refusePending(
      Submission submission, Consumer<Admission> answer, LiveOperation other, String detail) {
    refuse(submission, answer, ErrorCode.PENDING, detail.formatted(other.id()), other.id());
  }

  private void refuse(
      Submission submission,
      Consumer<Admission> answer,
      ErrorCode code,
      String detail,
      @Nullable OperationId other) {
    publications.refused(submission.kind(), code);
    OperationException error = new OperationException(code, detail);
    context.post(
        Priority.DEFAULT,
        "refuse " + submission.kind(),
        () -> answer.accept(new Admission.Refused(error, other)));
  }

  // ---- Cancelling and the end

  /**
   * Asks an operation to stop: queued, it is CANCELLED at once; running, it becomes CANCELLING;
   * over, nothing happens (K4). Main context only.
   *
   * @return the operation as it stands then; empty if it is unknown
   */
  public Optional<OperationSnapshot> cancel(OperationId id) {
    context.checkOwner();
    LiveOperation operation = live.find(id);
    if (operation != null) {
      operation.cancel();
    }
    return find(id);
  }

  /** Frees what the operation had, then announces its end, then goes on (K2, P6, S5). */
  private void onOver(LiveOperation operation, OperationSnapshot terminal) {
    live.leave(operation);
    updateAccepting();
    publications.publish(terminal);
    operation.announceEnd();
    retention.add(terminal);
    startNext();
    drain.goOn();
  }

  private void forget(List<OperationId> operations) {
    store.remove(operations);
    publications.forget(operations);
  }

  // ---- Reading

  /** The operation as it stands. Any thread; waits for nobody (A7). */
  public Optional<OperationSnapshot> find(OperationId id) {
    return publications.find(id);
  }

  /**
   * The operations of a query, newest first. Any thread but the main context and event loops.
   *
   * <p>The store says which; how they stand is what was published last.
   */
  public List<OperationSnapshot> list(OperationQuery query) {
    List<OperationSnapshot> found = new ArrayList<>();
    OperationQuery rest = query;
    while (true) {
      List<OperationSnapshot> page = store.list(rest);
      page.stream()
          .map(stored -> find(stored.id()).orElse(stored))
          .filter(operation -> query.wants(operation.state()))
          .forEach(found::add);
      if (page.size() < rest.limit() || found.size() == query.limit()) {
        return found;
      }
      rest = query.below(page.getLast().id(), query.limit() - found.size());
    }
  }

  /** The counts of the service. Any thread; waits for nobody. */
  public OperationSummary summary() {
    return publications.summary();
  }

  /**
   * Has the listener told once, on the main context, when the operation is over; at once, inside
   * this call, if it already is. Of an unknown operation nothing is told. Main context only; the
   * registration may be closed from any thread.
   */
  public Registration whenTerminal(OperationId id, Consumer<OperationSnapshot> listener) {
    context.checkOwner();
    LiveOperation operation = live.find(id);
    if (operation != null) {
      return operation.whenTerminal(listener);
    }
    find(id).ifPresent(listener);
    return Registration.inert();
  }

  /** Whether starts are accepted: not draining and the queue not full. Any thread. */
  public boolean isAccepting() {
    return accepting;
  }

  // ---- Shutting down

  /**
   * Refuses every start from now on and cancels what waits, since it does not start any more; what
   * still runs after the grace period is cancelled too. The callback runs once, on the main
   * context, never inside this call, when nothing is live any more (L10). Main context only.
   *
   * @throws IllegalStateException if called before
   */
  public void drain(Duration grace, Runnable drained) {
    context.checkOwner();
    drain.begin(grace, drained);
    updateAccepting();
  }

  private void updateAccepting() {
    accepting = !drain.hasBegun() && !live.isFull();
  }
}
