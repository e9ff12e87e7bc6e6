package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.Admission;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.Submission;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
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
   * Submits an operation: as it stands then; ProblemException with QUEUE_FULL, DRAINING or PENDING.
   */
  Mono<OperationSnapshot> submit(Submission submission) {
    return this.<Admission>onContext(sink -> registry.submit(submission, sink::success))
        .map(OperationCalls::accepted);
  }

  /**
   * Asks an operation to stop, unless the condition throws when it is given the operation as it
   * stands: as it stands then; NOT_FOUND.
   */
  Mono<OperationSnapshot> cancel(OperationId id, Consumer<OperationSnapshot> condition) {
    return this.<Optional<OperationSnapshot>>onContext(
            sink -> {
              registry.find(id).ifPresent(condition);
              sink.success(registry.cancel(id));
            })
        .map(found -> found.orElseThrow(() -> ProblemException.unknownOperation(id.toString())));
  }

  /** The operation as it stands; NOT_FOUND. Waits for nobody (A7). */
  OperationSnapshot get(String id) {
    return OperationId.parse(id)
        .flatMap(registry::find)
        .orElseThrow(() -> ProblemException.unknownOperation(id));
  }

  /** The operation when it is over, or as it stands after the time the client would wait. */
  Mono<OperationSnapshot> await(OperationSnapshot seen, WaitPreference wait) {
    if (wait.seconds() <= 0 || seen.state().isTerminal()) {
      return Mono.just(seen);
    }
    Mono<OperationSnapshot> newest = Mono.fromSupplier(() -> registry.find(seen.id()).orElse(seen));
    return whenTerminal(seen.id())
        .timeout(Duration.ofSeconds(wait.seconds()), newest, Schedulers.parallel());
  }

  private Mono<OperationSnapshot> whenTerminal(OperationId id) {
    return onContext(sink -> sink.onDispose(registry.whenTerminal(id, sink::success)::close));
  }

  private <T> Mono<T> onContext(Consumer<MonoSink<T>> call) {
    return Mono.<T>create(sink -> context.invoke(() -> guarded(call, sink)))
        .onErrorMap(RejectedExecutionException.class, _ -> draining())
        .publishOn(Schedulers.parallel());
  }

  /** Nobody else would tell the client of an error on the main context. */
  private static <T> void guarded(Consumer<MonoSink<T>> call, MonoSink<T> sink) {
    try {
      call.accept(sink);
    } catch (RuntimeException | Error e) {
      sink.error(e);
    }
  }

  private static OperationSnapshot accepted(Admission admission) {
    return switch (admission) {
      case Admission.Accepted accepted -> accepted.operation();
      case Admission.Refused refused -> throw refusal(refused);
    };
  }

  private static ProblemException refusal(Admission.Refused refused) {
    OperationException error = refused.error();
    ProblemException problem = new ProblemException(error.code(), error.detail());
    OperationId running = refused.running();
    return running == null ? problem : problem.inFavourOf(running);
  }

  private static ProblemException draining() {
    return new ProblemException(ErrorCode.DRAINING, "The service is shutting down.");
  }
}
