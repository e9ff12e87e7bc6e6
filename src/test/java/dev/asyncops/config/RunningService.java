package dev.asyncops.config;

import dev.asyncops.AsyncopsApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** The whole service on a port of its own, as {@code main} starts it, and a client for it. */
final class RunningService implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private final @Nullable Path ownState;

  private RunningService(ConfigurableApplicationContext context, @Nullable Path ownState) {
    this.context = context;
    this.ownState = ownState;
  }

  /**
   * Starts it with one root {@code data} and these properties, {@code name=value} each. Its port is
   * a free one, and its state goes with it, unless they say otherwise.
   */
  static RunningService start(Path data, String... properties) {
    SpringApplication application = new SpringApplication(AsyncopsApplication.class);
    application.setRegisterShutdownHook(false);
    List<String> arguments = new ArrayList<>(List.of("asyncops.roots.data.path=" + data));
    if (Stream.of(properties).noneMatch(p -> p.startsWith("server.port"))) {
      arguments.add("server.port=0");
    }
    @Nullable Path ownState = null;
    if (Stream.of(properties).noneMatch(p -> p.startsWith("asyncops.state-dir"))) {
      ownState = newDirectory();
      arguments.add("asyncops.state-dir=" + ownState);
    }
    arguments.addAll(List.of(properties));
    try {
      return new RunningService(
          application.run(arguments.stream().map("--"::concat).toArray(String[]::new)), ownState);
    } catch (RuntimeException e) {
      remove(ownState);
      throw e;
    }
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("asyncops-state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(@Nullable Path directory) {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** All beans of a type. */
  <T> Collection<T> beans(Class<T> type) {
    return context.getBeansOfType(type).values();
  }

  /** A property as it is now. */
  String property(String name) {
    return context.getEnvironment().getRequiredProperty(name);
  }

  /** Asks with a token. */
  HttpResponse<String> get(String path, String token) {
    return send(request(path).header("Authorization", "Bearer " + token).GET().build());
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

  HttpResponse<String> patch(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Posts nothing. */
  HttpResponse<String> post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE().build());
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
    remove(ownState);
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
