package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.Reach;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * One operation: its status, its settings, its cancel, and its result.
 *
 * <p>The path takes only what looks like an id, so that any other address below {@code /ops} is
 * unknown whatever the method.
 */
@RestController
@RequestMapping(path = "/ops/{id:[0-9a-f-]{36}}", produces = MediaType.APPLICATION_JSON_VALUE)
public final class OperationController {

  private final OperationCalls calls;
  private final EventHub hub;
  private final Callers callers;

  /** A controller that reads from anywhere, and changes and cancels on the context. */
  public OperationController(
      MainContext context, OperationRegistry registry, EventHub hub, Callers callers) {
    this.callers = callers;
    calls = new OperationCalls(context, registry);
    this.hub = hub;
  }

  /**
   * The status: never a failed exchange because the operation failed (A6). A client that waits and
   * has the newest revision is answered when there is another one.
   */
  @Operation(operationId = "getOperation", summary = "Read the status of an operation")
  @GetMapping
  public Mono<ResponseEntity<OperationBody>> read(
      @PathVariable String id, ServerWebExchange exchange) {
    IfMatch condition = IfMatch.of(exchange.getRequest().getHeaders());
    IfNoneMatch known = IfNoneMatch.of(exchange.getRequest().getHeaders());
    return calls
        .get(id, reach(exchange))
        .flatMap(operation ->
            known.isPresent()
                ? awaitChange(operation, known, exchange)
                : await(operation, exchange))
        .map(condition::check)
        .map(operation -> OperationAnswers.read(operation, known));
  }

  /** Asks the operation to stop; what is over stays as it ended (K4). */
  @Operation(operationId = "cancelOperation", summary = "Cancel an operation")
  @DeleteMapping
  public Mono<ResponseEntity<OperationBody>> cancel(
      @PathVariable String id, ServerWebExchange exchange) {
    IfMatch condition = IfMatch.of(exchange.getRequest().getHeaders());
    return calls
        .cancel(id, reach(exchange), condition::check)
        .flatMap(operation -> await(operation, exchange))
        .map(OperationAnswers::cancelled);
  }

  /** Changes what may be changed, all of it or nothing. */
  @Operation(operationId = "patchOperation", summary = "Change the settings of an operation")
  @PatchMapping(consumes = {PatchBody.MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
  public Mono<ResponseEntity<OperationBody>> change(
      @PathVariable String id, @RequestBody Mono<PatchBody> body, ServerWebExchange exchange) {
    IfMatch condition = IfMatch.of(exchange.getRequest().getHeaders());
    Starting.refuseParameters(exchange.getRequest().getQueryParams().keySet());
    return body.map(OperationPatch::of)
        .flatMap(patch -> NettyExchange.ifWhole(patch, exchange))
        .flatMap(patch ->
            calls.change(
                id, reach(exchange), operation -> patch.settings(condition.check(operation))))
        .map(OperationAnswers::changed);
  }

  /** The value, or the error with the status of its code: the finish half of the pair (A1). */
  @Operation(operationId = "getResult", summary = "Read the result of an operation")
  @GetMapping("/result")
  public Mono<ResponseEntity<Object>> result(@PathVariable String id, ServerWebExchange exchange) {
    return calls
        .get(id, reach(exchange))
        .flatMap(operation -> await(operation, exchange))
        .map(OperationResult::of)
        .map(value -> ResponseEntity.ok().cacheControl(CacheControl.noCache()).body(value));
  }

  private Reach reach(ServerWebExchange exchange) {
    return callers.of(exchange).reach();
  }

  private Mono<OperationSnapshot> await(OperationSnapshot seen, ServerWebExchange exchange) {
    WaitPreference wait = WaitPreference.of(exchange);
    return calls.await(seen, wait, reach(exchange)).doOnNext(_ -> wait.applyTo(exchange));
  }

  private Mono<OperationSnapshot> awaitChange(
      OperationSnapshot seen, IfNoneMatch known, ServerWebExchange exchange) {
    WaitPreference wait = WaitPreference.of(exchange);
    Mono<OperationSnapshot> other =
        known.matches(seen) ? calls.awaitChange(seen, wait, hub, reach(exchange)) : Mono.just(seen);
    return other.doOnNext(_ -> wait.applyTo(exchange));
  }
}
