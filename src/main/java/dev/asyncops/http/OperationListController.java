package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** All operations: the list and the summary. */
@RestController
@RequestMapping(path = "/ops", produces = MediaType.APPLICATION_JSON_VALUE)
public final class OperationListController {

  private final OperationRegistry registry;
  private final OperationCalls calls;
  private final Callers callers;

  /** A controller that reads the registry. */
  public OperationListController(MainContext context, OperationRegistry registry, Callers callers) {
    this.callers = callers;
    this.registry = registry;
    calls = new OperationCalls(context, registry);
  }

  /** A page of the operations that the query asks for, newest first. */
  @Operation(operationId = "listOperations", summary = "List operations, newest first")
  @GetMapping
  public Mono<ResponseEntity<OperationList>> list(ServerWebExchange exchange) {
    ListQuery query = ListQuery.of(exchange.getRequest().getQueryParams());
    return calls
        .list(query.withOneMore(callers.of(exchange).reach()))
        .map(found -> page(query, found, exchange.getRequest()));
  }

  /** The counts of the service. */
  @Operation(operationId = "getSummary", summary = "Read the counts of the service")
  @GetMapping("/summary")
  public ResponseEntity<SummaryBody> summary(ServerWebExchange exchange) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(SummaryBody.of(registry.summary(callers.of(exchange).reach())));
  }

  private static ResponseEntity<OperationList> page(
      ListQuery query, List<OperationSnapshot> found, ServerHttpRequest request) {
    List<OperationSnapshot> shown = found.stream().limit(query.pageSize()).toList();
    String next = found.size() > shown.size() ? query.tokenAfter(shown.getLast().id()) : null;
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .headers(headers -> OperationAnswers.linkNext(headers, address(query, next), request))
        .body(new OperationList(shown.stream().map(OperationBody::of).toList(), next));
  }

  private static @Nullable String address(ListQuery query, @Nullable String next) {
    return next == null ? null : "/ops?" + query.withToken(next);
  }
}
