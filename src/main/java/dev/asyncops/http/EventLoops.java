package dev.asyncops.http;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.ContextView;

/**
 * Lets what was asked of another thread be answered on the event loop of its connection: one change
 * of threads instead of two, and one wake-up for all answers that come together.
 */
public final class EventLoops implements WebFilter {

  private final Map<EventLoop, Scheduler> loops = new ConcurrentHashMap<>();

  /** Where an exchange is answered; any thread for computation if there is none. */
  static Scheduler of(ContextView context) {
    return context.<Scheduler>getOrEmpty(EventLoops.class).orElseGet(Schedulers::parallel);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return chain
        .filter(exchange)
        .contextWrite(context -> context.put(EventLoops.class, schedulerOf(exchange)));
  }

  private Scheduler schedulerOf(ServerWebExchange exchange) {
    HttpServerResponse netty =
        ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
    EventLoop[] loop = new EventLoop[1];
    netty.withConnection(connection -> loop[0] = connection.channel().eventLoop());
    return loops.computeIfAbsent(loop[0], Schedulers::fromExecutor);
  }
}
