package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The outcomes of an operation's items, as far as its report lists them and they are stored: in
 * pages, or all of them as lines.
 *
 * <p>Lines are read from the store as fast as the client takes them, some hundreds at a time, on
 * threads that may block. A client that hangs up ends that.
 */
@RestController
@RequestMapping(path = "/ops/{id:[0-9a-f-]{36}}/items")
public final class OperationItemsController {

  private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

  private final OperationCalls calls;
  private final Callers callers;

  /** A controller that reads the registry. */
  public OperationItemsController(
      MainContext context, OperationRegistry registry, Callers callers) {
    this.callers = callers;
    calls = new OperationCalls(context, registry);
  }

  /** A page, in the order in which the items ended. */
  @Operation(operationId = "listItems", summary = "List the outcomes of items")
  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  public Mono<ResponseEntity<ItemList>> page(@PathVariable String id, ServerWebExchange exchange) {
    ItemQuery query = query(id, exchange);
    return calls
        .items(id, callers.of(exchange).reach(), query)
        .map(page -> answer(query, page, exchange.getRequest()));
  }

  /** All of them, a JSON object a line. */
  @Operation(operationId = "listItems", summary = "List the outcomes of items")
  @GetMapping(produces = MediaType.APPLICATION_NDJSON_VALUE)
  public Mono<ResponseEntity<Flux<DataBuffer>>> json(
      @PathVariable String id, ServerWebExchange exchange) {
    return stream(id, MediaType.APPLICATION_NDJSON, Flux.empty(), ItemLines::json, exchange);
  }

  /** All of them, as a table. */
  @Operation(operationId = "listItems", summary = "List the outcomes of items")
  @GetMapping(produces = "text/csv")
  public Mono<ResponseEntity<Flux<DataBuffer>>> csv(
      @PathVariable String id, ServerWebExchange exchange) {
    return stream(id, CSV, Flux.just(ItemLines.csvHeader()), ItemLines::csv, exchange);
  }

  private static ItemQuery query(String id, ServerWebExchange exchange) {
    return ItemQuery.of(id, exchange.getRequest().getQueryParams());
  }

  private static ResponseEntity<ItemList> answer(
      ItemQuery query, ItemPage page, ServerHttpRequest request) {
    String next = page.next() == null ? null : query.tokenOf(page.next());
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .headers(headers -> OperationAnswers.linkNext(headers, address(query, next), request))
        .body(new ItemList(page.items().stream().map(ItemBody::of).toList(), next));
  }

  private static @Nullable String address(ItemQuery query, @Nullable String next) {
    return next == null
        ? null
        : "/ops/%s/items?%s".formatted(query.operation(), query.withToken(next));
  }

  private Mono<ResponseEntity<Flux<DataBuffer>>> stream(
      String id,
      MediaType type,
      Flux<byte[]> header,
      Function<ItemBlock, byte[]> lines,
      ServerWebExchange exchange) {
    ItemQuery query = query(id, exchange);
    DataBufferFactory buffers = exchange.getResponse().bufferFactory();
    boolean wantsBody = !exchange.getRequest().getMethod().equals(HttpMethod.HEAD);
    return calls
        .report(id, callers.of(exchange).reach(), query)
        .map(blocks -> header.concatWith(blocks.map(lines)).map(buffers::wrap))
        .map(body ->
            ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(type)
                .body(wantsBody ? body : Flux.empty()));
  }
}
