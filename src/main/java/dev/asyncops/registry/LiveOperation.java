package dev.asyncops.registry;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import dev.asyncops.async.Task;
import dev.asyncops.async.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One admitted operation, from its admission to its end: its task and cancellable, its counts, its
 * state, and the snapshots of all that.
 *
 * <ul>
 *   <li>A change of state is published and saved at once. Changes of the counts are published once
 *       for all that came together (K7, P11), and saved once a second at most.
 *   <li>The terminal snapshot is taken when the task is delivered; from then on nothing changes and
 *       nothing is published, until it is saved and the operation is over (A8). One that never
 *       started is over at once.
 * </ul>
 *
 * <p><b>Threads</b>: main context only.
 */
final class LiveOperation implements OperationProgress.Listener {

  private static final Logger LOG = System.getLogger(LiveOperation.class.getName());
  private static final long PROGRESS_SAVE_NANOS = 1_000_000_000;

  /**
   * What operations live in.
   *
   * @param maxAge how long a finished one is kept
   */
  record Surroundings(
      MainContext context,
      InstantSource clock,
      Ticker ticker,
      OperationStore store,
      Publications publications,
      Duration maxAge) {}

  /** Hears that an operation is over, before anybody else does, and announces it. */
  @FunctionalInterface
  interface End {

    void over(LiveOperation operation, OperationSnapshot terminal);
  }

  private final OperationId id;
  private final Submission submission;
  private final Surroundings around;
  private final End end;
  private final Cancellable cancellable = new Cancellable();
  private final OperationProgress progress;
  private final ItemFailures failures = new ItemFailures();
  private final SnapshotMaker snapshots;
  private final TerminalListeners terminalListeners;

  private OperationState state = OperationState.QUEUED;
  private Registration timeout = Registration.inert();
  private boolean timedOut;

  /** Set when the terminal snapshot was taken: nothing changes any more. */
  private boolean ending;

  private @Nullable OperationSnapshot newest;
  private boolean changed;
  private boolean publishPosted;
  private long savedAtNanos;

  LiveOperation(OperationId id, Submission submission, Surroundings around, End end) {
    this.id = id;
    this.submission = submission;
    this.around = around;
    this.end = end;
    progress = new OperationProgress(around.context(), this);
    snapshots =
        new SnapshotMaker(
            id, submission, progress, failures, around.clock(), around.ticker(), around.maxAge());
    terminalListeners = new TerminalListeners(around.context());
  }

  OperationId id() {
    return id;
  }

  Submission submission() {
    return submission;
  }

  /** See {@link Operation#place}. */
  String place() {
    return submission.operation().place();
  }

  /** The newest snapshot; there is one from the admission on. */
  OperationSnapshot newest() {
    return Objects.requireNonNull(newest);
  }

  boolean isQueued() {
    return state == OperationState.QUEUED;
  }

  boolean isStarted() {
    return snapshots.isStarted();
  }

  /** Whether it was asked to stop or is about to be over: nobody joins it (P7, P8). */
  boolean isEnding() {
    return ending || state == OperationState.CANCELLING;
  }

  // ---- From admission to start

  /** Counts what is known already. May throw what the operation throws. */
  void prepare() {
    submission.operation().prepare(id.toString(), progress);
  }

  /** Shows the operation for the first time. */
  void admit(Runnable saved) {
    publishAndSave(saved);
  }

  /** Takes over the work of another submission; if that went well, it is saved (P2). */
  Operation.Join join(Submission newcomer, Runnable saved) {
    if (!submission.hasOptionsOf(newcomer)) {
      return Operation.Join.DIFFERS;
    }
    Operation.Join join = submission.operation().join(newcomer.operation());
    if (join == Operation.Join.JOINED) {
      publishAndSave(saved);
    }
    return join;
  }

  void start() {
    state = OperationState.RUNNING;
    snapshots.started();
    publishAndSave(() -> {});
    if (submission.timeout() != null) {
      timeout = around.context().after(submission.timeout(), "timeout " + id, this::onTimeout);
    }
    run(submission.operation());
  }

