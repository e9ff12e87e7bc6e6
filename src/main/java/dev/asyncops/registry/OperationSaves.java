package dev.asyncops.registry;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Registration;
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When the snapshots of one operation are saved. Each save costs a write, and while it is under way
 * the next one waits; so what can wait a little goes with what comes after it.
 *
 * <ul>
 *   <li>The start and progress: within a second. After a crash it makes no difference whether an
 *       operation had been started.
 *   <li>A cancel: within ten milliseconds, in which most operations have stopped; their end tells
 *       of the cancel, too.
 *   <li>The end: at once.
 * </ul>
 *
 * <p><b>Threads</b>: main context only.
 */
final class OperationSaves {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration SHORTLY = Duration.ofMillis(10);

  private final MainContext context;
  private final Saves saves;
  private final Supplier<OperationSnapshot> newest;

  /** Who waits for the next save. */
  private List<SaveCallback> waiting = new ArrayList<>(0);

  private Registration timer = Registration.inert();
  private boolean due;

  /**
   * For one operation.
   *
   * @param newest gives the snapshot that is shown
   */
  OperationSaves(MainContext context, Saves saves, Supplier<OperationSnapshot> newest) {
    this.context = context;
    this.saves = saves;
    this.newest = newest;
  }

  /** What is shown is saved within a second. */
  void soon() {
    if (!due) {
      in(SOON);
    }
  }

  /** The same, of a state that is not the one in the store. */
  void newStateSoon() {
    saves.differs(newest.get());
    soon();
  }

  /**
   * What is shown is saved within ten milliseconds, if it is not over by then.
   *
   * @param tried hears whether that, or the end, could be saved
   */
  void newStateShortly(SaveCallback tried) {
    saves.differs(newest.get());
    waiting.add(tried);
    timer.close();
    in(SHORTLY);
  }

  /** What is shown is saved. */
  void now(SaveCallback tried) {
    save(newest.get(), List.of(), () -> {}, tried);
  }

  /**
   * The last snapshot, which is not shown before it is saved.
   *
   * @param released keys that were saved for the operation and do not lead to it
   * @param saved runs when it is saved
   */
  void end(
      OperationSnapshot terminal,
      List<IdempotencyKey> released,
      Runnable saved,
      SaveCallback tried) {
    save(terminal, released, saved, tried);
  }

  private void in(Duration delay) {
    due = true;
    if (context.isClosed()) {
      now(_ -> {});
    } else {
      timer = context.after(delay, "save operation", () -> now(_ -> {}));
    }
  }

  private void save(
      OperationSnapshot operation,
      List<IdempotencyKey> released,
      Runnable saved,
      SaveCallback tried) {
    timer.close();
    due = false;
    List<SaveCallback> told = waiting;
    waiting = new ArrayList<>(0);
    saves.save(
        operation,
        released,
        saved,
        failure -> {
          told.forEach(one -> tell(one, failure));
          tell(tried, failure);
        });
  }

  private static void tell(SaveCallback callback, @Nullable OperationException failure) {
    Notices.guarded(() -> callback.ended(failure));
  }
}
