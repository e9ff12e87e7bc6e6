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
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One admitted operation, from its admission to its end: its task and cancellable, its counts, its
 * state, and the snapshots of all that.
 *
 * <ul>
 *   <li>A change of state is published at once. Changes of the counts are published once for all
 *       that came together (K7, P11). {@link OperationSaves} says when that is saved.
 *   <li>The terminal snapshot is taken when the task is delivered; from then on nothing changes and
 *       nothing is published, until it is saved and the operation is over (A8).
 *   <li>One that is suspended, because the service ends, stops without an end: it stays in its
 *       state, unless its work was done after all.
 * </ul>
 *
 * <p><b>Threads</b>: main context only.
 */
final class LiveOperation implements OperationProgress.Listener {

  private static final Logger LOG = System.getLogger(LiveOperation.class.getName());

  /**
   * What operations live in.
   *
   * @param maxAge how long a finished one is kept
   */
  record Surroundings(
      MainContext context,
      InstantSource clock,
      Ticker ticker,
      Saves saves,
      Publications publications,
      Duration maxAge) {}

  /** Hears first that an operation lives no longer, and announces it. */
  interface End {

    /** It is over, and that is saved. */
    void over(LiveOperation operation, OperationSnapshot terminal);

    /** It stopped, and goes on after the next start of the service. */
    void suspended(LiveOperation operation);

    /** It is paused, and needs no place. */
    void paused(LiveOperation operation);
  }

  private final OperationId id;
  private final Submission submission;
  private final Surroundings around;
  private final End end;
  private final Cancellable cancellable = new Cancellable();
  private final OperationProgress progress;
  private final ItemFailures failures = new ItemFailures();
  private final ItemReport report;
  private final SnapshotMaker snapshots;
  private final OperationSaves saves;
  private final TerminalListeners terminalListeners;

  /**
   * The keys that were saved for this operation, or are on their way, while what was asked with
   * them has not joined it. What has not by the end never will; then they are given back.
   */
  private final List<IdempotencyKey> declined = new ArrayList<>(0);

  private final TimeLimit timeLimit;
  private long memory;
  private OperationState state = OperationState.QUEUED;
  private OperationSettings settings;

  /** Those it works below; a join can bring others. */
  private RootSet roots;

  /** Those that are saved, or on their way: with those of what may join. */
  private RootSet savedRoots;

  /** Whether its work was handed its task. */
  private boolean begun;

  /** How often it was held, or held no longer: tells an answer that comes too late. */
  private int holds;

  private boolean suspended;
  private boolean concluding;

  /** Why the service stopped it, in a way that ends it as failed; null unless it did. */
  private @Nullable OperationException stoppedBy;

  /** Set when the terminal snapshot was taken: nothing changes any more. */
  private boolean ending;

  private @Nullable OperationSnapshot newest;
  private boolean changed;
  private boolean publishPosted;

  /**
   * An operation that nobody knows of yet.
   *
   * @param stored what is remembered of it from before the service began; null if it is new
   */
  LiveOperation(
      OperationId id,
      Submission submission,
      @Nullable OperationSnapshot stored,
      Surroundings around,
      End end) {
    this.id = id;
    this.submission = submission.admitted();
    this.around = around;
    this.end = end;
    memory = submission.memory();
    settings = stored == null ? OperationSettings.of(submission) : OperationSettings.of(stored);
    roots = stored == null ? submission.admittedRoots() : stored.roots();
    savedRoots = roots;
    timeLimit =
        new TimeLimit(around.context(), around.ticker(), submission.timeout(), id, this::onTimeout);
    progress = new OperationProgress(around.context(), this, countsOf(stored));
    snapshots =
        new SnapshotMaker(
            id,
            this.submission,
            this::settings,
            this::roots,
            stored,
            progress,
            failures,
            around.clock(),
            around.ticker(),
            around.maxAge());
    report =
        new ItemReport(submission.report(), snapshots.attempt(), around.saves().waitingItems());
    saves = new OperationSaves(around.context(), around.saves(), report, this::upToDate);
    terminalListeners = new TerminalListeners(around.context());
  }

  OperationId id() {
    return id;
  }

  Submission submission() {
    return submission;
  }

  /** About how many bytes of memory it takes, with what has joined it. */
  long memory() {
    return memory;
  }

