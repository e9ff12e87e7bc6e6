package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.util.context.Context;

/** On which thread the answer to a request is written. */
class EventLoopsIntegrationTests {

  @Test
  void whatAnotherThreadFoundIsAnsweredOnTheEventLoopOfItsConnection() throws Exception {
    DisposableServer server = serve();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port())).build();

      List<String> threads = client.send(request, BodyHandlers.ofString()).body().lines().toList();

      assertThat(threads).hasSize(3);
      assertThat(threads.get(0)).startsWith("reactor-http");
      assertThat(threads.get(1)).startsWith("single");
      assertThat(threads.get(2)).isEqualTo(threads.get(0));
    } finally {
      server.disposeNow();
    }
  }

  @Test
  void withoutAConnectionAnyThreadForComputationWillDo() {
    assertThat(EventLoops.of(Context.empty())).isSameAs(Schedulers.parallel());
  }

  private static DisposableServer serve() {
    var handler =
        WebHttpHandlerBuilder.webHandler(EventLoopsIntegrationTests::tellThreads)
            .filter(new EventLoops())
            .build();
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .handle(new ReactorHttpHandlerAdapter(handler))
        .bindNow();
  }

  /** The threads that took the request, found the answer, and write it. */
  private static Mono<Void> tellThreads(ServerWebExchange exchange) {
    String first = Thread.currentThread().getName();
    Mono<String> found =
        Mono.fromCallable(() -> first + '\n' + Thread.currentThread().getName())
            .subscribeOn(Schedulers.single());
    return Mono.deferContextual(asked -> found.publishOn(EventLoops.of(asked)))
        .map(both -> both + '\n' + Thread.currentThread().getName())
        .map(all ->
            exchange.getResponse().bufferFactory().wrap(all.getBytes(StandardCharsets.UTF_8)))
        .flatMap(body -> exchange.getResponse().writeWith(Mono.just(body)));
  }
}
