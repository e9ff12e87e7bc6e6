package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.Reach;
import dev.asyncops.security.Callers;
import io.swagger.v3.oas.annotations.Operation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What happens, as it happens: server-sent events for programs, text for people. Each event is sent
 * as soon as there is one; a client that hangs up ends its stream and nothing else (L7).
 */
@RestController
@RequestMapping(
    path = "/ops",
    produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.TEXT_PLAIN_VALUE})
public final class EventController {

  private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

  private final OperationRegistry registry;
  private final OperationCalls calls;
  private final EventHub hub;
  private final Callers callers;
  private final AcceptedTypes accepted = new AcceptedTypes();

  /** A controller that shows what the hub hears of the registry. */
  public EventController(
      MainContext context, OperationRegistry registry, EventHub hub, Callers callers) {
    this.callers = callers;
    this.registry = registry;
    this.hub = hub;
    calls = new OperationCalls(context, registry);
  }

  /** One operation, up to its end; 204 for a client that has heard of the end. */
  @Operation(operationId = "streamEvents", summary = "Watch an operation as it goes")
  @GetMapping("/{id:[0-9a-f-]{36}}/events")
  public Mono<Void> operation(@PathVariable String id, ServerWebExchange exchange) {
    EventText text = wantsText(exchange) ? new ProgressText(Columns.of(exchange)) : null;
    Reach reach = callers.of(exchange).reach();
    return calls.get(id, reach).flatMap(seen -> operation(seen, text, reach, exchange));
  }

  /** The states and ends of all operations. */
  @Operation(operationId = "streamAllEvents", summary = "Watch all operations")
  @GetMapping("/events")
  public Mono<Void> service(ServerWebExchange exchange) {
    Reach reach = callers.of(exchange).reach();
    return send(
        hub.service(lastEventId(exchange), () -> SummaryBody.of(registry.summary(reach)), reach),
        wantsText(exchange) ? new ServiceText() : null,
        exchange);
  }

  private Mono<Void> operation(
      OperationSnapshot seen, @Nullable EventText text, Reach reach, ServerWebExchange exchange) {
    String last = lastEventId(exchange);
    if (hub.hasHeardOfEnd(seen, last)) {
      exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
      exchange.getResponse().getHeaders().setCacheControl(CacheControl.noStore());
      return exchange.getResponse().setComplete();
    }
    Flux<StreamEvent> events =
        hub.operation(seen, last, () -> registry.find(seen.id()).orElse(seen))
            .takeWhile(event -> isFor(reach, event));
    return send(events, text, exchange);
  }

  /** An operation ceases to exist for a client when something joins it that is not for that one. */
  private static boolean isFor(Reach reach, StreamEvent event) {
    return !(event instanceof OperationEvent about) || reach.has(about.operation());
  }

  private static @Nullable String lastEventId(ServerWebExchange exchange) {
    return exchange.getRequest().getHeaders().getFirst("Last-Event-ID");
  }

  /** Whether the client would rather have text; one that does not say gets events. */
  private boolean wantsText(ServerWebExchange exchange) {
    return accepted.resolveMediaTypes(exchange).stream()
        .filter(type ->
            type.includes(MediaType.TEXT_EVENT_STREAM) || type.includes(MediaType.TEXT_PLAIN))
        .findFirst()
        .filter(type -> !type.includes(MediaType.TEXT_EVENT_STREAM))
        .isPresent();
  }

  private static Mono<Void> send(
      Flux<StreamEvent> events, @Nullable EventText text, ServerWebExchange exchange) {
    ServerHttpResponse response = exchange.getResponse();
    response.getHeaders().setContentType(text == null ? MediaType.TEXT_EVENT_STREAM : TEXT);
    response.getHeaders().setCacheControl(CacheControl.noStore());
    response.getHeaders().set("X-Accel-Buffering", "no"); // said to nginx
    if (exchange.getRequest().getMethod().equals(HttpMethod.HEAD)) {
      return response.setComplete();
    }
    DataBufferFactory buffers = response.bufferFactory();
    Flux<byte[]> bytes =
        text == null
            ? events.map(StreamEvent::serverSent)
            : events.map(event -> text.of(event).getBytes(StandardCharsets.UTF_8));
    return response.writeAndFlushWith(bytes.map(buffers::wrap).map(Mono::just));
  }
}
