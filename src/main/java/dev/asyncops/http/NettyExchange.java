package dev.asyncops.http;

import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * What the framework does not tell of an exchange. A chunked body that goes wrong in the middle
 * looks complete, only shorter; but by then Netty has answered with a 400 of its own.
 */
final class NettyExchange {

  private NettyExchange() {}

  /** Whether Netty has answered behind the framework's back. */
  static boolean isAnswered(ServerWebExchange exchange) {
    HttpServerResponse netty =
        ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
    return netty.hasSentHeaders();
  }

  /** What was made of a request's body, or nothing if the body was not whole. */
  static <T> Mono<T> ifWhole(T read, ServerWebExchange exchange) {
    return isAnswered(exchange) ? Mono.empty() : Mono.just(read);
  }
}
