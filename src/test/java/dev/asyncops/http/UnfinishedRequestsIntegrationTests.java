package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.asyncops.async.MainContextWatchdog;
import dev.asyncops.http.RawConnection.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients that leave a request unfinished are not waited for; those that wait for us are. Neither
 * is anything that an operator should read of.
 */
class UnfinishedRequestsIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String HEAD =
      "POST /ops/delete-batch HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n";

  @TempDir static Path directory;

  private static TestService service;

  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private static final ListAppender<ILoggingEvent> LINES = new ListAppender<>();

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory, "asyncops.limits.request-timeout=250ms");
    LINES.start();
    ROOT.addAppender(LINES);
  }

  /**
   * Some of it would be logged after the connection is closed, but none after the event loops. That
   * a machine is busy is no matter of these clients.
   */
  @AfterAll
  static void stop_andNothingIsWarnedOf() {
    service.close();
    ROOT.detachAppender(LINES);

    assertThat(LINES.list)
        .isNotEmpty()
        .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .allMatch(line -> line.getLoggerName().equals(MainContextWatchdog.class.getName()));
  }

  @Test
  void aHeadThatStaysUnfinished_endsTheConnection_andNobodyElses() throws IOException {
    try (RawConnection slow = new RawConnection(service.port());
        RawConnection other = new RawConnection(service.port())) {
      slow.send("GET /ops HTTP/1.1\r\nHost: x\r\nX-Slow: ");

      assertHungUp(slow);

      other.send("GET /ops HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(other.receive(false).status()).isEqualTo(200);
    }
  }

  @Test
  void clientsThatHangUp_areNoNews() throws IOException {
    for (String part : new String[] {"GET /op", HEAD.formatted("application/json", 12) + "{\"pa"}) {
      try (RawConnection gone = new RawConnection(service.port())) {
        gone.send(part);
        gone.finish();

        assertHungUp(gone);
      }
    }
  }

  @Test
  void aBodyThatBreaksOff_isTimedOut_andTheConnectionEnds() throws IOException {
    try (RawConnection slow = new RawConnection(service.port())) {
      slow.send(HEAD.formatted("application/json", 12) + "{\"pa");

      assertTimedOut(slow.receive(false));
      assertHungUp(slow);
    }
  }

  @Test
  void anUploadThatBreaksOff_isTimedOut_andLeavesNothing() throws Exception {
    try (RawConnection slow = new RawConnection(service.port())) {
      slow.send(HEAD.formatted("text/plain", 100_000_000) + "data:some/path\n".repeat(50_000));

      assertTimedOut(slow.receive(false));
      assertHungUp(slow);
    }

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> rows("manifests") + rows("manifest_chunks") == 0);
  }

  @Test
  void aBodyThatNobodyReads_andThatBreaksOff_endsTheConnectionAfterItsAnswer() throws IOException {
    try (RawConnection slow = new RawConnection(service.port())) {
      slow.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n{\"pa");

      assertThat(slow.receive(false).status()).isEqualTo(404);
      assertHungUp(slow);
    }
  }

  @Test
  void aWaitThatIsLonger_isNotCut_evenIfTheNextRequestHasBegun() throws Exception {
    try (Greeter greeter = new Greeter("hello");
        RawConnection waiting = new RawConnection(service.port())) {
      greeter.writeAddress(service.path("data:peer.addr"));
      String running =
          service.started(
              "/ops/connect", "{\"addressFile\":\"data:peer.addr\",\"readTimeoutSeconds\":60}");
      waiting.send(
          "GET %s HTTP/1.1\r\nHost: x\r\nPrefer: wait=1\r\n\r\nGET /ops".formatted(running));
      Reply reply = waiting.receive(false);

      assertThat(reply.status()).isIn(200, 304);
      waiting.send(" HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(waiting.receive(false).status()).isEqualTo(200);
      greeter.greet();
      service.ended(running);
    }
  }

  @Test
  void aStreamAndAWait_stayOpen_whileNothingHappens() throws Exception {
    try (Greeter greeter = new Greeter("hello");
        RawConnection streaming = new RawConnection(service.port());
        RawConnection waiting = new RawConnection(service.port())) {
      greeter.writeAddress(service.path("data:quiet.addr"));
      String running =
          service.started(
              "/ops/connect", "{\"addressFile\":\"data:quiet.addr\",\"readTimeoutSeconds\":60}");
      greeter.awaitConnection();
      streaming.send("GET %s/events HTTP/1.1\r\nHost: x\r\n\r\n".formatted(running));
      waiting.send("GET %s HTTP/1.1\r\nHost: x\r\nPrefer: wait=2\r\n\r\n".formatted(running));

      Reply waited = waiting.receive(false);
      greeter.greet();
      Reply stream = streaming.receive(false);

      assertThat(waited.status()).isEqualTo(200);
      assertThat(JSON.readTree(waited.body()).at("/state").asString()).isEqualTo("RUNNING");
      assertThat(stream.body()).contains("event: snapshot", "event: end");
    }
  }

  private static void assertTimedOut(Reply reply) {
    JsonNode problem = JSON.readTree(reply.body());
    assertThat(reply.status()).as(reply.toString()).isEqualTo(408);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.isLast()).isTrue();
    assertThat(problem.at("/code").asString()).isEqualTo("TIMED_OUT");
    assertThat(problem.at("/status").asInt()).isEqualTo(408);
  }

  private static void assertHungUp(RawConnection slow) {
    assertThatThrownBy(() -> slow.receive(false)).isInstanceOf(EOFException.class);
  }

  private static long rows(String table) throws SQLException {
    Path file = service.path("state:registry.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }
}
