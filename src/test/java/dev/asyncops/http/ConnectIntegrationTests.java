package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connect operations over HTTP, and with them whatever needs an operation that takes its time. */
class ConnectIntegrationTests {

  private static final String BODY =
      "{\"addressFile\":\"data:peer.addr\",\"readTimeoutSeconds\":60}";

  @TempDir static Path directory;

  private static TestService service;

  private Greeter greeter;

  ConnectIntegrationTests() throws IOException {
    greeter = new Greeter("hello");
  }

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void writeAddress() throws IOException {
    greeter.writeAddress(service.path("data:peer.addr"));
  }

  @AfterEach
  void end() throws IOException {
    greeter.close();
    await().until(() -> service.get("/ops/summary").number("running") == 0);
  }

  @Test
  void a1_message_isTheResult() {
    greeter.greet();

    Answer started = service.post("/ops/connect", BODY);
    Answer ended = service.ended(started.header("Location"));
    Answer result = service.get(started.header("Location") + "/result");

    assertThat(started.status()).isEqualTo(202);
    assertThat(started.header("Location")).isEqualTo("/ops/" + started.at("id"));
    assertThat(started.header("Retry-After")).isNotEmpty();
    assertThat(ended.at("state")).isEqualTo("SUCCEEDED");
    assertThat(ended.number("total")).isEqualTo(3);
    assertThat(ended.number("succeeded")).isEqualTo(3);
    assertThat(ended.header("Retry-After")).isEmpty();
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.at("text")).isEqualTo("hello");
    assertThat(result.number("bytes")).isEqualTo(5);
    assertThat(ended.json().get("result")).isEqualTo(result.json());
  }

  @Test
  void request_isEchoedWithItsDefaults() {
    greeter.greet();

    Answer answer =
        service.post(
            "/ops/connect",
            "{\"addressFile\":\"data:peer.addr\",\"labels\":{\"team\":\"a\"},\"priority\":\"HIGH\","
                + "\"maxBytes\":null,\"userData\":{\"price\":1.10,\"big\":12345678901234567890123}}");

    assertThat(answer.json().get("request").toString())
        .isEqualTo(
            "{\"addressFile\":\"data:peer.addr\",\"connectTimeoutSeconds\":5,"
                + "\"readTimeoutSeconds\":5,\"maxBytes\":128,\"priority\":\"HIGH\","
                + "\"bytesPerSecond\":null,\"timeoutSeconds\":null,\"report\":\"FAILURES\"}");
    assertThat(answer.at("priority")).isEqualTo("HIGH");
    assertThat(answer.at("labels.team")).isEqualTo("a");
    assertThat(answer.text())
        .contains("\"userData\":{\"price\":1.10,\"big\":12345678901234567890123}");
    assertThat(answer.at("createdBy")).isEqualTo("anonymous");
  }

  @Test
  void s3_ofFiftyStarts_oneConnectsAndTheOthersAreToldWhich() throws Exception {
    List<Answer> answers = atOnce(50, () -> service.post("/ops/connect", BODY));

    List<Answer> accepted = answers.stream().filter(a -> a.status() == 202).toList();
    List<Answer> refused = answers.stream().filter(a -> a.status() == 409).toList();
    assertThat(accepted).hasSize(1);
    assertThat(refused).hasSize(49);
    String winner = accepted.getFirst().header("Location");
    assertThat(refused)
        .allSatisfy(refusal -> {
          assertThat(refusal.at("code")).isEqualTo("PENDING");
          assertThat(refusal.header("Location")).isEqualTo(winner);
          assertThat("/ops/" + refusal.at("operationId")).isEqualTo(winner);
          assertThat(refusal.header("Retry-After")).isNotEmpty();
        });
    greeter.greet();
    assertThat(service.ended(winner).at("result.text")).isEqualTo("hello");
    assertThat(greeter.connections()).isEqualTo(1);
  }

  @Test
  void s5_theNextStart_isAcceptedAsSoonAsTheEndIsSeen() {
    greeter.greet();

    for (int i = 0; i < 20; i++) {
      Answer answer = service.post("/ops/connect", BODY, "Prefer", "wait=60");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
  }

  @Test
  void resultAskedTooEarly_isPending() throws Exception {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();

    Answer answer = service.get(operation + "/result");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.at("code")).isEqualTo("PENDING");
    assertThat("/ops/" + answer.at("operationId")).isEqualTo(operation);
    assertThat(answer.header("Retry-After")).isNotEmpty();
  }

  @Test
  void a6_failure_isDataInTheStatus_andAStatusInTheResult() throws IOException {
    Files.writeString(service.path("data:peer.addr"), "not an address");

    Answer ended = service.ended(service.started("/ops/connect", BODY));
    Answer result = service.get("/ops/" + ended.at("id") + "/result");

    assertThat(ended.status()).isEqualTo(200);
    assertThat(ended.at("state")).isEqualTo("FAILED");
    assertThat(ended.at("error.code")).isEqualTo("INVALID_ARGUMENT");
    assertThat(ended.at("error.stage")).isEqualTo("ADDRESS");
    assertThat(result.status()).isEqualTo(400);
    assertThat(result.at("code")).isEqualTo("INVALID_ARGUMENT");
    assertThat(result.at("operationId")).isEqualTo(ended.at("id"));
  }

  @Test
  void missingFile_isFoundOutByTheOperation() throws IOException {
    Files.delete(service.path("data:peer.addr"));

    Answer ended = service.ended(service.started("/ops/connect", BODY));
    Answer result = service.get("/ops/" + ended.at("id") + "/result");

    assertThat(ended.at("error.code")).isEqualTo("NOT_FOUND");
    assertThat(result.status()).isEqualTo(404);
    assertThat(result.text()).doesNotContain(directory.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0\"", "W/%s", "\"0\", \"1\"", "garbage", ""})
  void revisionThatIsNotMeant_isNotCancelled(String condition) throws Exception {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();
    String tag = stableTag(operation);

    Answer refused = service.delete(operation, "If-Match", condition.formatted(tag));
    Answer read = service.get(operation, "If-Match", condition.formatted(tag));
    Answer untouched = service.get(operation, "If-Match", "\"0\", " + tag);
    Answer cancelled = service.delete(operation, "If-Match", tag);

    assertThat(refused.status()).isEqualTo(412);
    assertThat(refused.at("code")).isEqualTo("PRECONDITION_FAILED");
    assertThat(read.status()).isEqualTo(412);
    assertThat(untouched.status()).isEqualTo(200);
    assertThat(untouched.at("state")).isEqualTo("RUNNING");
    assertThat(cancelled.at("state")).isIn("CANCELLING", "CANCELLED");
  }

  @Test
  void delete_windsDown_andIsHarmlessWhenRepeated() throws Exception {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();

    Answer first = service.delete(operation);
    Answer ended = service.ended(operation);
    Answer again = service.delete(operation);
    Answer result = service.get(operation + "/result");

    assertThat(first.status()).isIn(200, 202);
    assertThat(first.at("state")).isIn("CANCELLING", "CANCELLED");
    assertThat(ended.at("state")).isEqualTo("CANCELLED");
    assertThat(ended.at("cancelRequestTime")).isNotEmpty();
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(ended.json());
    assertThat(result.status()).isEqualTo(410);
    assertThat(result.at("code")).isEqualTo("CANCELLED");
  }

  @Test
  void deleteThatWaits_seesTheEnd() throws Exception {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();

    Answer answer = service.delete(operation, "Prefer", "wait=30");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("state")).isEqualTo("CANCELLED");
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=30");
  }

  @Test
  void k4_deleteOfWhatIsOver_changesNothing() {
    greeter.greet();
    Answer ended = service.ended(service.started("/ops/connect", BODY));

    Answer answer = service.delete("/ops/" + ended.at("id"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).isEqualTo(ended.json());
  }

  @Test
  void waitThatEndsFirst_showsTheOperationAsItStands() throws Exception {
    Answer started = service.post("/ops/connect", BODY, "Prefer", "wait=1");
    String operation = started.header("Location");
    Answer read = service.get(operation, "Prefer", "wait=1");
    Answer result = service.get(operation + "/result", "Prefer", "wait=1");

    assertThat(started.status()).isEqualTo(202);
    assertThat(started.at("state")).isEqualTo("RUNNING");
    assertThat(started.header("Preference-Applied")).isEqualTo("wait=1");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.at("state")).isEqualTo("RUNNING");
    assertThat(read.header("Retry-After")).isNotEmpty();
    assertThat(result.status()).isEqualTo(409);
    assertThat(result.header("Preference-Applied")).isEqualTo("wait=1");
  }

  @Test
  void waitersAreAnswered_whenTheOperationIsOver() throws Exception {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> read = clients.submit(() -> service.get(operation, "Prefer", "wait=600"));
      Future<Answer> result =
          clients.submit(() -> service.get(operation + "/result", "Prefer", "wait=60"));
      greeter.greet();

      assertThat(read.get().at("state")).isEqualTo("SUCCEEDED");
      assertThat(read.get().header("Preference-Applied")).isEqualTo("wait=60");
      assertThat(result.get().at("text")).isEqualTo("hello");
    }
  }

  @Test
  void malformedPreference_isIgnored() throws Exception {
    String operation = service.started("/ops/connect", BODY);

    Answer answer = service.get(operation, "Prefer", "wait=soon");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Preference-Applied")).isEmpty();
  }

  @Test
  void noChangeWithinAWait_isNotModified() throws Exception {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();
    String tag = stableTag(operation);

    Answer answer = service.get(operation, "Prefer", "wait=1", "If-None-Match", "\"0\", " + tag);

    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.header("ETag")).isEqualTo(tag);
    assertThat(answer.text()).isEmpty();
  }

  @Test
  void l7_l8_aClientThatHangsUpWhileItWaits_cancelsNothing() throws Exception {
    hangUpAfter(post("/ops/connect", BODY));
    greeter.awaitConnection();
    hangUpAfter(get(running()));
    hangUpAfter(get(running() + "/result"));

    greeter.greet();

    assertThat(service.ended(running()).at("state")).isEqualTo("SUCCEEDED");
    assertThat(greeter.connections()).isEqualTo(1);
  }

  private static String running() {
    return "/ops/" + service.get("/ops?pageSize=1").json().at("/operations/0/id").asString();
  }

  /** The tag of the revision that stays, as long as nobody greets. */
  private static String stableTag(String operation) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.get(operation).number("pending") == 1);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.get(operation).at("phase").equals("MESSAGE"));
    return service.get(operation).header("ETag");
  }

  private static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nHost: x\r\nPrefer: wait=60\r\nContent-Type: application/json\r\n"
            .formatted(path)
        + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  private static String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: x\r\nPrefer: wait=60\r\n\r\n".formatted(path);
  }

  /** Sends a request, sees that the service is still waiting, and resets the connection. */
  private static void hangUpAfter(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      assertThat(service.get("/ops/summary").status()).isEqualTo(200);
      socket.setSoLinger(true, 0);
    }
  }

  private static List<Answer> atOnce(int clients, Callable<Answer> request) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers =
          executor.invokeAll(Stream.generate(() -> request).limit(clients).toList());
      return answers.stream().map(Future::resultNow).toList();
    }
  }
}
