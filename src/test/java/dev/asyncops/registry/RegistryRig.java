package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextListener;
import dev.asyncops.async.OperationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A registry with everything it needs, on a main context that the test drives by hand.
 *
 * <p>The test's thread owns the context. Closing checks that nothing happened which must never
 * happen: a broken count, a callback that failed.
 */
final class RegistryRig implements AutoCloseable {

  /** A cancel is saved by then, whether or not the operation has stopped. */
  static final Duration CANCEL_SAVED = Duration.ofMillis(10);

  static final Duration MAX_AGE = Duration.ofDays(7);

  final ManualTime time = new ManualTime();
  final MainContext context = new MainContext("test", time, MainContextListener.NONE);
  final HoldingStore store = new HoldingStore(context);
  final WatchingListener heard = new WatchingListener();
  final OperationRegistry registry;

  private RegistryRig(OperationRegistry.Limits limits, List<OperationListener> more) {
    context.acquire();
    List<OperationListener> listeners = new ArrayList<>(more);
    listeners.add(heard);
    registry =
        new OperationRegistry(
            context,
            limits,
            List.of("copy", "delete-batch", "connect"),
            time,
            time,
            new OperationIds(time, new Random(1)),
            store,
            listeners);
  }

  /** With room for so many. */
  static RegistryRig of(int running, int queued, OperationListener... more) {
    return new RegistryRig(
        new OperationRegistry.Limits(running, queued, Long.MAX_VALUE, MAX_AGE, 1_000_000),
        List.of(more));
  }

  /** With room for so many bytes of operations, one of which runs. */
  static RegistryRig ofMemory(long bytes) {
    return new RegistryRig(
        new OperationRegistry.Limits(1, 1000, bytes, MAX_AGE, 1_000_000), List.of());
  }

  /** That keeps so many finished ones for so long. */
  static RegistryRig keeping(Duration maxAge, int maxCount) {
    return new RegistryRig(
        new OperationRegistry.Limits(1000, 1000, Long.MAX_VALUE, maxAge, maxCount), List.of());
  }

  /** Iterates until nothing is ready. */
  void settle() {
    for (int i = 0; context.iterate(false); i++) {
      assertThat(i).as("iterations").isLessThan(100_000);
    }
  }

  /** Lets time pass, and what is due run. */
  void advance(Duration duration) {
    time.advance(duration);
    settle();
  }

  /** Submits, and iterates until nothing is ready. */
  Admission submit(Submitting submission) {
    List<Admission> answers = new ArrayList<>();
    registry.submit(submission.now(), answers::add);
    settle();
    assertThat(answers).as("answers").hasSize(1);
    return answers.getFirst();
  }

  /** Submits what must be admitted, and iterates until nothing is ready. */
  OperationId admit(Submitting submission) {
    Admission answer = submit(submission);
    assertThat(answer).isInstanceOf(Admission.Accepted.class);
    return ((Admission.Accepted) answer).operation().id();
  }

  OperationId admit(ScriptedOperation operation) {
    return admit(Submitting.of(operation));
  }

  /** Submits what must be refused. */
  Admission.Refused refuse(Submitting submission) {
    Admission answer = submit(submission);
    assertThat(answer).isInstanceOf(Admission.Refused.class);
    return (Admission.Refused) answer;
  }

  /** Asks an operation to stop; what it is answered when nothing is ready any more. */
  OperationSnapshot cancel(OperationId id) {
    List<Cancellation> answers = cancelLater(id);
    advance(CANCEL_SAVED);
    assertThat(answers).singleElement().isInstanceOf(Cancellation.Asked.class);
    return ((Cancellation.Asked) answers.getFirst()).operation();
  }

  /** Asks an operation to stop; the answer is there when it has come. */
  List<Cancellation> cancelLater(OperationId id) {
    List<Cancellation> answers = new ArrayList<>();
    registry.cancel(id, answers::add);
    return answers;
  }

  /** Changes an operation; what it is answered when nothing is ready any more. */
  Change change(OperationId id, UnaryOperator<OperationSettings> change) {
    List<Change> answers = new ArrayList<>();
    registry.change(id, now -> change.apply(OperationSettings.of(now)), answers::add);
    settle();
    assertThat(answers).as("answers").hasSize(1);
    return answers.getFirst();
  }

  /** Changes what must be possible to change. */
  OperationSnapshot changed(OperationId id, UnaryOperator<OperationSettings> change) {
    Change answer = change(id, change);
    assertThat(answer).isInstanceOf(Change.Made.class);
    return ((Change.Made) answer).operation();
  }

  /** Has an operation paused, or go on. */
  OperationSnapshot pause(OperationId id, boolean paused) {
    return changed(
        id,
        now -> new OperationSettings(now.priority(), now.bytesPerSecond(), paused, now.labels()));
  }

  /** Lists what the query asks for. */
  List<OperationSnapshot> list(Querying query) {
    try {
      return registry.list(query.now());
    } catch (OperationException e) {
      throw new AssertionError(e);
    }
  }

  /** An operation as it stands. */
  OperationSnapshot read(OperationId id) {
    return registry.find(id).orElseThrow();
  }

  OperationState stateOf(OperationId id) {
    return read(id).state();
  }

  @Override
  public void close() {
    assertThat(heard.violations).isEmpty();
    assertThat(context.failureCount()).as("failed callbacks").isZero();
    context.release();
    context.close();
  }
}
