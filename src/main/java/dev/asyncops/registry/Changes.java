package dev.asyncops.registry;

import dev.asyncops.async.OperationException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides what becomes of a change of settings: of an operation that lives, of one that is about to
 * be over, and of one that is.
 *
 * <p><b>Threads</b>: main context only.
 */
final class Changes {

  private final LiveOperations live;
  private final Saves saves;
  private final Publications publications;
  private final FinishedChanges finished;
  private final Runnable changed;

  /**
   * Of these operations.
   *
   * @param changed runs when what is live has changed, and maybe something can start
   */
  Changes(
      LiveOperations live,
      Saves saves,
      Publications publications,
      FinishedChanges finished,
      Runnable changed) {
    this.live = live;
    this.saves = saves;
    this.publications = publications;
    this.finished = finished;
    this.changed = changed;
  }

  /** See {@link OperationRegistry#change}. */
  void change(OperationId id, OperationChange change, Consumer<Change> answer) {
    LiveOperation operation = live.find(id);
    if (operation != null && operation.isShown() && operation.isOver()) {
      operation.whenTerminal(over -> changeFinished(over, change, answer));
    } else if (operation != null && operation.isShown()) {
      changeLive(operation, change, answer);
    } else {
      Optional<OperationSnapshot> over = publications.find(id);
      over.ifPresentOrElse(
          known -> changeFinished(known, change, answer),
          () -> answer.accept(new Change.NotLive()));
    }
  }

  /** See {@link OperationRegistry#changeFinished}. */
  void changeFinished(OperationSnapshot known, OperationChange change, Consumer<Change> answer) {
    finished.change(known, change, outcome -> publications.tell(() -> answer.accept(outcome)));
  }

  private void changeLive(
      LiveOperation operation, OperationChange change, Consumer<Change> answer) {
    OperationSettings before = operation.settings();
    OperationSettings wanted;
    try {
      wanted = change.settings(operation.newest());
    } catch (RuntimeException e) { // the asker's own, who wants to know
      answer.accept(new Change.Declined(e));
      return;
    }
    OperationException refusal = operation.refusalOf(wanted);
    if (refusal == null && !wanted.equals(before)) {
      refusal = saves.failure();
    }
    if (refusal != null) {
      answer.accept(new Change.Refused(refusal));
      return;
    }
    boolean waitsAnew =
        operation.isWithoutPlace()
            && (wanted.priority() != before.priority() || wanted.paused() != before.paused());
    if (waitsAnew) {
      live.dequeue(operation);
    }
    operation.change(
        wanted,
        failure -> {
          Change outcome =
              failure == null ? new Change.Made(operation.newest()) : new Change.Refused(failure);
          publications.tell(() -> answer.accept(outcome));
        });
    if (waitsAnew) {
      live.await(operation);
      changed.run();
    }
  }
}
