package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a submission: it is refused, joins a live operation (P2), or becomes one.
 * What is accepted is saved first.
 *
 * <p><b>Threads</b>: main context only.
 */
final class Starts {

  private static final Logger LOG = System.getLogger(Starts.class.getName());

  private static final String MEMORY_FULL =
      "The operations that are not over take as much memory as they may.";

  private final MainContext context;
  private final LiveOperations live;
  private final Publications publications;
  private final Drain drain;
  private final Function<Submission, LiveOperation> maker;
  private final Runnable changed;

  /**
   * With nothing on its way.
   *
   * @param maker makes an operation of a submission
   * @param changed runs when what is live has changed, and maybe something can start
   */
  Starts(
      MainContext context,
      LiveOperations live,
      Publications publications,
      Drain drain,
      Function<Submission, LiveOperation> maker,
      Runnable changed) {
    this.context = context;
    this.live = live;
    this.publications = publications;
    this.drain = drain;
    this.maker = maker;
    this.changed = changed;
  }

  void submit(Submission submission, Consumer<Admission> answer) {
    LiveOperation batch = live.batchOf(submission);
    if (batch != null && !drain.hasBegun()) {
      join(batch, submission, answer);
    } else {
      admit(submission, answer);
    }
  }

  // ---- Joining

  /**
   * The work is saved before it is begun, so that a refused start leaves nothing undone or done.
   */
  private void join(LiveOperation batch, Submission submission, Consumer<Admission> answer) {
    if (!batch.submission().hasOptionsOf(submission)) {
      refuse(submission, answer, pending(batch, "Operation %s runs with other options."), batch);
      return;
    }
    if (live.isMemoryFull()) {
      refuse(submission, answer, ErrorCode.QUEUE_FULL, MEMORY_FULL);
      return;
    }
    batch.saveInput(
        submission,
        failure -> {
          if (failure == null) {
            onInputSaved(batch, submission, answer);
          } else {
            refuse(submission, answer, failure, null);
          }
        });
  }

  private void onInputSaved(
      LiveOperation batch, Submission submission, Consumer<Admission> answer) {
    switch (batch.isEnding() ? Operation.Join.OVER : batch.join(submission)) {
      case JOINED -> {
        live.joined(submission);
        accept(batch, true, answer);
      }
      case DIFFERS ->
          refuse(
              submission, answer, pending(batch, "Operation %s runs with other options."), batch);
      case OVER -> beginAnother(batch, submission, answer);
    }
  }

  /** Too late for this batch; by now there may be the next one of its name. */
  private void beginAnother(LiveOperation over, Submission submission, Consumer<Admission> answer) {
    LiveOperation next = live.batchOf(submission);
    if (next != null && next != over) {
      join(next, submission, answer);
    } else {
      admit(submission, answer);
    }
  }

  // ---- Admitting

  private void admit(Submission submission, Consumer<Admission> answer) {
    LiveOperation competitor = live.competitorOf(submission);
    if (drain.hasBegun()) {
      refuse(submission, answer, ErrorCode.DRAINING, "The service is shutting down.");
    } else if (competitor != null) {
      refuse(submission, answer, competitor);
    } else if (live.isFull()) {
      refuse(submission, answer, ErrorCode.QUEUE_FULL, "As many operations wait as may wait.");
    } else if (live.isMemoryFull()) {
      refuse(submission, answer, ErrorCode.QUEUE_FULL, MEMORY_FULL);
    } else {
      LiveOperation operation = maker.apply(submission);
      OperationException failure = prepare(operation);
      if (failure != null) {
        refuse(submission, answer, failure, null);
      } else {
        live.enter(operation);
        changed.run();
        operation.admit(submission, error -> onAdmitted(operation, answer, error));
      }
    }
  }

  /** Has the operation count what is known; FAILED if its code throws, null if all is well. */
  @Nullable OperationException prepare(LiveOperation operation) {
    try {
      operation.prepare();
      return null;
    } catch (RuntimeException e) { // the operation's own code; the submitter gets its answer
      LOG.log(
          Level.ERROR, "A %s could not be prepared.".formatted(operation.submission().kind()), e);
      return new OperationException(ErrorCode.FAILED, "The operation could not be prepared.", e);
    }
  }

  private void onAdmitted(
      LiveOperation operation, Consumer<Admission> answer, @Nullable OperationException failure) {
    if (failure != null) {
      live.leave(operation);
      refuse(operation.submission(), answer, failure, null);
    } else {
      live.enqueue(operation);
      accept(operation, false, answer);
    }
    changed.run();
  }

  private void accept(LiveOperation operation, boolean joined, Consumer<Admission> answer) {
    publications.tell(() -> answer.accept(new Admission.Accepted(operation.newest(), joined)));
  }

  // ---- Refusing

  /** Of an operation that does not exist for who starts nothing is told. */
  private void refuse(Submission submission, Consumer<Admission> answer, LiveOperation competitor) {
    if (submission.reach().has(competitor.roots())) {
      refuse(submission, answer, pending(competitor, "Operation %s is at work there."), competitor);
    } else {
      refuse(submission, answer, ErrorCode.PENDING, "Another operation is at work there.");
    }
  }

  private static OperationException pending(LiveOperation other, String detail) {
    return new OperationException(ErrorCode.PENDING, detail.formatted(other.id()));
  }

  private void refuse(
      Submission submission, Consumer<Admission> answer, ErrorCode code, String detail) {
    refuse(submission, answer, new OperationException(code, detail), null);
  }

  /** Nothing is created; the answer comes later. */
  void refuse(
      Submission submission,
      Consumer<Admission> answer,
      OperationException error,
      @Nullable LiveOperation other) {
    publications.refused(submission.kind(), error.code());
    @Nullable OperationId running = other == null ? null : other.id();
    context.post(
        Priority.DEFAULT,
        "refuse " + submission.kind(),
        () -> answer.accept(new Admission.Refused(error, running)));
  }
}
