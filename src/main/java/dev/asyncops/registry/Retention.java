package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Registration;
import dev.asyncops.registry.OperationStore.Forgotten;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Forgets finished operations when they are too old or too many; what is live is never forgotten
 * (L9).
 *
 * <p>The store knows which those are. They are forgotten in small steps, one at a time, and in
 * between it sleeps until the oldest one is due, for a second at least, so that operations which
 * end one by one are forgotten together.
 *
 * <p><b>Threads</b>: main context only.
 */
final class Retention {

  private static final int STEP = 500;
  private static final Duration MIN_SLEEP = Duration.ofSeconds(1);

  /** After a failure: the store is tried by others, and more often. */
  private static final Duration FAILURE_SLEEP = Duration.ofSeconds(10);

  private final MainContext context;
  private final InstantSource clock;
  private final int maxCount;
  private final OperationStore store;
  private final Publications publications;
  private final FinishedChanges changes;
  private boolean stepping;
  private @Nullable Instant wakeTime;
  private Registration timer = Registration.inert();

  Retention(
      MainContext context,
      InstantSource clock,
      int maxCount,
      OperationStore store,
      Publications publications,
      FinishedChanges changes) {
    this.context = context;
    this.clock = clock;
    this.maxCount = maxCount;
    this.store = store;
    this.publications = publications;
    this.changes = changes;
  }

  /** Looks for what is due from before the service began. */
  void begin() {
    step();
  }

  /** An operation ended, and will be forgotten in its time. */
  void added(OperationSnapshot finished) {
    wakeAt(Objects.requireNonNull(finished.expireTime(), "expireTime"));
  }

  private void wakeAt(Instant due) {
    Instant earliest = clock.instant().plus(MIN_SLEEP);
    Instant wake = surplus() > 0 || due.isBefore(earliest) ? earliest : due;
    if (context.isClosed() || (wakeTime != null && !wake.isBefore(wakeTime))) {
      return;
    }
    timer.close();
    wakeTime = wake;
    timer = context.after(Duration.between(clock.instant(), wake), "retention", this::step);
  }

  private void step() {
    timer.close();
    wakeTime = null;
    if (stepping) {
      wakeAt(clock.instant());
      return;
    }
    stepping = true;
    store.forget(clock.instant(), surplus(), STEP, this::onForgotten);
  }

  private void onForgotten(
      List<Forgotten> operations,
      @Nullable Instant nextExpiry,
      @Nullable OperationException failure) {
    stepping = false;
    if (!operations.isEmpty()) {
      changes.forget(operations);
      publications.forget(operations);
    }
    if (failure != null) {
      wakeAt(clock.instant().plus(FAILURE_SLEEP));
    } else if (operations.size() == STEP) {
      step();
    } else if (nextExpiry != null) {
      wakeAt(nextExpiry);
    }
  }

  private long surplus() {
    return Math.max(0, publications.finished() - maxCount);
  }
}
