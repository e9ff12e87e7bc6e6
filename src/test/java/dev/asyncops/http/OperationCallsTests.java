package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextListener;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.Claim;
import dev.asyncops.registry.InMemoryOperationStore;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManualTime;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.ScriptedOperation;
import dev.asyncops.registry.Snapshots;
import dev.asyncops.registry.Submission;
import dev.asyncops.registry.Submission.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** The border between the main context, which the test drives by hand, and Reactor. */
class OperationCallsTests {

  private static final WaitPreference WAIT = new WaitPreference(60);

  private final ManualTime time = new ManualTime();
  private final MainContext context = new MainContext("test", time, MainContextListener.NONE);
  private final InMemoryOperationStore store = new InMemoryOperationStore(context);
  private final OperationRegistry registry =
      new OperationRegistry(
          context,
          new OperationRegistry.Limits(1, 1, Long.MAX_VALUE, Duration.ofDays(1), 10),
          List.of("connect"),
          time,
          time,
          new OperationIds(time, new Random(1)),
          store,
          List.of());
  private final OperationCalls calls = new OperationCalls(context, registry);
  private final ScriptedOperation operation = ScriptedOperation.ofItems(1).obeyingCancel();

  @AfterEach
  void nothingIsLeft_andNothingFailedOnTheContext() {
    if (!context.isClosed()) {
      AtomicBoolean drained = new AtomicBoolean();
      onContext(() -> registry.drain(Duration.ZERO, () -> drained.set(true)));
      assertThat(drained).isTrue();
    }
    assertThat(context.failureCount()).isZero();
  }

  @Test
  void a2_submitting_waitsForNobody() {
    CompletableFuture<OperationCalls.@Nullable Started> answer =
        calls.submit(connect("a")).toFuture();

    assertThat(answer).isNotDone();
    assertThat(after(answer).operation().state()).isEqualTo(OperationState.QUEUED);
  }

  @Test
  void i4_answers_leaveTheMainContext() {
    OperationSnapshot started = submitted("a");
    CompletableFuture<@Nullable String> waiter =
        thread(calls.await(started, WAIT, Reach.ALL)).toFuture();

    assertThat(answer(thread(calls.submit(connect("b"))))).startsWith("parallel-");
    assertThat(answer(thread(calls.cancel(started.id().toString(), Reach.ALL, _ -> {}))))
        .startsWith("parallel-");
    assertThat(after(waiter)).startsWith("parallel-");
  }

