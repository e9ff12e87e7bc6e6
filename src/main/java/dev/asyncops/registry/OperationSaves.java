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
 * When the snapshots of one operation are saved, with the outcomes of items that they count. Each
 * save costs a write, and while it is under way the next one waits; so what can wait a little goes
 * with what comes after it.
 *
 * <ul>
 *   <li>The start and progress: within a second. After a crash it makes no difference whether an
 *       operation had been started. Many items: sooner.
 *   <li>A cancel: within ten milliseconds, in which most operations have stopped; their end tells
 *       of the cancel, too.
 *   <li>The end: at once, when all items before are stored.
 * </ul>
 *
 * <p><b>Threads</b>: main context only.
 */
final class OperationSaves {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration SHORTLY = Duration.ofMillis(10);

  private final MainContext context;
  private final Saves saves;
  private final ItemReport report;
  private final Supplier<OperationSnapshot> upToDate;

  /** Who waits for the next save. */
  private List<SaveCallback> waiting = new ArrayList<>(0);

  private Registration timer = Registration.inert();
  private boolean due;
  private boolean relabelled;

  /**
   * For one operation.
   *
   * @param report gives the items to be stored
   * @param upToDate gives the snapshot that is shown, and shows a new one first if something has
   *     changed
   */
  OperationSaves(
      MainContext context, Saves saves, ItemReport report, Supplier<OperationSnapshot> upToDate) {
    this.context = context;
    this.saves = saves;
    this.report = report;
    this.upToDate = upToDate;
  }

  /** A snapshot with other counts is shown. */
  void progressed() {
    if (report.isToBeSaved()) {
      now();
    } else if (!due) {
      in(SOON);
    }
  }

  /** It was started: that is saved within a second. */
  void started() {
    saves.differs(upToDate.get());
    progressed();
  }

  /**
   * It was asked to stop: that is saved within ten milliseconds; of one that rests within a second,
   * in which most have removed what they had left.
   *
   * @param tried hears whether that, or the end that came before, could be saved
   */
  void stopping(boolean rests, SaveCallback tried) {
    saves.differs(upToDate.get());
    waiting.add(tried);
    timer.close();
    in(rests ? SOON : SHORTLY);
  }

  /**
   * Somebody changed something about it: that is saved at once.
   *
   * @param labels whether its labels were
   * @param tried hears whether that could be saved
   */
  void changed(boolean labels, SaveCallback tried) {
    relabelled |= labels;
    save(upToDate.get(), List.of(), () -> {}, tried);
  }

  /** What is shown is saved. */
  void now() {
    save(upToDate.get(), List.of(), () -> {}, _ -> {});
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
    timer.close();
    report.whenSaved(() -> save(terminal, released, saved, tried));
  }

  private void in(Duration delay) {
    due = true;
    if (context.isClosed()) {
      now();
    } else {
      timer = context.after(delay, "save operation", this::now);
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
    boolean labels = relabelled;
    relabelled = false;
    ItemChanges items = report.take();
    saves.save(
        operation,
        new Attachments(items, released, labels),
        () -> {
          report.saved(items);
          saved.run();
        },
        failure -> {
          told.forEach(one -> tell(one, failure));
          tell(tried, failure);
        });
  }

  private static void tell(SaveCallback callback, @Nullable OperationException failure) {
    Notices.guarded(() -> callback.ended(failure));
  }
}
