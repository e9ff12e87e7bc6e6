package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retries of delete-batches that were stopped, of work on real files. */
@Timeout(180)
class BatchRetryIntegrationTests {

  private static final int MANY = 6000;

  @TempDir Path directory;

  private final HangingRoot data = new HangingRoot("data");
  private TestService service;

  @BeforeEach
  void start() throws IOException {
    service = TestService.start(directory, data::between, "asyncops.limits.io-threads=1");
  }

  @AfterEach
  void stop() {
    data.thaw();
    service.close();
  }

  @Test
  void cancelled_isFinished() throws Exception {
    String first = stoppedHalfway(withFiles("c"));
    Answer before = service.get(first);
    long left = before.number("total") - before.number("succeeded");
    assertThat(before.at("state")).isEqualTo("CANCELLED");
    assertThat(before.number("cancelled")).isPositive().isEqualTo(left);
    assertThat(Files.exists(service.path("data:c/" + (MANY - 1)))).isTrue();

    Answer retried = retry(first, "Idempotency-Key", "k");
    Answer again = service.ended(retried.header("Location"));

    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    assertThat(retried.number("total")).isEqualTo(left);
    assertThat(again.at("state")).isEqualTo("SUCCEEDED");
    assertThat(again.number("succeeded")).isEqualTo(left);
    assertThat(again.json().at("/request/pathCount").asLong()).isEqualTo(left);
    assertThat(again.json().at("/request/paths").size()).isEqualTo(100);
    assertThat(again.json().get("request").has("sha256")).isFalse();
    assertThat(service.path("data:c")).isEmptyDirectory();
    Answer replayed = retry(first, "Idempotency-Key", "k");
    assertThat(replayed.header("Location")).isEqualTo(retried.header("Location"));
    assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
    nothingIsLeft();
  }

  @Test
  void cancelledWithAllThatJoinedIt_isFinishedAfterARestart() throws Exception {
    files("c", 0, MANY);
    files("j", 0, 300);
    data.hangFrom(2);
    String first = upload("?batch=nightly", lines("c", 0, MANY));
    data.awaitSomebodyHanging();
    assertThat(upload("?batch=nightly", lines("j", 0, 300))).isEqualTo(first);
    service.delete(first);
    data.thaw();
    Answer before = service.ended(first);
    long left = before.number("cancelled");
    assertThat(left).isGreaterThan(300);
    service.close();
    start();

    Answer retried = retry(first);
    Answer again = service.ended(retried.header("Location"));

    assertThat(retried.number("total")).isEqualTo(left);
    assertThat(again.number("succeeded")).isEqualTo(left);
    assertThat(service.path("data:c")).isEmptyDirectory();
    assertThat(service.path("data:j")).isEmptyDirectory();
    nothingIsLeft();
  }

  @Test
  void aRetryThatWasStopped_isRetriedInTurn() throws Exception {
    String first = stoppedHalfway(withFiles("c"));
    data.hangFrom(2);
    String second = stoppedHalfway(retry(first).header("Location"));
    assertThat(service.get(second).number("cancelled"))
        .isPositive()
        .isLessThan(service.get(first).number("cancelled"));

    Answer last = service.ended(retry(second).header("Location"));

    assertThat(last.number("total")).isEqualTo(service.get(second).number("cancelled"));
    assertThat(last.at("state")).isEqualTo("SUCCEEDED");
    assertThat(service.path("data:c")).isEmptyDirectory();
  }

  @Test
  void stoppedByItsFirstFailure_doesThatAndTheRest() throws Exception {
    files("c", 1, MANY);
    String first = upload("?failFast=true", "data:c/0\n" + lines("c", 1, MANY));
    Answer before = service.ended(first);
    assertThat(before.at("state")).isEqualTo("FAILED");
    long left = before.number("failed") + before.number("cancelled");
    assertThat(left).isGreaterThan(1);
    files("c", 0, 1);

    Answer again = service.ended(retry(first).header("Location"));

    assertThat(again.at("request.failFast")).isEqualTo("true");
    assertThat(again.at("state")).isEqualTo("SUCCEEDED");
    assertThat(again.number("total")).isEqualTo(left);
    assertThat(service.path("data:c")).isEmptyDirectory();
  }