  /** See {@link Operation#place}. */
  String place() {
    return submission.operation().place();
  }

  /** The snapshot that was published last. */
  OperationSnapshot newest() {
    return Objects.requireNonNull(newest, "not shown yet");
  }

  /** Whether anybody knows of it: from its admission on. */
  boolean isShown() {
    return newest != null;
  }

  boolean isQueued() {
    return state == OperationState.QUEUED;
  }

  /** Whether it has no place: it waits for one, or is paused. */
  boolean isWithoutPlace() {
    return isQueued() || state == OperationState.PAUSED;
  }

  OperationSettings settings() {
    return settings;
  }

  RootSet roots() {
    return roots;
  }

  Priority priority() {
    return settings.priority();
  }

  /** Whether it may have left something that only its own work removes. */
  boolean hasBegun() {
    return begun || isResumed();
  }

  /** Whether an attempt before this one may have begun it, and left something. */
  boolean isResumed() {
    return snapshots.isResumed();
  }

  /** Whether it was asked to stop or is about to be over: nobody joins it (P7, P8). */
  boolean isEnding() {
    return ending || suspended || state == OperationState.CANCELLING;
  }

  /** Whether the last snapshot was taken: nothing about it changes any more, but its labels. */
  boolean isOver() {
    return ending;
  }

  /** Whether it runs and nobody has asked it to stop in any way. */
  boolean isToSuspend() {
    return state == OperationState.RUNNING && !isEnding();
  }

  private static OperationProgress.@Nullable Counts countsOf(@Nullable OperationSnapshot stored) {
    return stored == null
        ? null
        : new OperationProgress.Counts(
            stored.total(), stored.succeeded(), stored.failed(), stored.skipped());
  }

  // ---- From admission to start

  /** Counts what is known already. May throw what the operation throws. */
  void prepare() {
    submission.operation().prepare(id.toString(), progress);
  }

  /**
   * Has the first snapshot saved, which nobody sees before.
   *
   * @param asked what it was made of
   */
  void admit(Submission asked, SaveCallback callback) {
    changed = false;
    OperationSnapshot first = snapshots.inState(state);
    around
        .saves()
        .admit(
            first,
            asked.input(),
            asked.keyed(),
            failure -> {
              if (failure == null) {
                show(first);
              } else {
                ending = true;
              }
              callback.ended(failure);
            });
  }

  /** Shows the operation for the first time. */
  private void show(OperationSnapshot first) {
    newest = first;
    around.publications().publish(first);
    if (changed) {
      publish();
    }
  }

  /** Shows it again, waiting or paused, after a restart of the service. */
  void resume(OperationSnapshot stored) {
    state = settings.paused() ? OperationState.PAUSED : OperationState.QUEUED;
    apply(OperationSettings.of(submission));
    if (progress.goesOn()) {
      report.keepEarlier();
      stored.firstErrors().forEach(failures::add);
    }
    publishAndSave();
  }

  /**
   * Brings it to its end after a restart of the service; it counts what was counted then. What had
   * not ended counts as cancelled, unless its last work finds out how it ended.
   */
  void conclude(OperationSnapshot stored) {
    concluding = true;
    report.keepEarlier();
    progress.found(stored.total(), 0);
    progress.started(stored.total());
    progress.ended(ItemState.SUCCEEDED, stored.succeeded());
    stored.firstErrors().forEach(failures::add);
    progress.ended(ItemState.FAILED, stored.failed());
    progress.ended(ItemState.SKIPPED, stored.skipped());
    progress.ended(ItemState.CANCELLED, stored.cancelled());
    progress.movedBytes(stored.progress().bytesDone());
    prepare();
    progress.scanned();
    state =
        stored.state() == OperationState.CANCELLING
            ? OperationState.CANCELLING
            : OperationState.RUNNING;
    snapshots.started();
    publishAndSave();
    run(submission.operation());
  }

  /** Has saved what a newcomer brings along, so that it can join. */
  void saveInput(Submission newcomer, SaveCallback callback) {
    KeyedRequest keyed = newcomer.keyed();
    if (keyed != null) {
      declined.add(keyed.key());
    }
    RootSet more = savedRoots.and(newcomer.roots());
    boolean isMore = !more.equals(savedRoots);
    savedRoots = more;
    around
        .saves()
        .addInput(
            id,
            newcomer.wholeInput(),
            isMore ? more : null,
            keyed,
            failure -> {
              if (failure != null && keyed != null) {
                declined.remove(keyed.key());
              }
              callback.ended(failure);
            });
  }

