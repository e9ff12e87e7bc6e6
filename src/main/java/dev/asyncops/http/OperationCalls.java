package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.Admission;
import dev.asyncops.registry.Cancellation;
import dev.asyncops.registry.Change;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.OperationChange;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationQuery;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * The registry as the web layer calls it: the border between the main context and Reactor.
 *
 * <ul>
 *   <li>What changes something runs on the main context; what comes back leaves it at once, so
 *       nothing is serialised there (I4).
 *   <li>A subscriber that goes away ends its waiting and nothing else: what was submitted or
 *       cancelled stays so (L7, L8).
 * </ul>
 *
 * <p>Whoever asks for one operation says what it reaches: of what does not exist for it the answer
 * is that for an unknown id.
 *
 * <p><b>Threads</b>: any; never blocks.
 */
final class OperationCalls {

  private final MainContext context;
  private final OperationRegistry registry;

  OperationCalls(MainContext context, OperationRegistry registry) {
    this.context = context;
    this.registry = registry;
  }

  /**
   * What a start led to.
   *
   * @param operation as it stands
   * @param replayed whether an earlier start with the same key had led to it
   */
  record Started(OperationSnapshot operation, boolean replayed) {}

  /**
   * Submits an operation: as it stands then; ProblemException with QUEUE_FULL, DRAINING, PENDING,
   * IDEMPOTENCY_KEY_REUSED or STORE_UNAVAILABLE.
   */
  Mono<Started> submit(Submission submission) {
    return submit(submission, () -> {});
  }

  /** The same; tells on the main context, also when nobody waits any more, that it is answered. */
  Mono<Started> submit(Submission submission, Runnable answered) {
    return this.<Admission>onContext(sink ->
            registry.submit(
                submission,
                admission -> {
                  answered.run();
                  sink.success(admission);
                }))
        .map(OperationCalls::accepted);
  }

  /**
   * Asks an operation to stop, unless the condition throws when it is given the operation as it
   * stands: as it stands then; NOT_FOUND, or STORE_UNAVAILABLE if it stops but that is not saved.
   */
  Mono<OperationSnapshot> cancel(String id, Reach reach, Consumer<OperationSnapshot> expected) {
    OperationId known = parse(id);
    Consumer<OperationSnapshot> condition = found -> expected.accept(reached(found, reach));
    return this.<Cancellation>onContext(
            sink -> {
              registry.find(known).ifPresent(condition);
              registry.cancel(known, sink::success);
            })
        .flatMap(answer -> cancelled(answer, known, condition));
  }

  private Mono<OperationSnapshot> cancelled(
      Cancellation answer, OperationId id, Consumer<OperationSnapshot> condition) {
    return switch (answer) {
      case Cancellation.Asked asked -> Mono.just(asked.operation());
      case Cancellation.Unsaved unsaved -> Mono.error(problem(unsaved.error()));
      case Cancellation.NotLive() -> load(id).doOnNext(condition);
    };
  }

  /**
   * Changes an operation: as it stands when that is saved; NOT_FOUND, CLOSED, NOT_SUPPORTED or
   * STORE_UNAVAILABLE, or what the change throws.
   */
  Mono<OperationSnapshot> change(String id, Reach reach, OperationChange wanted) {
    OperationId known = parse(id);
    OperationChange change = found -> wanted.settings(reached(found, reach));
    return this.<Change>onContext(sink -> registry.change(known, change, sink::success))
        .flatMap(answer -> changed(answer, known, change));
  }

  private Mono<OperationSnapshot> changed(Change answer, OperationId id, OperationChange change) {
    return switch (answer) {
      case Change.Made made -> Mono.just(made.operation());
      case Change.Declined declined -> Mono.error(declined.reason());
      case Change.Refused refused -> Mono.error(problem(refused.error()).about(id));
      case Change.NotLive() ->
          load(id)
              .flatMap(found ->
                  this.<Change>onContext(
                      sink -> registry.changeFinished(found, change, sink::success)))
              .flatMap(outcome -> changed(outcome, id, change));
    };
  }

  /** The operation as it stands; NOT_FOUND. Waits for nobody unless it ended long ago (A7). */
  Mono<OperationSnapshot> get(String id, Reach reach) {
    OperationId known = parse(id);
    return registry
        .find(known)
        .map(Mono::just)
        .orElseGet(() -> load(known))
        .map(found -> reached(found, reach));
  }

  /** The operation, if it exists for who reaches this; else the answer for an unknown id. */
  private static OperationSnapshot reached(OperationSnapshot found, Reach reach) {
    if (!reach.has(found)) {
      throw ProblemException.unknownOperation(found.id().toString());
    }
    return found;
  }

  /** The operations of a query, newest first. */
  Mono<List<OperationSnapshot>> list(OperationQuery query) {
    return Mono.fromCallable(() -> registry.list(query))
        .subscribeOn(Schedulers.boundedElastic())
        .onErrorMap(OperationException.class, OperationCalls::problem);
  }

  /** A page of the stored outcomes of an operation's items; NOT_FOUND. */
  Mono<ItemPage> items(String id, Reach reach, ItemQuery query) {
    return get(id, reach)
        .flatMap(operation ->
            Mono.fromCallable(() -> ItemPage.read(source(operation.id(), query), query))
                .subscribeOn(Schedulers.boundedElastic()))
        .onErrorMap(OperationException.class, OperationCalls::problem);
  }