  private <R extends @Nullable Object> void run(Operation<R> operation) {
    Task<R> task =
        Task.create(around.context(), operation, cancellable, (_, result) -> onDelivered(result));
    task.setName(submission.kind() + " " + id);
    task.setCheckCancellable(false); // the operation knows best whether the cancel won (T15)
    try {
      operation.start(task);
    } catch (Throwable e) { // becomes the operation's end; what it had begun is told to stop
      LOG.log(Level.ERROR, "The operation '%s' could not be started.".formatted(task.name()), e);
      task.returnError(
          new OperationException(ErrorCode.FAILED, "The operation could not be started.", e));
      cancellable.cancel();
    }
  }

  // ---- While it lives

  @Override
  public void progressChanged() {
    changed = true;
    if (publishPosted || ending || newest == null) {
      return;
    }
    try {
      around.context().post(Priority.DEFAULT, "progress", this::onProgressPosted);
      publishPosted = true;
    } catch (RejectedExecutionException e) {
      // The context is closing: nobody looks at progress any more, the operation still ends.
    }
  }

  @Override
  public void itemEnded(ItemResult item) {
    if (item.state() == ItemState.FAILED) {
      failures.add(item);
    }
    if (newest != null && !ending) {
      around.publications().itemEnded(newest, item);
    }
  }

  private void onProgressPosted() {
    publishPosted = false;
    if (changed && !ending) {
      publish();
      if (around.ticker().nanos() - savedAtNanos >= PROGRESS_SAVE_NANOS) {
        save(newest(), () -> {});
      }
    }
  }

  /** Has the listener told when the operation is over. */
  Registration whenTerminal(Consumer<OperationSnapshot> listener) {
    return terminalListeners.add(listener);
  }

  // ---- Stopping

  /** The first cancel counts; one that comes too late changes nothing (K4). */
  void cancel() {
    if (ending || snapshots.isCancelRequested()) {
      return;
    }
    snapshots.cancelRequested();
    if (isQueued()) {
      endUnstarted();
    } else {
      stop();
    }
  }

  private void onTimeout() {
    if (!isEnding()) {
      timedOut = true;
      stop();
    }
  }

  private void stop() {
    state = OperationState.CANCELLING;
    cancellable.cancel();
    publishAndSave(() -> {});
  }

  // ---- The end

  private void endUnstarted() {
    cancellable.cancel();
    OperationSnapshot terminal = freeze(Outcome.ofError(OperationException.cancelled()));
    save(terminal, () -> {});
    over(terminal);
  }

  private void onDelivered(Task<?> task) {
    OperationSnapshot terminal = freeze(outcomeOf(task));
    save(terminal, () -> over(terminal));
  }

  private Outcome outcomeOf(Task<?> task) {
    try {
      return Outcome.ofValue(task.propagate(), progress, failures);
    } catch (OperationException e) {
      return Outcome.ofError(
          timedOut && e.isCancelled() && submission.timeout() != null
              ? Outcome.timedOut(submission.timeout())
              : e);
    }
  }

  private OperationSnapshot freeze(Outcome outcome) {
    ending = true;
    timeout.close();
    if (isQueued()) {
      progress.cancelUnstarted();
    }
    if (progress.pending() > 0) {
      cancelPending();
    }
    state = outcome.state();
    return snapshots.atEnd(outcome);
  }

  /** The operation should have seen to that: now at least the counts are true. */
  private void cancelPending() {
    LOG.log(
        Level.ERROR,
        "The operation '%s %s' ended with %d items pending."
            .formatted(submission.kind(), id, progress.pending()));
    progress.cancelUnstarted();
    progress.ended(ItemState.CANCELLED, progress.pending());
  }

  private void over(OperationSnapshot terminal) {
    newest = terminal;
    end.over(this, terminal);
  }

  /** Tells those who wait for the end, once. */
  void announceEnd() {
    OperationSnapshot terminal = newest();
    for (Consumer<OperationSnapshot> listener : terminalListeners.takeAll()) {
      around.publications().tell(() -> listener.accept(terminal));
    }
  }

  // ---- Snapshots

  private void publishAndSave(Runnable saved) {
    publish();
    save(newest(), saved);
  }

  private void publish() {
    changed = false;
    OperationSnapshot next = snapshots.inState(state);
    newest = next;
    around.publications().publish(next);
  }

  private void save(OperationSnapshot snapshot, Runnable saved) {
    savedAtNanos = around.ticker().nanos();
    around.store().save(snapshot, saved);
  }
}
