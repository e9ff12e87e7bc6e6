package dev.asyncops.registry;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Ticker;
import java.time.Duration;
import java.time.InstantSource;
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
 * and {@link #isAccepting} read published immutable values and wait for nobody (A7); {@link #load}
 * and {@link #list} wait for the store.
 */
public final class OperationRegistry {

  /**
   * How much is taken on, and how long it is remembered. All positive.
   *
   * @param running operations at once; beyond it, up to an eighth of it for each {@linkplain
   *     Operation#place place} that has fewer
   * @param queued operations waiting
   * @param memory bytes that all operations may take that are not over; the last one may go beyond
   * @param maxAge how long a finished operation is kept
   * @param maxCount how many finished operations are kept
   */
  public record Limits(int running, int queued, long memory, Duration maxAge, int maxCount) {

    /** Checks them. */
    public Limits {
      check("running", running > 0);
      check("queued", queued > 0);
      check("memory", memory > 0);
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
  private final OperationStore store;
  private final Saves saves;
  private final Publications publications;
  private final Retention retention;
  private final Listing listing;
  private final LiveOperation.Surroundings surroundings;

  private final LiveOperations live;
  private final Drain drain;
  private final Starts starts;
  private final KeyedStarts keyedStarts;
  private final Changes changes;

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
    this.store = Objects.requireNonNull(store, "store");
    saves = new Saves(context, store);
    publications = new Publications(kinds, listeners);
    FinishedChanges finishedChanges = new FinishedChanges(saves, publications);
    retention =
        new Retention(context, clock, limits.maxCount(), store, publications, finishedChanges);
    listing = new Listing(store, saves, publications);
    live = new LiveOperations(limits);
    drain = new Drain(context, live);
    surroundings =
        new LiveOperation.Surroundings(
            context, clock, ticker, saves, publications, limits.maxAge());
    starts =
        new Starts(
            context,
            live,
            publications,
            drain,
            submission -> made(ids.next(), submission, null),
            this::onLiveChanged);
    keyedStarts = new KeyedStarts(starts, live, saves, publications);
    changes = new Changes(live, saves, publications, finishedChanges, this::onLiveChanged);
  }

  private LiveOperation made(
      OperationId id, Submission submission, @Nullable OperationSnapshot stored) {
    return new LiveOperation(id, submission, stored, surroundings, new End());
  }

  // ---- Starting

  /**
   * Admits an operation, or has it join a live one. The answer comes once, on the main context,
   * never inside this call; an operation is admitted only when the store has saved it.
   *
   * <p>Refused, and nothing created: DRAINING while the service shuts down; PENDING if a live
   * operation has what this one claims, or has its join key and other options; QUEUE_FULL if as
   * many wait as may wait and no place is free, or all take as much memory as they may;
   * STORE_UNAVAILABLE if it cannot be saved; IDEMPOTENCY_KEY_REUSED if its key leads to an
   * operation of which something else was asked.
   *
   * <p>With a key that leads to an operation, the answer is that operation as it stands, whatever
   * the limits and also while the service shuts down.
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
    if (submission.keyed() == null) {
      starts.submit(submission, answer);
    } else {
      keyedStarts.submit(submission, submission.keyed(), answer);
    }
  }

  private void onLiveChanged() {
    accepting = !drain.hasBegun() && !live.isFull() && !live.isMemoryFull();
    startNext();
    drain.goOn();
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

  // ---- Going on after a restart

  /**
   * Begins with what is remembered from before: counts it, and forgets what is due. To be called
   * once, before anything else. Main context only.
   *
   * @param finished how many finished operations the store remembers
   */
  public void begin(List<OperationStore.Finished> finished) {
    context.checkOwner();
    publications.begin(finished);
    retention.begin();
  }

  /**
   * Goes on with operations that were not over when the service ended: under the same id, with one
   * attempt more, whatever the limits. What is resumed waits for a place and counts anew, unless it
   * can go on where its mark was made; what is only brought to its end starts at once and keeps its
   * counts. Main context only.
   */
  public void recover(List<Recovered> operations) {
    context.checkOwner();
    operations.forEach(this::recover);
    onLiveChanged();
  }

  private void recover(Recovered recovered) {
    publications.recovered(recovered.how());
    OperationSnapshot stored = recovered.stored();
    if (recovered.how() == Recovery.RESUMED) {
      resume(made(stored.id(), recovered.submission(), stored), stored);
    } else {
      conclude(stored, recovered.submission());
    }
  }

  private void resume(LiveOperation operation, OperationSnapshot stored) {
    OperationException failure = starts.prepare(operation);
    if (failure != null) {
      conclude(stored, Submission.toEnd(stored, failure));
    } else {
      live.enter(operation);
      operation.resume(stored);
      live.await(operation);
    }
  }

  private void conclude(OperationSnapshot stored, Submission last) {
    LiveOperation operation = made(stored.id(), last, stored);
    live.enter(operation);
    live.takeExtraPlace(operation);
    operation.conclude(stored);
  }

  // ---- Changing

  /**
   * Changes the settings of an operation: of one that is over, or about to be, the labels only,
   * else CLOSED. Paused, it leaves the queue at once; one that runs begins nothing more and is
   * paused when what is under way has ended, unless that is not possible: NOT_SUPPORTED. Then it
   * has no place, and its time does not go. Told to go on, it queues again, and goes on where it
   * was, with its counts. The answer comes once, when the change is saved or could not be. Main
   * context only.
   */
  public void change(OperationId id, OperationChange change, Consumer<Change> answer) {
    context.checkOwner();
    changes.change(id, change, answer);
  }

  /**
   * The same of an operation that was read because it is not {@linkplain Change.NotLive live}. Main
   * context only.
   */
  public void changeFinished(
      OperationSnapshot known, OperationChange change, Consumer<Change> answer) {
    context.checkOwner();
    changes.changeFinished(known, change, answer);
  }

  // ---- Cancelling and the end

  /**
   * Asks an operation to stop: queued or paused, it is CANCELLED at once, unless an attempt before
   * may have left something; that it removes first, like one that runs and becomes CANCELLING;
   * over, nothing happens (K4). The answer comes when that is saved or could not be; the operation
   * stops in any case. Main context only.
   */
  public void cancel(OperationId id, Consumer<Cancellation> answer) {
    context.checkOwner();
    LiveOperation operation = live.find(id);
    if (operation == null || !operation.isShown()) {
      answer.accept(
          find(id).<Cancellation>map(Cancellation.Asked::new).orElseGet(Cancellation.NotLive::new));
      return;
    }
    if (operation.isWithoutPlace()) {
      live.dequeue(operation);
      if (operation.hasBegun()) {
        live.takeExtraPlace(operation);
      }
    }
    operation.cancel(failure -> {
      Cancellation outcome =
          failure == null
              ? new Cancellation.Asked(operation.newest())
              : new Cancellation.Unsaved(failure);
      publications.tell(() -> answer.accept(outcome));
    });
  }

  /** What follows when an operation lives no longer (K2, P6, S5). */
  private final class End implements LiveOperation.End {

    @Override
    public void over(LiveOperation operation, OperationSnapshot terminal) {
      live.leave(operation);
      accepting = !drain.hasBegun() && !live.isFull() && !live.isMemoryFull();
      publications.publish(terminal);
      operation.announceEnd();
      retention.added(terminal);
      onLiveChanged();
    }

    @Override
    public void suspended(LiveOperation operation) {
      live.leave(operation);
      operation.announceEnd();
      onLiveChanged();
    }

    @Override
    public void paused(LiveOperation operation) {
      live.rest(operation);
      onLiveChanged();
    }
  }

  // ---- Reading

  /**
   * The operation as it stands, if it is live or ended not long ago. Any thread; waits for nobody
   * (A7).
   */
  public Optional<OperationSnapshot> find(OperationId id) {
    return publications.find(id);
  }

  /**
   * The operation as it stands, however long ago it ended; empty if it is unknown. Any thread but
   * the main context and event loops.
   *
   * @throws OperationException STORE_UNAVAILABLE
   */
  public Optional<OperationSnapshot> load(OperationId id) throws OperationException {
    Optional<OperationSnapshot> published = publications.find(id);
    return published.isPresent() ? published : store.find(id);
  }

  /**
   * The operations of a query, newest first. Any thread but the main context and event loops.
   *
   * @throws OperationException STORE_UNAVAILABLE
   */
  public List<OperationSnapshot> list(OperationQuery query) throws OperationException {
    return listing.list(query);
  }

  /**
   * Stored outcomes of an operation's items, in the order in which they ended but for those of one
   * second; see {@link OperationStore#items}. What a report lists is there a second after the item
   * ended, and all of it when the operation is over. Any thread but the main context and event
   * loops.
   *
   * @throws OperationException STORE_UNAVAILABLE
   */
  public List<ItemBlock> items(OperationId id, Set<ItemState> states, long from, int limit)
      throws OperationException {
    return store.items(id, states, from, limit);
  }

  /**
   * What an operation was given, as long as that is kept; see {@link OperationStore#inputs}. Any
   * thread but the main context and event loops.
   *
   * @throws OperationException STORE_UNAVAILABLE
   */
  public OperationStore.Inputs inputs(OperationId id) throws OperationException {
    return store.inputs(id);
  }

  /** The counts of the service. Any thread; waits for nobody. */
  public OperationSummary summary() {
    return summary(Reach.ALL);
  }

  /** The same of the operations that exist for who reaches this. */
  public OperationSummary summary(Reach reach) {
    return publications.summary(reach);
  }

  /**
   * Has the listener told once, on the main context, when the operation is over, or when it is
   * suspended because the service ends; at once, inside this call, if it is over already. Main
   * context only; the registration may be closed from any thread.
   *
   * @return empty if the operation is not live and did not end just now: nothing will be told
   */
  public Optional<Registration> whenTerminal(OperationId id, Consumer<OperationSnapshot> listener) {
    context.checkOwner();
    LiveOperation operation = live.find(id);
    if (operation != null) {
      return Optional.of(operation.whenTerminal(listener));
    }
    Optional<OperationSnapshot> finished = find(id);
    finished.ifPresent(listener);
    return finished.map(_ -> Registration.inert());
  }

  /** Whether starts are accepted: not draining and the queue not full. Any thread. */
  public boolean isAccepting() {
    return accepting;
  }

  /** Why nothing can be saved; null if it can. Heals by itself. Any thread. */
  public @Nullable OperationException storeFailure() {
    return saves.failure();
  }

  // ---- Shutting down

  /**
   * Refuses every start from now on; what waits goes on waiting until the next start of the
   * service, and what still runs after the grace period is stopped and goes on then too. The
   * callback runs once, on the main context, never inside this call, when nothing runs any more
   * (L10). Main context only.
   *
   * @throws IllegalStateException if called before
   */
  public void drain(Duration grace, Runnable drained) {
    context.checkOwner();
    drain.begin(grace, drained);
    onLiveChanged();
  }
}
