package dev.asyncops.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of one stream on a connection of its own, which reads when the test says so. */
final class EventStreamClient implements AutoCloseable {

  /** An event as it came; the id is null if it has none. */
  record Event(@Nullable String id, String name, JsonNode data) {

    long revision() {
      return data.get("revision").asLong();
    }
  }

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpResponse<InputStream> response;
  private final BufferedReader in;

  /** Asks for a path, with names and values of headers, and waits for the head of the answer. */
  EventStreamClient(int port, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    response = client.send(request.build(), BodyHandlers.ofInputStream());
    in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  int status() {
    return response.statusCode();
  }

  /** The next event; null when the stream has ended. */
  @Nullable Event next() throws IOException {
    @Nullable String id = null;
    String name = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        return new Event(id, name, MAPPER.readTree(line.substring(6)));
      }
    }
    return null;
  }

  /** All that come until the stream ends. */
  List<Event> rest() throws IOException {
    List<Event> events = new ArrayList<>();
    for (Event event = next(); event != null; event = next()) {
      events.add(event);
    }
    return events;
  }

  /** All of the text until the stream ends. */
  String text() throws IOException {
    return in.readAllAsString();
  }

  /** Hangs up. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
