package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationStore.Forgotten;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Changes of operations that are over, of which only the labels may change. It is shown when it is
 * saved; what comes before that goes on from there.
 *
 * <p><b>Threads</b>: main context only.
 */
final class FinishedChanges {

  private final Saves saves;
  private final Publications publications;

  /** The newest snapshots that are on their way to the store. */
  private final Map<OperationId, OperationSnapshot> underWay = new HashMap<>();

  FinishedChanges(Saves saves, Publications publications) {
    this.saves = saves;
    this.publications = publications;
  }

  /**
   * Changes its labels; the answer comes once, maybe in this call.
   *
   * @param known the operation as somebody has read it, maybe some time ago
   */
  void change(OperationSnapshot known, OperationChange change, Consumer<Change> answer) {
    OperationSnapshot shown = publications.find(known.id()).orElse(known);
    OperationSnapshot operation = underWay.getOrDefault(known.id(), shown);
    OperationSettings now = OperationSettings.of(operation);
    OperationSettings wanted;
    try {
      wanted = change.settings(operation);
    } catch (RuntimeException e) { // the asker's own, who wants to know
      answer.accept(new Change.Declined(e));
      return;
    }
    OperationException failure = saves.failure();
    if (!operation.state().isTerminal()) { // it was suspended just now
      answer.accept(new Change.Refused(draining()));
    } else if (!isOfLabelsOnly(now, wanted)) {
      answer.accept(new Change.Refused(closed()));
    } else if (wanted.equals(now) && !underWay.containsKey(operation.id())) {
      answer.accept(new Change.Made(operation));
    } else if (failure != null) {
      answer.accept(new Change.Refused(failure));
    } else {
      save(wanted.equals(now) ? operation : operation.labelled(wanted.labels()), answer);
    }
  }

  private void save(OperationSnapshot changed, Consumer<Change> answer) {
    underWay.put(changed.id(), changed);
    saves.save(
        changed,
        Attachments.LABELS,
        () -> onSaved(changed),
        failure ->
            answer.accept(
                failure == null ? new Change.Made(changed) : new Change.Refused(failure)));
  }

  private void onSaved(OperationSnapshot changed) {
    OperationSnapshot newest = underWay.get(changed.id());
    if (newest != null) { // it was not forgotten meanwhile
      publications.replaceFinished(changed);
      underWay.remove(changed.id(), changed);
    }
  }

  /** These are remembered no longer. */
  void forget(List<Forgotten> operations) {
    operations.forEach(operation -> underWay.remove(operation.id()));
  }

  private static OperationException draining() {
    return new OperationException(ErrorCode.DRAINING, "The service is shutting down.");
  }

  /** Why nothing else changes. */
  static OperationException closed() {
    return new OperationException(
        ErrorCode.CLOSED,
        "The operation is over or being cancelled; only its labels can be changed.");
  }

  /** Whether nothing but the labels differs. */
  static boolean isOfLabelsOnly(OperationSettings now, OperationSettings wanted) {
    OperationSettings relabelled =
        new OperationSettings(now.priority(), now.bytesPerSecond(), now.paused(), wanted.labels());
    return relabelled.equals(wanted);
  }
}
