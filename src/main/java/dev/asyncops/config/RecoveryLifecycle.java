package dev.asyncops.config;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.http.OperationKinds;
import dev.asyncops.http.StoredSubmissions;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.Recovered;
import dev.asyncops.registry.Recovery;
import dev.asyncops.registry.Submission;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Goes on with what was not over when the service ended, before the web server accepts anything.
 *
 * <ul>
 *   <li>What was queued or running, copies and delete-batches, runs again under its id.
 *   <li>What was being cancelled is cleaned up and ends CANCELLED.
 *   <li>A connect operation ends FAILED with INTERRUPTED: its peer is not asked twice.
 *   <li>What would be refused today, its root being gone, say, ends FAILED with that error.
 * </ul>
 *
 * <p><b>Threads</b>: Spring's, which reads the store; the registry is called on the main context.
 */
final class RecoveryLifecycle implements SmartLifecycle {

  private static final Logger LOG = System.getLogger(RecoveryLifecycle.class.getName());

  /** So many are handed over at once, so that the main context is not held for long. */
  private static final int STEP = 200;

  private final MainContext context;
  private final OperationRegistry registry;
  private final OperationStore store;
  private final StoredSubmissions submissions;
  private final StoredSubmissions cleanUps;
  private volatile boolean running;

  /**
   * A recovery.
   *
   * @param submissions makes what goes on
   * @param cleanUps makes what is left to do for what was being cancelled
   */
  RecoveryLifecycle(
      MainContext context,
      OperationRegistry registry,
      OperationStore store,
      StoredSubmissions submissions,
      StoredSubmissions cleanUps) {
    this.context = context;
    this.registry = registry;
    this.store = store;
    this.submissions = submissions;
    this.cleanUps = cleanUps;
  }

  @Override
  public void start() {
    running = true;
    List<Unfinished> unfinished = read();
    if (!unfinished.isEmpty()) {
      LOG.log(
          Level.INFO, "Operations that go on after the restart: %d.".formatted(unfinished.size()));
    }
    List<Recovered> recovered = unfinished.stream().map(this::recovered).toList();
    context.post(Priority.HIGH, "recover", () -> registry.begin(store.finishedAtOpening()));
    for (int from = 0; from < recovered.size(); from += STEP) {
      List<Recovered> step = recovered.subList(from, Math.min(from + STEP, recovered.size()));
      context.post(Priority.HIGH, "recover", () -> registry.recover(step));
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** When the main context runs; long before the web server. */
  @Override
  public int getPhase() {
    return MainContextLifecycle.PHASE + 1;
  }

  /** What went on once does not begin again. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  private List<Unfinished> read() {
    try {
      return store.unfinished();
    } catch (OperationException e) {
      throw new IllegalStateException("What was not over cannot be read.", e);
    }
  }

  private Recovered recovered(Unfinished unfinished) {
    OperationSnapshot stored = unfinished.operation();
    try {
      if (stored.state() == OperationState.CANCELLING) {
        return new Recovered(stored, cleanUps.again(unfinished).toEnd(), Recovery.CANCELLED);
      }
      Submission again = submissions.again(unfinished);
      if (stored.kind().equals(OperationKinds.CONNECT)) {
        return new Recovered(stored, Submission.toEnd(stored, interrupted()), Recovery.INTERRUPTED);
      }
      return new Recovered(stored, again, Recovery.RESUMED);
    } catch (OperationException e) {
      return new Recovered(stored, Submission.toEnd(stored, e), Recovery.FAILED);
    }
  }

  private static OperationException interrupted() {
    return new OperationException(
        ErrorCode.INTERRUPTED, "The service ended while the operation was going on.");
  }
}
