package dev.asyncops.http;

import dev.asyncops.AsyncopsApplication;
import dev.asyncops.files.FileAccess;
import dev.asyncops.operations.OperationServices;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The whole service on a free port of the loopback, with a root {@code data}, a root {@code
 * archive}, and a read-only root {@code frozen}; and a client of it.
 */
final class TestService implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path directory;
  private final int port;

  private TestService(ConfigurableApplicationContext context, Path directory) {
    this.context = context;
    this.directory = directory;
    port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /** Starts it, with its roots in a directory and maybe further properties. */
  static TestService start(Path directory, String... properties) throws IOException {
    return start(directory, files -> files, properties);
  }

  /** The same, with something between the operations and their files. */
  static TestService start(Path directory, UnaryOperator<FileAccess> between, String... properties)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--server.port=0"));
    for (String root : List.of("data", "archive", "frozen")) {
      Path path = Files.createDirectories(directory.resolve(root));
      arguments.add("--asyncops.roots.%s.path=%s".formatted(root, path));
    }
    arguments.add("--asyncops.roots.frozen.read-only=true");
    arguments.add("--asyncops.state-dir=" + directory.resolve("state"));
    Stream.of(properties).map(property -> "--" + property).forEach(arguments::add);
    SpringApplication application = new SpringApplication(AsyncopsApplication.class);
    application.addInitializers(
        context -> context.getBeanFactory().addBeanPostProcessor(new Between(between)));
    return new TestService(application.run(arguments.toArray(String[]::new)), directory);
  }

  private record Between(UnaryOperator<FileAccess> between) implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean
              instanceof OperationServices(var context, var files, var pools, var rate, var boot)
          ? new OperationServices(context, between.apply(files), pools, rate, boot)
          : bean;
    }
  }

  int port() {
    return port;
  }

  /** The status alone of an answer that may go on. */
  int status(HttpRequest.Builder request) {
    try {
      HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
      answer.body().close();
      return answer.statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What is there of a type. */
  <T> Collection<T> beans(Class<T> type) {
    return context.getBeansOfType(type).values();
  }

  /** A path on the host of {@code data:…} and the like. */
  Path path(String rooted) {
    return directory.resolve(rooted.replaceFirst(":", "/"));
  }

  Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  Answer delete(String path, String... headers) {
    return send(request(path, headers).DELETE());
  }

  /** Posts JSON. */
  Answer post(String path, String json, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** A request to be completed. */
  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Starts an operation, which must be accepted, and gives its path. */
  String started(String path, String json) {
    Answer answer = post(path, json);
    if (answer.status() != 202) {
      throw new AssertionError(answer.toString());
    }
    return answer.header("Location");
  }

  /** Waits for an operation's end. */
  Answer ended(String operation) {
    Answer answer = get(operation, "Prefer", "wait=60");
    if (answer.json().get("endTime").isNull()) {
      throw new AssertionError("still going on: " + answer);
    }
    return answer;
  }

  /** Ends the service as a signal would, and leaves the client. */
  void shutDown() {
    context.close();
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }
}
