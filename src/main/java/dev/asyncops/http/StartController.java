package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.files.Roots;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.Submission;
import dev.asyncops.security.Caller;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Starts operations. The answer comes as soon as the operation is admitted, unless the client would
 * wait; no file and no network is touched before (A2).
 */
@RestController
@RequestMapping(
    path = "/ops",
    consumes = MediaType.APPLICATION_JSON_VALUE,
    produces = MediaType.APPLICATION_JSON_VALUE)
public final class StartController {

  private final OperationCalls calls;
  private final Callers callers;
  private final CopyStart copies;
  private final DeleteBatchStart deleteBatches;
  private final ConnectStart connects;

  /** A controller that has operations made by the factory and submits them on the context. */
  public StartController(
      MainContext context,
      OperationRegistry registry,
      Roots roots,
      OperationFactory operations,
      Callers callers) {
    this.callers = callers;
    calls = new OperationCalls(context, registry);
    copies = new CopyStart(roots, operations);
    deleteBatches = new DeleteBatchStart(roots, operations);
    connects = new ConnectStart(roots, operations);
  }

  /** Starts a copy of a file or a tree. */
  @Operation(operationId = "startCopy", summary = "Start a copy of a file or a tree")
  @PostMapping("/copy")
  public Mono<ResponseEntity<OperationBody>> copy(
      @RequestBody Mono<CopyBody> body, ServerWebExchange exchange) {
    return start(reach -> body.map(copies.within(reach)::submission), exchange);
  }

  /** Starts, or joins, a parallel delete. */
  @Operation(operationId = "startDeleteBatch", summary = "Start, or join, a parallel delete")
  @PostMapping("/delete-batch")
  public Mono<ResponseEntity<OperationBody>> deleteBatch(
      @RequestBody Mono<DeleteBatchBody> body, ServerWebExchange exchange) {
    return start(reach -> body.map(deleteBatches.within(reach)::submission), exchange);
  }

  /** Starts reading an address file, connecting, and reading a message. */
  @Operation(
      operationId = "startConnect",
      summary = "Connect to the address in a file, and read a message")
  @PostMapping("/connect")
  public Mono<ResponseEntity<OperationBody>> connect(
      @RequestBody Mono<ConnectBody> body, ServerWebExchange exchange) {
    return start(reach -> body.map(connects.within(reach)::submission), exchange);
  }

  private Mono<ResponseEntity<OperationBody>> start(
      Function<Reach, Mono<Submission>> submission, ServerWebExchange exchange) {
    Caller caller = callers.of(exchange);
    String path = exchange.getRequest().getPath().pathWithinApplication().value();
    return new Starting(calls, path, caller, exchange)
        .start(
            submission
                .apply(caller.reach())
                .flatMap(read -> NettyExchange.ifWhole(read, exchange)));
  }
}