  /** Whether the key is saved for this operation though what was asked with it did not join. */
  boolean hasDeclined(IdempotencyKey key) {
    return declined.contains(key);
  }

  /** Takes over a newcomer's work, if it is still possible (P2). */
  Operation.Join join(Submission newcomer) {
    Operation.Join join = submission.operation().join(newcomer.operation());
    if (join == Operation.Join.JOINED) {
      if (newcomer.keyed() != null) {
        declined.remove(newcomer.keyed().key());
      }
      memory += newcomer.memory();
      roots = roots.and(newcomer.roots());
      publishAndSave();
    }
    return join;
  }

  void start() {
    state = OperationState.RUNNING;
    if (begun) {
      snapshots.wentOn();
    } else {
      snapshots.started();
    }
    publish();
    saves.started();
    timeLimit.go();
    if (begun) {
      submission.operation().release();
    } else {
      run(submission.operation());
    }
  }

  private <R extends @Nullable Object> void run(Operation<R> operation) {
    Task<R> task =
        Task.create(around.context(), operation, cancellable, (_, result) -> onDelivered(result));
    begun = true;
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
    if (publishPosted || ending || suspended || newest == null) {
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
    boolean isOutcome = !suspended || item.state() != ItemState.CANCELLED;
    if (isOutcome) { // what a suspension stops is for the next attempt to do
      report.add(item);
    }
    if (newest != null && !ending) {
      around.publications().itemEnded(newest, item);
    }
  }

  private void onProgressPosted() {
    publishPosted = false;
    if (changed && !ending && !suspended) {
      publish();
      stopIfReportIsTooLong();
      saves.progressed();
    }
  }

  /** What cannot be stored is not to be lost, and must not fill the memory. */
  private void stopIfReportIsTooLong() {
    if (report.isTooLong() && isToSuspend()) {
      stop(
          new OperationException(
              ErrorCode.STORE_UNAVAILABLE, "The outcomes of items cannot be stored."));
    }
  }

  /** Has the listener told when the operation is over. */
  Registration whenTerminal(Consumer<OperationSnapshot> listener) {
    return terminalListeners.add(listener);
  }

  // ---- Changing

  /** Why it cannot have these settings; null if it can. */
  @Nullable OperationException refusalOf(OperationSettings wanted) {
    if (state == OperationState.CANCELLING && !FinishedChanges.isOfLabelsOnly(settings, wanted)) {
      return FinishedChanges.closed();
    }
    boolean isToBeHeld = wanted.paused() && !settings.paused() && state == OperationState.RUNNING;
    return isToBeHeld && !submission.operation().canBeHeld()
        ? new OperationException(
            ErrorCode.NOT_SUPPORTED,
            "A %s that runs cannot be paused.".formatted(submission.kind()))
        : null;
  }

  /**
   * Has it go on with other settings that are not {@linkplain #refusalOf refused}.
   *
   * @param saved hears when that is saved, or that it could not be
   */
  void change(OperationSettings wanted, SaveCallback saved) {
    OperationSettings before = settings;
    if (wanted.equals(before)) {
      around.saves().save(newest(), Attachments.NONE, () -> {}, saved);
      return;
    }
    settings = wanted;
    apply(before);
    if (wanted.paused() != before.paused()) {
      if (wanted.paused()) {
        pause();
      } else {
        goOn();
      }
    }
    publish();
    saves.changed(!wanted.labels().equals(before.labels()), saved);
  }

  /** Tells the work what is not as it was. */
  private void apply(OperationSettings before) {
    Operation<?> operation = submission.operation();
    if (settings.priority() != before.priority()) {
      operation.setPriority(settings.priority());
    }
    if (!Objects.equals(settings.bytesPerSecond(), before.bytesPerSecond())) {
      operation.setBytesPerSecond(settings.bytesPerSecond());
    }
  }

  private void pause() {
    if (isQueued()) {
      state = OperationState.PAUSED;
    } else if (isToSuspend()) {
      int hold = ++holds;
      submission.operation().hold(() -> onHeld(hold));
    }
  }

  private void goOn() {
    if (state == OperationState.PAUSED) {
      state = OperationState.QUEUED;
    } else if (isToSuspend()) {
      holds++;
      submission.operation().release();
    }
  }

  private void onHeld(int hold) {
    if (hold == holds && isToSuspend()) {
      state = OperationState.PAUSED;
      timeLimit.stop();
      publishAndSave();
      end.paused(this);
    }
  }

  // ---- Stopping

  /**
   * The first cancel counts; one that comes too late changes nothing (K4).
   *
   * @param saved hears when it is saved, or that it could not be
   */
  void cancel(SaveCallback saved) {
    if (ending || snapshots.isCancelRequested()) {
      around.saves().save(newest(), Attachments.NONE, () -> {}, saved);
      return;
    }
    snapshots.cancelRequested();
    if (begun || !isWithoutPlace()) {
      stop(isWithoutPlace(), saved);
    } else if (isResumed()) {
      snapshots.started();
      stop(false, saved);
      run(submission.operation()); // what the attempt before has left is for it to remove
    } else {
      cancellable.cancel();
      end(Outcome.ofError(OperationException.cancelled()), saved);
    }
  }

  private void onTimeout() {
    if (!isEnding() && submission.timeout() != null) {
      stop(Outcome.timedOut(submission.timeout()));
    }
  }

  private void stop(OperationException reason) {
    stoppedBy = reason;
    stop(false, _ -> {});
  }

  private void stop(boolean rests, SaveCallback saved) {
    state = OperationState.CANCELLING;
    cancellable.cancel();
    publish();
    saves.stopping(rests, saved);
  }

  /** Stops it without an end, in between items or chunks: the service ends. */
  void suspend() {
    suspended = true;
    timeLimit.stop();
    cancellable.cancel();
  }

  // ---- The end

  private void onDelivered(Task<?> task) {
    Outcome outcome = outcomeOf(task);
    boolean wasStopped = outcome.state() == OperationState.CANCELLED;
    if (suspended && wasStopped && state != OperationState.CANCELLING) {
      progress.putBackCancelled(); // it is for the next attempt to do
      publishAndSave();
      ending = true;
      end.suspended(this);
    } else {
      end(outcome, _ -> {});
    }
  }

  private Outcome outcomeOf(Task<?> task) {
    try {
      return Outcome.ofValue(task.propagate(), progress, failures);
    } catch (OperationException e) {
      return Outcome.ofError(stoppedBy != null && e.isCancelled() ? stoppedBy : e);
    }
  }

  private void end(Outcome outcome, SaveCallback saved) {
    OperationSnapshot terminal = freeze(outcome);
    saves.end(terminal, List.copyOf(declined), () -> over(terminal), saved);
  }

  private OperationSnapshot freeze(Outcome outcome) {
    ending = true;
    timeLimit.stop();
    if (isWithoutPlace()) {
      progress.cancelUnstarted();
    }
    if (progress.pending() > 0 && !concluding) {
      LOG.log( // the operation should have seen to that
          Level.ERROR,
          "The operation '%s %s' ended with %d items pending."
              .formatted(submission.kind(), id, progress.pending()));
    }
    progress.cancelUnstarted();
    progress.ended(ItemState.CANCELLED, progress.pending());
    return snapshots.atEnd(outcome);
  }

  private void over(OperationSnapshot terminal) {
    newest = terminal;
    state = terminal.state();
    end.over(this, terminal);
  }

  /** Tells those who wait for the end how it stands, once. */
  void announceEnd() {
    OperationSnapshot last = newest();
    for (Consumer<OperationSnapshot> listener : terminalListeners.takeAll()) {
      around.publications().tell(() -> listener.accept(last));
    }
  }

  // ---- Snapshots

  private void publishAndSave() {
    publish();
    saves.now();
  }

  private void publish() {
    changed = false;
    OperationSnapshot next = snapshots.inState(state);
    newest = next;
    around.publications().publish(next);
  }

  /** The newest snapshot; if something has changed since it was taken, a new one. */
  private OperationSnapshot upToDate() {
    if (changed && !ending) {
      publish();
    }
    return newest();
  }
}
