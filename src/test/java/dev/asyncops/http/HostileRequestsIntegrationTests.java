package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.http.RawConnection.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Thousands of requests that nobody should send: each has an answer in time, none is an error of
 * the service, and none tells of its inside. {@code -Dhostile.requests=100000} for more of them,
 * {@code -Dhostile.seed} for the same ones again.
 */
@Timeout(540)
class HostileRequestsIntegrationTests {

  private static final int REQUESTS = Integer.getInteger("hostile.requests", 10_000);
  private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path directory;
  private TestService service;

  @BeforeEach
  void start() throws IOException {
    service = TestService.start(directory);
    Files.writeString(service.path("data:a"), "content");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void everyRequest_isAnswered_andNoneIsAnErrorOfTheService() throws IOException {
    Random random = new Random(SEED);
    String known = service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}")).at("id");
    RawConnection connection = new RawConnection(service.port());
    String before = "";
    try {
      for (int i = 0; i < REQUESTS; i++) {
        HostileRequest request = HostileRequest.of(random, known);
        Reply reply =
            exchange(
                connection,
                request,
                "-Dhostile.seed=%d, request %d, after %s".formatted(SEED, i, before));
        before = "%s\n%s".formatted(request, reply);
        if (reply.isLast()) {
          connection.close();
          connection = new RawConnection(service.port());
        }
      }
    } finally {
      connection.close();
    }
    assertThat(service.get("/actuator/health").status()).isEqualTo(200);
    assertThat(service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}")).at("state"))
        .isEqualTo("SUCCEEDED");
  }

  private static Reply exchange(RawConnection connection, HostileRequest request, String which) {
    try {
      connection.send(request.bytes());
      Reply reply = connection.receive(request.isHead());
      check(request, reply);
      return reply;
    } catch (AssertionError | Exception e) {
      throw new AssertionError(which + ":\n" + request, e);
    }
  }

  private static void check(HostileRequest request, Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isBetween(200, 499);
    assertThat(reply.body()).doesNotContain("Exception", "\tat ", "java.", "dev.asyncops");
    if (reply.status() >= 400 && !request.isHead()) {
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      JsonNode problem = JSON.readTree(reply.body());
      assertThat(problem.get("status").asInt()).isEqualTo(reply.status());
      assertThat(problem.get("code").asString()).matches("[A-Z]+(_[A-Z]+)*");
    }
  }

  @Test
  void requestsInOneGo_areAnsweredInTheirOrder() throws IOException {
    try (RawConnection connection = new RawConnection(service.port())) {
      String start = "{\"paths\":[]}";
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        all.append("GET /ops?pageSize=%d HTTP/1.1\r\nHost: x\r\n\r\n".formatted(i % 2));
        all.append(
            """
            POST /ops/delete-batch HTTP/1.1\r
            Host: x\r
            Content-Type: application/json\r
            Content-Length: %d\r
            \r
            %s\
            """
                .formatted(start.length(), start));
      }
      connection.send(all.toString());

      for (int i = 0; i < 60; i++) {
        assertThat(connection.receive(false).status()).isEqualTo(i % 2 == 0 ? 400 : 200);
        assertThat(connection.receive(false).status()).isEqualTo(202);
      }
    }
  }

  @Test
  void hundredMegabytes_areRefused_whereverTheyAreSent() {
    Stream.of("/ops/copy", "/ops/connect", "/ops/delete-batch", "/ops/summary", "/nothing")
        .forEach(path -> {
          int status = statusOfHundredMegabytes(path);

          assertThat(status).as(path).isIn(0, 404, 405, 413);
          assertThat(service.get("/ops/summary").status()).isEqualTo(200);
        });
  }

  /** 0 if the service hung up while they were sent. */
  private int statusOfHundredMegabytes(String path) {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send(
          "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, 100 << 20));
      byte[] some = new byte[1 << 20];
      Arrays.fill(some, (byte) ' ');
      for (int i = 0; i < 100; i++) {
        connection.send(some);
      }
      return connection.receive(false).status();
    } catch (EOFException | SocketException e) {
      return 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void slowClients_holdUpNobodyElse() throws IOException {
    RawConnection[] slow = new RawConnection[500];
    try {
      for (int i = 0; i < slow.length; i++) {
        slow[i] = new RawConnection(service.port());
        slow[i].send(
            i % 2 == 0
                ? "POST /ops/delete-batch HTTP/1.1\r\nHost: x\r\nX-Slow: "
                : """
                POST /ops/delete-batch HTTP/1.1\r
                Host: x\r
                Content-Type: application/json\r
                Content-Length: 12\r
                \r
                {"pa\
                """);
      }

      assertThat(service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}")).status())
          .isEqualTo(200);

      for (int i = 0; i < slow.length; i++) {
        slow[i].send(
            i % 2 == 0
                ? "\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"paths\":[]}"
                : "ths\":[]}");
        assertThat(slow[i].receive(false).status()).isEqualTo(202);
      }
    } finally {
      for (RawConnection one : slow) {
        if (one != null) {
          one.close();
        }
      }
    }
  }
}