  /**
   * All stored outcomes of an operation's items, a block at a time, as the subscriber asks for
   * them; NOT_FOUND before the first.
   */
  Mono<Flux<ItemBlock>> report(String id, Reach reach, ItemQuery query) {
    return get(id, reach)
        .map(operation ->
            ItemPage.stream(source(operation.id(), query))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(OperationException.class, OperationCalls::problem));
  }

  /**
   * What a retry of the operation would submit, if the condition holds.
   *
   * @param list writes the paths, if they are many
   */
  Mono<Submission> retry(
      String id, Reach reach, IfMatch condition, Retries retries, PathWriter list) {
    return get(id, reach)
        .map(condition::check)
        .flatMap(operation ->
            Mono.fromCallable(() -> retries.submission(operation, new Kept(operation.id()), list))
                .flatMap(submission -> submission)
                .subscribeOn(Schedulers.boundedElastic()))
        .onErrorMap(OperationException.class, OperationCalls::problem);
  }

  private final class Kept implements Retries.Kept {

    private final OperationId id;

    Kept(OperationId id) {
      this.id = id;
    }

    @Override
    public List<ItemBlock> failures(long from, int limit) throws OperationException {
      return registry.items(id, Set.of(ItemState.FAILED), from, limit);
    }

    @Override
    public OperationStore.Inputs inputs() throws OperationException {
      return registry.inputs(id);
    }
  }

  private ItemPage.Source source(OperationId id, ItemQuery query) {
    return (from, limit) -> registry.items(id, query.states(), from, limit);
  }

  /** The operation when it is over, or as it stands after the time the client would wait. */
  Mono<OperationSnapshot> await(OperationSnapshot seen, WaitPreference wait, Reach reach) {
    if (wait.seconds() <= 0 || seen.state().isTerminal()) {
      return Mono.just(seen);
    }
    Mono<OperationSnapshot> newest = Mono.fromSupplier(() -> registry.find(seen.id()).orElse(seen));
    return whenTerminal(seen.id())
        .timeout(Duration.ofSeconds(wait.seconds()), newest, Schedulers.parallel())
        .map(found -> reached(found, reach));
  }

  /** The operation when it is another one than what was seen, or after that time. */
  Mono<OperationSnapshot> awaitChange(
      OperationSnapshot seen, WaitPreference wait, EventHub hub, Reach reach) {
    if (wait.seconds() <= 0 || seen.state().isTerminal()) {
      return Mono.just(seen);
    }
    Supplier<OperationSnapshot> newest = () -> registry.find(seen.id()).orElse(seen);
    return Mono.firstWithValue(hub.next(seen, newest), whenTerminal(seen.id()))
        .publishOn(Schedulers.parallel())
        .timeout(
            Duration.ofSeconds(wait.seconds()), Mono.fromSupplier(newest), Schedulers.parallel())
        .map(found -> reached(found, reach));
  }

  private Mono<OperationSnapshot> whenTerminal(OperationId id) {
    return this.<OperationSnapshot>onContext(sink ->
            registry
                .whenTerminal(id, sink::success)
                .ifPresentOrElse(waiting -> sink.onDispose(waiting::close), sink::success))
        .switchIfEmpty(load(id));
  }

  /** From the store, on a thread that may wait for it. */
  private Mono<OperationSnapshot> load(OperationId id) {
    return Mono.fromCallable(() -> registry.load(id))
        .subscribeOn(Schedulers.boundedElastic())
        .onErrorMap(OperationException.class, OperationCalls::problem)
        .map(found -> found.orElseThrow(() -> ProblemException.unknownOperation(id.toString())));
  }

  private static OperationId parse(String id) {
    return OperationId.parse(id).orElseThrow(() -> ProblemException.unknownOperation(id));
  }

  private <T> Mono<T> onContext(Consumer<MonoSink<T>> call) {
    Mono<T> called =
        Mono.<T>create(sink -> context.invoke(() -> guarded(call, sink)))
            .onErrorMap(RejectedExecutionException.class, _ -> draining());
    return Mono.deferContextual(asked -> called.publishOn(EventLoops.of(asked)));
  }

  /** Nobody else would tell the client of an error on the main context. */
  private static <T> void guarded(Consumer<MonoSink<T>> call, MonoSink<T> sink) {
    try {
      call.accept(sink);
    } catch (RuntimeException | Error e) {
      sink.error(e);
    }
  }

  private static Started accepted(Admission admission) {
    return switch (admission) {
      case Admission.Accepted accepted -> new Started(accepted.operation(), false);
      case Admission.Replayed replayed -> new Started(replayed.operation(), true);
      case Admission.Refused refused -> throw refusal(refused);
    };
  }

  private static ProblemException refusal(Admission.Refused refused) {
    ProblemException problem = problem(refused.error());
    OperationId running = refused.running();
    return running == null ? problem : problem.inFavourOf(running);
  }

  private static ProblemException problem(OperationException error) {
    return new ProblemException(error.code(), error.detail());
  }

  /** The answer when the main context takes nothing more. */
  static ProblemException draining() {
    return new ProblemException(ErrorCode.DRAINING, "The service is shutting down.");
  }
}