  @Test
  void refusal_namesTheOperationThatRuns() {
    OperationSnapshot running = submitted("a");

    ProblemException refusal = failure(calls.submit(connect("a")));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PENDING);
    assertThat(refusal.operation()).isEqualTo(running.id());
    assertThat(refusal.isLocated()).isTrue();
  }

  @Test
  void m22_fullQueue_isRefused() {
    submitted("a");
    submitted("b");

    ProblemException refusal = failure(calls.submit(connect("c")));

    assertThat(refusal.code()).isEqualTo(ErrorCode.QUEUE_FULL);
    assertThat(refusal.operation()).isNull();
  }

  @Test
  void closedContext_isDraining() {
    context.close();

    assertThat(failure(calls.submit(connect("a"))).code()).isEqualTo(ErrorCode.DRAINING);
  }

  @Test
  void errorOnTheContext_reachesTheClient() {
    Submission unknown = submission("none", "a");

    CompletableFuture<OperationCalls.@Nullable Started> answer = calls.submit(unknown).toFuture();
    settle();

    assertThat(answer)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unknownOperation_isNotFound() {
    OperationSnapshot known = submitted("a");
    String other = known.id().toString().replaceFirst("^0", "1");

    assertThat(failure(calls.get(other, Reach.ALL)).code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(catchThrowableOfType(ProblemException.class, () -> calls.get("x", Reach.ALL)).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(answer(calls.get(known.id().toString(), Reach.ALL)).id()).isEqualTo(known.id());
  }

  @Test
  void a7_whatEndedLongAgo_isReadFromTheStoreOnAThreadThatMayWait() {
    OperationSnapshot remembered = fromBefore();

    assertThat(answer(calls.get(remembered.id().toString(), Reach.ALL))).isEqualTo(remembered);
    assertThat(answer(thread(calls.get(remembered.id().toString(), Reach.ALL))))
        .startsWith("boundedElastic-");
    assertThat(answer(calls.await(remembered, WAIT, Reach.ALL))).isEqualTo(remembered);
  }

  @Test
  void k4_cancelOfWhatEndedLongAgo_changesNothingAndHoldsTheCondition() {
    OperationSnapshot remembered = fromBefore();
    List<OperationSnapshot> judged = new ArrayList<>();

    assertThat(answer(calls.cancel(remembered.id().toString(), Reach.ALL, judged::add)))
        .isEqualTo(remembered);
    assertThat(judged).containsExactly(remembered);
  }

  @Test
  void a7_awaitOfWhatEndedAndIsNotAtHandAnyMore_readsTheStore() {
    OperationSnapshot remembered = fromBefore();
    OperationSnapshot seenEarlier = submitted("a");
    OperationSnapshot seen =
        Snapshots.with(Snapshots.of(remembered.id(), "connect"), OperationState.RUNNING);

    assertThat(answer(calls.await(seen, WAIT, Reach.ALL))).isEqualTo(remembered);
    assertThat(seenEarlier.state()).isEqualTo(OperationState.QUEUED);
  }

  @Test
  void whileTheStoreFails_startsAndCancelsAreAnsweredSo_andTheCancelWorks() {
    OperationSnapshot started = submitted("a");
    store.fail(true);

    ProblemException start = failure(calls.submit(connect("b")));
    ProblemException cancel = failure(calls.cancel(started.id().toString(), Reach.ALL, _ -> {}));

    assertThat(start.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(cancel.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(operation.task().cancellable().isCancelled()).isTrue();
    store.fail(false);
    time.advance(Duration.ofSeconds(1));
    settle();
    assertThat(answer(calls.get(started.id().toString(), Reach.ALL)).state())
        .isEqualTo(OperationState.CANCELLED);
  }

  @Test
  void whatIsOver_isNotWaitedFor() {
    OperationSnapshot started = submitted("a");
    onContext(operation::succeedAll);
    OperationSnapshot over = answer(calls.get(started.id().toString(), Reach.ALL));

    assertThat(calls.await(over, WAIT, Reach.ALL).toFuture()).isDone();
    assertThat(calls.await(started, new WaitPreference(0), Reach.ALL).toFuture()).isDone();
    assertThat(answer(calls.await(started, WAIT, Reach.ALL))).isEqualTo(over);
  }

  @Test
  void l7_l8_waiterThatGoesAway_cancelsNothing() {
    OperationSnapshot started = submitted("a");
    Disposable waiter = calls.await(started, WAIT, Reach.ALL).subscribe();
    Disposable hasty = calls.await(started, WAIT, Reach.ALL).subscribe();
    hasty.dispose(); // before the main context has even heard of it
    settle();

    waiter.dispose();
    settle();

    assertThat(answer(calls.get(started.id().toString(), Reach.ALL)).state())
        .isEqualTo(OperationState.RUNNING);
    onContext(operation::succeedAll);
    assertThat(answer(calls.get(started.id().toString(), Reach.ALL)).state())
        .isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void l7_submitterThatGoesAway_leavesTheOperation() {
    Disposable submitter = calls.submit(connect("a")).subscribe();
    submitter.dispose();

    settle();

    assertThat(operation.isStarted()).isTrue();
    assertThat(registry.summary().running()).isEqualTo(1);
  }

  /** An operation that the store remembers and the registry never saw. */
  private OperationSnapshot fromBefore() {
    OperationId id = new OperationIds(time, new Random(2)).next();
    OperationSnapshot remembered =
        Snapshots.with(Snapshots.of(id, "connect"), OperationState.SUCCEEDED);
    onContext(() -> store.admit(remembered, null, _ -> {}));
    return remembered;
  }

  private OperationSnapshot submitted(String claim) {
    return answer(calls.submit(connect(claim))).operation();
  }

  private Submission connect(String claim) {
    return submission("connect", claim);
  }

  private Submission submission(String kind, String claim) {
    return new Submission(
        kind,
        operation.isStarted() ? ScriptedOperation.ofItems(1).obeyingCancel() : operation,
        new JsonText("\"request\""),
        null,
        Priority.DEFAULT,
        null,
        null,
        Report.FAILURES,
        Map.of(),
        null,
        "test",
        Reach.ALL,
        RootSet.of(List.of("data")),
        List.of(new Claim("connect", claim, false)),
        null,
        null);
  }

  private static Mono<String> thread(Mono<?> answer) {
    return answer.map(_ -> Thread.currentThread().getName());
  }

  private ProblemException failure(Mono<?> answer) {
    CompletableFuture<?> future = answer.toFuture();
    settle();
    return (ProblemException)
        Objects.requireNonNull(
            future.handle((_, error) -> error).orTimeout(30, TimeUnit.SECONDS).join());
  }

  private <T> T answer(Mono<T> answer) {
    return after(answer.toFuture());
  }

  private <T> T after(CompletableFuture<@Nullable T> answer) {
    settle();
    return Objects.requireNonNull(answer.orTimeout(30, TimeUnit.SECONDS).join());
  }

  private void onContext(Runnable action) {
    context.post(action);
    settle();
  }

  private void settle() {
    while (context.iterate(false)) {
      // goes on until nothing is ready
    }
  }
}
