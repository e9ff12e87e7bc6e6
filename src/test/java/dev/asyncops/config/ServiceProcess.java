package dev.asyncops.config;

import dev.asyncops.AsyncopsApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The whole service in a process of its own, which can be killed, and a client for it. */
final class ServiceProcess implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("Netty started on port (\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private ServiceProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> read(port));
  }

  /** Starts it with one root {@code data}, on a free port; returns when it listens there. */
  static ServiceProcess start(Path data, Path state) throws Exception {
    return start(data, "asyncops.state-dir=" + state);
  }

  /** The same, with these properties, {@code name=value} each. */
  static ServiceProcess start(Path data, String... properties) throws Exception {
    ServiceProcess service = launch(data, properties);
    try {
      service.awaitListening();
      return service;
    } catch (Exception e) {
      service.close();
      throw e;
    }
  }

  /** Starts it, but does not wait. */
  static ServiceProcess launch(Path data, Path state) throws IOException {
    return launch(data, "asyncops.state-dir=" + state);
  }

  private static ServiceProcess launch(Path data, String... properties) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                AsyncopsApplication.class.getName(),
                "--server.port=0",
                "--asyncops.roots.data.path=" + data));
    Stream.of(properties).map("--"::concat).forEach(command::add);
    return new ServiceProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Returns when it listens; fails if it has ended. */
  void awaitListening() throws Exception {
    port.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Whether it ends, or listens, within that time. */
  boolean listensWithin(Duration time) throws Exception {
    try {
      port.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Lets that time pass, unless it ends by itself. */
  void endsNotWithin(Duration time) throws InterruptedException {
    if (process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("It has ended: " + log);
    }
  }

  /** Reads its log to the end, so that it never waits for a reader. */
  private void read(CompletableFuture<Integer> listening) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        Matcher found = LISTENS.matcher(line);
        if (found.find()) {
          listening.complete(Integer.valueOf(found.group(1)));
        }
      }
      listening.completeExceptionally(new AssertionError("It has ended: " + log));
    } catch (IOException e) {
      listening.completeExceptionally(e); // nobody hears of that once it has listened
    }
  }

  /** What it has said. */
  List<String> log() {
    return log;
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json, String... headers) {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Posts lines. */
  HttpResponse<String> upload(String path, HttpRequest.BodyPublisher lines) {
    return send(request(path).header("Content-Type", "text/plain").POST(lines));
  }

  int port() {
    return port.join();
  }

  HttpResponse<String> patch(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  /** Ends it with SIGKILL; returns when it is gone. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // the process itself would close what is read
    process.waitFor();
  }

  /** Ends it with SIGTERM, and waits for its end. */
  void terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("It does not end: " + log);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.join() + path))
        .timeout(PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
