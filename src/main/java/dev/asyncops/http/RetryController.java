package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.files.Roots;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.security.Caller;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Starts what failed or was cancelled of an operation that is over, as an operation of its own. All
 * that holds for starts holds here.
 */
@RestController
@RequestMapping(path = "/ops/{id:[0-9a-f-]{36}}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
public final class RetryController {

  private final MainContext context;
  private final ManifestStore manifests;
  private final OperationCalls calls;
  private final Retries retries;
  private final Callers callers;

  /** A controller that keeps long lists in this store. */
  public RetryController(
      MainContext context,
      OperationRegistry registry,
      Roots roots,
      OperationFactory operations,
      ManifestStore manifests,
      Callers callers) {
    this.callers = callers;
    this.context = context;
    this.manifests = manifests;
    calls = new OperationCalls(context, registry);
    retries = new Retries(roots, operations, manifests);
  }

  /** Starts the retry. It takes no body: its request is the operation's. */
  @Operation(operationId = "retryOperation", summary = "Do again what failed or was cancelled")
  @PostMapping
  public Mono<ResponseEntity<OperationBody>> retry(
      @PathVariable String id, ServerWebExchange exchange) {
    refuseBody(exchange.getRequest().getHeaders());
    IfMatch condition = IfMatch.of(exchange.getRequest().getHeaders());
    Caller caller = callers.of(exchange);
    Starting starting = new Starting(calls, "/ops/%s/retry".formatted(id), caller, exchange);
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new PathWriter(context, manifests, Schedulers.boundedElastic())),
        list ->
            starting.retry(
                calls.retry(id, caller.reach(), condition, retries, list),
                submission -> {
                  list.handOver();
                  return calls.submit(submission, list::release);
                }),
        list -> Mono.fromRunnable(list::giveUp),
        (list, _) -> Mono.fromRunnable(list::giveUp),
        list -> Mono.fromRunnable(list::giveUp));
  }

  /** What somebody would change about a retry must not be passed over. */
  private static void refuseBody(HttpHeaders headers) {
    if (headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
      throw new ProblemException(ErrorCode.INVALID_ARGUMENT, "A retry has no body.");
    }
  }
}
