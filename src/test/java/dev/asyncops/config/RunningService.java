package dev.asyncops.config;

import dev.asyncops.AsyncopsApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service on a port of its own, as {@code main} starts it, and a client for it. */
final class RunningService implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts it with one root {@code data} and these properties, {@code name=value} each. */
  static RunningService start(Path data, String... properties) {
    SpringApplication application = new SpringApplication(AsyncopsApplication.class);
    application.setRegisterShutdownHook(false);
    Stream<String> own = Stream.of("asyncops.roots.data.path=" + data);
    Stream<String> port =
        Stream.of(properties).anyMatch(p -> p.startsWith("server.port"))
            ? Stream.empty()
            : Stream.of("server.port=0");
    String[] arguments =
        Stream.of(own, port, Stream.of(properties))
            .flatMap(some -> some)
            .map("--"::concat)
            .toArray(String[]::new);
    return new RunningService(application.run(arguments));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** A GET that is answered when the operation is over, or after so many seconds. */
  CompletableFuture<HttpResponse<String>> getWhenOver(String path, int seconds) {
    return client.sendAsync(
        request(path).header("Prefer", "wait=" + seconds).GET().build(), BodyHandlers.ofString());
  }

  /** Ends it as a SIGTERM does. */
  @Override
  public void close() {
    context.close();
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
