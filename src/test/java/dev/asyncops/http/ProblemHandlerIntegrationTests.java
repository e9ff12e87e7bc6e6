package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Errors as clients see them, from a server that does nothing but fail. */
class ProblemHandlerIntegrationTests {

  private static final String SECRET = "/srv/secret: password=hunter2";

  @Test
  void unforeseenError_showsNothingOfTheInside() throws Exception {
    Answer answer = answerTo(new IllegalStateException(SECRET));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.at("code")).isEqualTo("FAILED");
    assertThat(answer.at("instance")).isEqualTo("/some/path");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.text()).doesNotContain("secret", "IllegalState", "hunter2");
  }

  @Test
  void errorOfTheFramework_keepsItsStatus_butNotItsWords() throws Exception {
    Answer conflict = answerTo(new ResponseStatusException(HttpStatus.CONFLICT, SECRET));
    Answer broken = answerTo(new ResponseStatusException(HttpStatus.BAD_GATEWAY, SECRET));

    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.text()).doesNotContain("secret");
    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.text()).doesNotContain("secret");
  }

  @Test
  void virtualMachineError_isAnswered() throws Exception {
    assertThat(answerTo(new StackOverflowError(SECRET)).status()).isEqualTo(500);
  }

  @Test
  void refusal_saysWhenToAskAgain() throws Exception {
    Answer full = answerTo(new ProblemException(ErrorCode.QUEUE_FULL, "Full."));
    Answer draining = answerTo(new ProblemException(ErrorCode.DRAINING, "Ending."));
    Answer wrong = answerTo(new ProblemException(ErrorCode.INVALID_ARGUMENT, "Wrong."));

    assertThat(full.status()).isEqualTo(429);
    assertThat(full.header("Retry-After")).isEqualTo("1");
    assertThat(draining.status()).isEqualTo(503);
    assertThat(draining.header("Retry-After")).isEqualTo("1");
    assertThat(wrong.header("Retry-After")).isEmpty();
  }

  @Test
  void refusal_hasTheMembersOfTheContract_inTheirOrder() throws Exception {
    Answer plain = answerTo(new ProblemException(ErrorCode.NOT_EMPTY, "No."));

    assertThat(plain.text())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Not empty\",\"status\":409,"
                + "\"code\":\"NOT_EMPTY\",\"detail\":\"No.\",\"instance\":\"/some/path\"}");
  }

  private static Answer answerTo(Throwable error) throws IOException, InterruptedException {
    WebHandler failing = (ServerWebExchange _) -> Mono.error(error);
    ReactorHttpHandlerAdapter handler =
        new ReactorHttpHandlerAdapter(
            WebHttpHandlerBuilder.webHandler(failing)
                .exceptionHandler(new ProblemHandler())
                .build());
    DisposableServer server =
        HttpServer.create().host("127.0.0.1").port(0).handle(handler).bindNow();
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:%d/some/path?q=1".formatted(server.port()));
      HttpRequest request = HttpRequest.newBuilder(address).header("Accept", "text/html").build();
      return new Answer(client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8)));
    } finally {
      server.disposeNow();
    }
  }
}
