package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.http.RawConnection.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the framework never sees is refused with a problem all the same. */
class MalformedRequestsIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String HOST = "Host: x\r\n";
  private static final String START =
      "POST /ops/delete-batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo",
        "ops",
        "x/ops",
        "@evil.example/ops",
        ":80/ops",
        "*",
        "localhost:8080",
        "?state=RUNNING",
        "#",
        "/ops#fragment",
        "ftp://localhost/ops",
        "http:/ops",
        "http:///ops",
        "http://",
        "http://user@localhost/ops",
        "http://localhost#/ops",
        "\\ops",
        "%2Fops"
      })
  void aTargetThatIsNoAddress_isAProblem_andTheConnectionEnds(String target) throws IOException {
    for (String method : new String[] {"GET", "OPTIONS", "BREW"}) {
      Reply reply = answerTo("%s %s HTTP/1.1\r\n%s\r\n".formatted(method, target, HOST));

      assertProblem(reply, 400);
      assertThat(JSON.readTree(reply.body()).at("/detail").asString()).contains("slash");
      assertThat(reply.isLast()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost/ops", "HTTP://localhost:1/ops?pageSize=1", "https://[::1]/ops"})
  void aWholeAddress_isTaken(String target) throws IOException {
    Reply reply = answerTo("GET %s HTTP/1.1\r\n%s\r\n".formatted(target, HOST));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(JSON.readTree(reply.body()).has("operations")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /ops HTTP/9.9\r\n\r\n",
        "GET /ops HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
        "GET /ops HTTP/1.1\r\nHost: x\r\nX: \u0000\r\n\r\n",
        "GET /ops HTTP/1.1\r\nHost: x:y\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001 TLS?\r\n\r\n",
        START + "Content-Length: -5\r\n\r\n",
        START + "Content-Length: 5, 6\r\n\r\nhello",
        START + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        START + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
      })
  void whatIsNotHttp_isAProblem(String bytes) throws IOException {
    assertProblem(answerTo(bytes), 400);
  }

  @Test
  void aHeadThatIsTooLong_isAProblem_withTheStatusOfWhatIsTooLong() throws IOException {
    String much = "x".repeat(20_000);

    assertProblem(answerTo("GET /%s HTTP/1.1\r\n%s\r\n".formatted(much, HOST)), 414);
    assertProblem(answerTo("GET /ops HTTP/1.1\r\n%sX: %s\r\n\r\n".formatted(HOST, much)), 431);
  }

  @Test
  void whatWasAskedFor_isNamed_alsoAmongRequestsInOneGo() throws IOException {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send(
          """
          GET /ops HTTP/1.1\r
          Host: x\r
          \r
          GET /first^?a=b HTTP/1.1\r
          Host: x\r
          \r
          GET /ops/summary HTTP/1.1\r
          Host: x\r
          \r
          GET last HTTP/1.1\r
          Host: x\r
          \r
          GET /ops HTTP/1.1\r
          Host: x\r
          \r
          """);

      assertThat(connection.receive(false).status()).isEqualTo(200);
      assertThat(instance(connection.receive(false))).isEqualTo("/first^");
      assertThat(connection.receive(false).status()).isEqualTo(200);
      assertThat(instance(connection.receive(false))).isEqualTo("last");
      assertThatThrownBy(() -> connection.receive(false)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aRefusalWithHead_hasNoBody() throws IOException {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send("HEAD foo HTTP/1.1\r\n%s\r\n".formatted(HOST));

      Reply reply = connection.receive(true);

      assertThat(reply.status()).isEqualTo(400);
      assertThat(Integer.parseInt(reply.header("Content-Length"))).isPositive();
      assertThatThrownBy(() -> connection.receive(true)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aStartWhoseTargetIsNoAddress_startsNothing() throws IOException {
    String before = service.get("/ops/summary").text();

    Reply reply =
        answerTo(
            START.replace("/ops/delete-batch", "x/ops/delete-batch")
                + "Content-Length: 12\r\n\r\n{\"paths\":[]}");

    assertProblem(reply, 400);
    assertThat(service.get("/ops/summary").text()).isEqualTo(before);
  }

  private static void assertProblem(Reply reply, int status) {
    JsonNode problem = JSON.readTree(reply.body());
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertThat(problem.at("/status").asInt()).isEqualTo(status);
    assertThat(problem.at("/code").asString()).isEqualTo("INVALID_ARGUMENT");
    assertThat(problem.at("/title").asString()).isEqualTo("Invalid argument");
    assertThat(problem.at("/detail").asString()).isNotEmpty();
    assertThat(problem.at("/instance").asString()).isNotEmpty();
  }

  private static String instance(Reply reply) {
    assertProblem(reply, 400);
    return JSON.readTree(reply.body()).at("/instance").asString();
  }

  private static Reply answerTo(String bytes) throws IOException {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send(bytes);
      return connection.receive(false);
    }
  }
}
