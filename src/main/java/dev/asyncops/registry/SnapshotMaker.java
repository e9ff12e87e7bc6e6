package dev.asyncops.registry;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the snapshots of one operation, each with the next revision and a time that is not before
 * the last one's.
 *
 * <p><b>Threads</b>: main context only.
 */
final class SnapshotMaker {

  /**
   * More revisions than may have been shown after the one that was saved last. An attempt begins
   * beyond them: a client must never see the revision go down, or one revision twice.
   */
  private static final long MOST_UNSAVED = 1_000_000;

  private final OperationId id;
  private final Submission submission;
  private final Supplier<OperationSettings> settings;
  private final Supplier<RootSet> roots;
  private final OperationProgress progress;
  private final ItemFailures failures;
  private final InstantSource clock;
  private final Duration maxAge;
  private final ProgressMeter meter;
  private final int attempt;
  private long revision;
  private Instant last;
  private @Nullable Instant startTime;
  private @Nullable Instant cancelRequestTime;

  /**
   * For one operation.
   *
   * @param settings gives those of the moment
   * @param roots gives those of the moment
   * @param stored what is remembered of it from before the service began; null if it is new
   * @param maxAge how long it is kept once it is over
   */
  SnapshotMaker(
      OperationId id,
      Submission submission,
      Supplier<OperationSettings> settings,
      Supplier<RootSet> roots,
      @Nullable OperationSnapshot stored,
      OperationProgress progress,
      ItemFailures failures,
      InstantSource clock,
      Ticker ticker,
      Duration maxAge) {
    this.id = id;
    this.submission = submission;
    this.settings = settings;
    this.roots = roots;
    this.progress = progress;
    this.failures = failures;
    this.clock = clock;
    this.maxAge = maxAge;
    meter = new ProgressMeter(ticker);
    last = stored == null ? id.time() : stored.updateTime();
    attempt = stored == null ? 1 : stored.attempt() + 1;
    revision = stored == null ? 0 : stored.revision() + MOST_UNSAVED;
    cancelRequestTime = stored == null ? null : stored.cancelRequestTime();
  }

  /** The work starts now. */
  void started() {
    startTime = now();
    meter.start();
  }

  /** It goes on after it was paused. */
  void wentOn() {
    meter.goOn();
  }

  /** 1, and one more after each restart of the service. */
  int attempt() {
    return attempt;
  }

  /** Whether there was an attempt before this one. */
  boolean isResumed() {
    return attempt > 1;
  }

  boolean isStarted() {
    return startTime != null;
  }

  /** Somebody wants it cancelled now. */
  void cancelRequested() {
    cancelRequestTime = now();
  }

  boolean isCancelRequested() {
    return cancelRequestTime != null;
  }

  /** Of an operation that lives. */
  OperationSnapshot inState(OperationState state) {
    return make(new Outcome(state, null, null));
  }

  /** The last one. */
  OperationSnapshot atEnd(Outcome outcome) {
    return make(outcome);
  }

  private OperationSnapshot make(Outcome outcome) {
    Instant now = now();
    boolean over = outcome.state().isTerminal();
    OperationSettings set = settings.get();
    return new OperationSnapshot(
        id,
        submission.kind(),
        outcome.state(),
        progress.phase(),
        ++revision,
        progress.pending(),
        progress.toStart(),
        progress.total(),
        progress.isScanned(),
        progress.ended(ItemState.SUCCEEDED),
        progress.ended(ItemState.FAILED),
        progress.ended(ItemState.SKIPPED),
        progress.ended(ItemState.CANCELLED),
        meter.read(progress),
        set.priority(),
        set.bytesPerSecond(),
        set.paused() && !over && outcome.state() != OperationState.CANCELLING,
        seconds(submission.timeout()),
        attempt,
        id.time(),
        startTime,
        now,
        over ? now : null,
        over ? now.plus(maxAge) : null,
        cancelRequestTime,
        submission.request(),
        set.labels(),
        submission.userData(),
        submission.createdBy(),
        roots.get(),
        outcome.result(),
        outcome.error(),
        failures.first(),
        submission.operation().mark());
  }

  private Instant now() {
    Instant now = Instant.ofEpochMilli(clock.millis());
    last = now.isBefore(last) ? last : now;
    return last;
  }

  private static @Nullable Double seconds(@Nullable Duration duration) {
    return duration == null ? null : duration.getSeconds() + duration.getNano() / 1e9;
  }
}