  @Test
  void aRecursiveBatch_thatWasCancelled_walksAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      files("r/" + i, 0, 200);
    }
    data.hangFrom(3);
    String first =
        service.started(
            "/ops/delete-batch",
            "{\"paths\":[\"data:r/0\",\"data:r/1\",\"data:r/2\",\"data:r/3\",\"data:r/4\"],"
                + "\"recursive\":true}");
    data.awaitSomebodyHanging();
    service.delete(first);
    data.thaw();
    assertThat(service.ended(first).at("state")).isEqualTo("CANCELLED");

    Answer again = service.ended(retry(first).header("Location"));

    assertThat(again.at("state")).isEqualTo("SUCCEEDED");
    assertThat(again.number("total")).isPositive();
    assertThat(service.path("data:r")).isEmptyDirectory();
  }

  @Test
  void aNameThatIsNotUtf8_isDeletedByItsBytes_alsoAfterARestart() throws Exception {
    Path odd = Files.createDirectories(service.path("data:odd"));
    run("mkdir \"$(printf 'x\\377')\" && touch \"$(printf 'x\\377')/in\"", odd);
    String first =
        service
            .send(
                service
                    .request("/ops/delete-batch", "Content-Type", "application/x-ndjson")
                    .POST(
                        BodyPublishers.ofString(
                            "{\"path\":\"data:odd/x\uFFFD\",\"pathBase64\":\"b2RkL3j/\"}")))
            .header("Location");
    assertThat(service.ended(first).at("firstErrors.0.code")).isEqualTo("NOT_EMPTY");
    String second = retry(first).header("Location");
    assertThat(service.ended(second).number("failed")).isEqualTo(1);
    run("rm \"$(printf 'x\\377')/in\"", odd);
    service.close();
    start();

    Answer again = service.ended(retry(second).header("Location"));

    assertThat(again.at("state")).isEqualTo("SUCCEEDED");
    assertThat(odd).isEmptyDirectory();
  }

  @Test
  void aRefusedRetry_leavesNothing() throws Exception {
    String first = stoppedHalfway(withFiles("c"));
    service.close();
    service =
        TestService.start(
            directory, data::between, "asyncops.limits.running=1", "asyncops.limits.queued=1");
    data.hangFrom(1);
    String busy = service.started("/ops/delete-batch", "{\"paths\":[\"data:c/x\"]}");
    data.awaitSomebodyHanging();
    String queued = service.started("/ops/delete-batch", "{\"paths\":[\"data:c/y\"]}");

    Answer refused = retry(first);

    assertThat(refused.status()).as(refused.text()).isEqualTo(429);
    nothingIsLeft();
    data.thaw();
    service.ended(busy);
    service.ended(queued);
    assertThat(service.ended(retry(first).header("Location")).at("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void clientsThatHangUp_leaveNoListOfNobody() throws Exception {
    String first = stoppedHalfway(withFiles("c"));
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
        socket
            .getOutputStream()
            .write(
                "POST %s/retry HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
                    .formatted(first)
                    .getBytes(StandardCharsets.US_ASCII));
      }
    }

    service.ended(retry(first).header("Location"));

    nothingIsLeft();
    assertThat(service.path("data:c")).isEmptyDirectory();
  }

  // ---- Fixtures

  private String withFiles(String name) throws IOException {
    files(name, 0, MANY);
    data.hangFrom(2);
    return upload("", lines(name, 0, MANY));
  }

  /** Cancels it when some was done and some was not. */
  private String stoppedHalfway(String operation) throws InterruptedException {
    data.awaitSomebodyHanging();
    service.delete(operation);
    data.thaw();
    service.ended(operation);
    return operation;
  }

  private String upload(String query, String lines) {
    return service
        .send(
            service
                .request("/ops/delete-batch" + query, "Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(lines)))
        .header("Location");
  }

  private Answer retry(String operation, String... headers) {
    return service.send(
        service.request(operation + "/retry", headers).POST(BodyPublishers.noBody()));
  }

  private void files(String name, int from, int to) throws IOException {
    Path made = Files.createDirectories(service.path("data:" + name));
    for (int i = from; i < to; i++) {
      Files.createFile(made.resolve(Integer.toString(i)));
    }
  }

  private static String lines(String name, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "data:%s/%d\n".formatted(name, i))
        .collect(Collectors.joining());
  }

  private static void run(String shell, Path where) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", shell).directory(where.toFile()).start();
    assertThat(process.waitFor()).isZero();
  }

  /** Of no list that nobody needs any more. */
  private void nothingIsLeft() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            rows(
                        "manifests WHERE operation_id IS NULL OR operation_id NOT IN"
                            + " (SELECT id FROM operations WHERE mark IS NOT NULL)")
                    + rows("manifest_chunks WHERE manifest_id NOT IN (SELECT id FROM manifests)")
                == 0);
  }

  private long rows(String table) throws SQLException {
    Path file = service.path("state:registry.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }
}
