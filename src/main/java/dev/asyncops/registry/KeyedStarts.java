package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationStore.KeyedOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that starts with one key become one operation.
 *
 * <ul>
 *   <li>The first one with a key looks for it in the store, where it is saved in one transaction
 *       with what it led to. It goes on as a new start only if nothing is found.
 *   <li>From the look to the answer the others with that key wait, and get what the first one gets:
 *       its operation, or its refusal. So there is no moment at which a key is neither found nor
 *       waited for.
 *   <li>Of a refusal nothing is kept. One that waited and asks for something else is then the first
 *       of its own.
 * </ul>
 *
 * <p><b>Threads</b>: main context only.
 */
final class KeyedStarts {

  private record Start(Submission submission, KeyedRequest request, Consumer<Admission> answer) {

    IdempotencyKey key() {
      return request.key();
    }
  }

  private final Starts starts;
  private final LiveOperations live;
  private final Saves saves;
  private final Publications publications;

  /** Those that wait for the first one with their key, in their order. */
  private final Map<IdempotencyKey, List<Start>> underWay = new HashMap<>();

  KeyedStarts(Starts starts, LiveOperations live, Saves saves, Publications publications) {
    this.starts = starts;
    this.live = live;
    this.saves = saves;
    this.publications = publications;
  }

  /** Answers later, and once. */
  void submit(Submission submission, KeyedRequest request, Consumer<Admission> answer) {
    submit(new Start(submission, request, answer));
  }

  private void submit(Start start) {
    List<Start> waiting = underWay.get(start.key());
    if (waiting != null) {
      waiting.add(start);
      return;
    }
    underWay.put(start.key(), new ArrayList<>(0));
    saves.findKey(start.key(), (found, failure) -> onLooked(start, found, failure));
  }

  private void onLooked(
      Start first, @Nullable KeyedOperation found, @Nullable OperationException failure) {
    if (failure != null) {
      starts.refuse(first.submission(), answer -> onAnswered(first, answer), failure, null);
    } else if (found == null || isDeclined(first.key(), found)) {
      starts.submit(first.submission(), answer -> onAnswered(first, answer));
    } else {
      onKnown(first, found);
    }
  }

  /** Saved for a batch that did not take the work over: the key leads nowhere. */
  private boolean isDeclined(IdempotencyKey key, KeyedOperation found) {
    LiveOperation batch = live.find(found.operation().id());
    return batch != null && batch.hasDeclined(key);
  }

  private void onKnown(Start first, KeyedOperation found) {
    List<Start> waiting = takeWaiting(first);
    replay(first, found.operation(), found.fingerprint());
    waiting.forEach(other -> replay(other, found.operation(), found.fingerprint()));
  }

  private void onAnswered(Start first, Admission answer) {
    List<Start> waiting = takeWaiting(first);
    publications.tell(() -> first.answer().accept(answer));
    for (Start other : waiting) {
      switch (answer) {
        case Admission.Accepted accepted -> replay(other, accepted.operation(), fingerprint(first));
        case Admission.Replayed replayed -> replay(other, replayed.operation(), fingerprint(first));
        case Admission.Refused refused when fingerprint(other).equals(fingerprint(first)) ->
            refuse(other, refused);
        case Admission.Refused _ -> submit(other);
      }
    }
  }

  private List<Start> takeWaiting(Start first) {
    List<Start> waiting = underWay.remove(first.key());
    if (waiting == null) {
      throw new AssertionError("a key that nobody waits for");
    }
    return waiting;
  }

  private static String fingerprint(Start start) {
    return start.request().fingerprint();
  }

  /** The operation as it stands now; what is stored may be older. */
  private void replay(Start start, OperationSnapshot stored, String fingerprint) {
    OperationSnapshot newest = publications.find(stored.id()).orElse(stored);
    if (!start.submission().reach().has(newest)) {
      refuse(start, reused("The key belongs to another operation."));
    } else if (fingerprint.equals(fingerprint(start))) {
      publications.tell(() -> {
        OperationSnapshot now = publications.find(stored.id()).orElse(stored);
        start.answer().accept(new Admission.Replayed(now));
      });
    } else {
      refuse(
          start,
          reused(
              "The key belongs to operation %s, of which something else was asked."
                  .formatted(stored.id())));
    }
  }

  private static Admission.Refused reused(String detail) {
    return new Admission.Refused(
        new OperationException(ErrorCode.IDEMPOTENCY_KEY_REUSED, detail), null);
  }

  private void refuse(Start start, Admission.Refused refused) {
    publications.refused(start.submission().kind(), refused.error().code());
    publications.tell(() -> start.answer().accept(refused));
  }
}
