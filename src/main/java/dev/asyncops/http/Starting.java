package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.http.OperationCalls.Started;
import dev.asyncops.registry.Submission;
import dev.asyncops.security.Caller;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What all starts have in common, from the submission to the answer. */
final class Starting {

  private final OperationCalls calls;
  private final String path;
  private final Caller caller;
  private final ServerWebExchange exchange;

  /**
   * One start.
   *
   * @param path what was posted to; a key means something else at another one
   * @param caller who starts
   */
  Starting(OperationCalls calls, String path, Caller caller, ServerWebExchange exchange) {
    this.calls = calls;
    this.path = path;
    this.caller = caller;
    this.exchange = exchange;
  }

  /** Submits it, waits as long as the client would, and answers. */
  Mono<ResponseEntity<OperationBody>> start(Mono<Submission> submission) {
    refuseParameters(exchange.getRequest().getQueryParams().keySet());
    return start(submission, calls::submit);
  }

  /**
   * The same for one whose options are parameters.
   *
   * @param submit submits it, with its key if it has one
   */
  Mono<ResponseEntity<OperationBody>> start(
      Mono<Submission> submission, Function<Submission, Mono<Started>> submit) {
    KeyHeader key = KeyHeader.of(exchange.getRequest());
    return start(submission.map(read -> key.of(byCaller(read), path)), key, submit);
  }

  /** The same for a retry, which has no parameters: its path says all that is asked for. */
  Mono<ResponseEntity<OperationBody>> retry(
      Mono<Submission> submission, Function<Submission, Mono<Started>> submit) {
    refuseParameters(exchange.getRequest().getQueryParams().keySet());
    KeyHeader key = KeyHeader.of(exchange.getRequest());
    return start(submission.map(read -> key.ofRetry(byCaller(read), path)), key, submit);
  }

  private Submission byCaller(Submission submission) {
    return submission.by(caller.name(), caller.reach());
  }

  private Mono<ResponseEntity<OperationBody>> start(
      Mono<Submission> keyed, KeyHeader key, Function<Submission, Mono<Started>> submit) {
    WaitPreference wait = WaitPreference.of(exchange);
    return keyed
        .flatMap(submit)
        .doOnNext(started -> key.applyTo(exchange, started.replayed()))
        .flatMap(started -> calls.await(started.operation(), wait, caller.reach()))
        .doOnNext(_ -> wait.applyTo(exchange))
        .map(operation -> OperationAnswers.started(operation, wait, exchange.getRequest()));
  }

  /**
   * A start has no parameters, and neither has a change; a typo must not silently change a delete.
   */
  static void refuseParameters(Set<String> names) {
    if (!names.isEmpty()) {
      throw new ProblemException(
          ErrorCode.INVALID_ARGUMENT,
          "There is no query parameter '%s'.".formatted(Texts.shown(names.iterator().next())));
    }
  }
}
