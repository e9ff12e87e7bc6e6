package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** How a caller says who it is, what it is told if it does not, and what is written down of it. */
@TestInstance(Lifecycle.PER_CLASS)
class TokenIntegrationTests {

  private static final String DELETE = "{\"paths\":[\"data:missing\"]}";

  private final Lines lines = new Lines();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private TestService service;
  private Path tokensFile;

  /** All that is logged, as a test wants it: with keys and values. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {

    private final List<ILoggingEvent> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      all.add(event);
    }

    List<String> audit() {
      return all.stream()
          .filter(line -> line.getLoggerName().equals("dev.asyncops.audit"))
          .map(line -> line.getFormattedMessage() + " " + line.getKeyValuePairs())
          .toList();
    }
  }

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    tokensFile = directory.resolve("tokens.yaml");
    service = TestService.start(directory, tokens().writtenTo(tokensFile));
  }

  private static Tokens tokens() {
    return new Tokens()
        .with("ci \\\"q\\\"", List.of("read", "write", "cancel"), List.of("data"))
        .with("reader", List.of("read"), List.of("data"));
  }

  @BeforeEach
  void listen() {
    lines.all.clear();
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void leave() {
    root.detachAppender(lines);
    assertThat(lines.all)
        .allSatisfy(line ->
            assertThat(line.getFormattedMessage() + line.getKeyValuePairs())
                .doesNotContain("token-of-"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void withoutAToken_theAnswerSaysWhatIsMissing() {
    Answer answer = service.get("/ops");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.at("code")).isEqualTo("UNAUTHENTICATED");
    assertThat(answer.at("instance")).isEqualTo("/ops");
    assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer nobody",
        "Bearer",
        "Bearer ",
        "Bearer token-of-reader token-of-reader",
        "Bearer token-of-reader,",
        "bearer\ttoken-of-reader"
      })
  void aWrongToken_isRefusedAndNotShown(String header) {
    Answer answer = service.get("/ops", "Authorization", header);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(answer.at("code")).isEqualTo("UNAUTHENTICATED");
    assertThat(answer.text()).doesNotContain("nobody", "token-of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic dXNlcjp4", "token-of-reader", "Digest a=b"})
  void whatIsNoBearerToken_isNoToken(String header) {
    assertThat(service.get("/ops", "Authorization", header).status()).isEqualTo(401);
  }

  @Test
  void aTokenInTheAddress_isNoToken() {
    assertThat(service.get("/ops?access_token=token-of-reader").status()).isEqualTo(401);
  }

  @Test
  void severalTokens_areNone() {
    Answer answer =
        service.get(
            "/ops",
            "Authorization",
            "Bearer " + Tokens.of("reader"),
            "Authorization",
            "Bearer " + Tokens.of("reader"));

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void aMissingScope_isNamed() {
    Answer answer =
        service.post("/ops/delete-batch", DELETE, "Authorization", "Bearer token-of-reader");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.at("code")).isEqualTo("PERMISSION_DENIED");
    assertThat(answer.at("detail")).isEqualTo("This needs the scope 'write'.");
    assertThat(answer.header("WWW-Authenticate"))
        .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"write\"");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, 404",
    "POST, /nothing, 404",
    "GET, /actuator/env, 404",
    "GET, /actuator, 404",
    "PUT, /ops/copy, 405",
    "OPTIONS, /ops, 200",
    "GET, /ops/nothing, 404"
  })
  void whatIsNotThere_isToldOnlyWithAToken(String method, String path, int status) {
    assertThat(send(method, path).status()).isEqualTo(401);
    assertThat(send(method, path, Tokens.header("reader")).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ops;a=b",
        "/ops;a=b/summary",
        "//ops",
        "/./ops",
        "/ops/",
        "/%6Fps",
        "/ops%2Fsummary",
        "/page/../ops",
        "/v3/api-docs/../../ops",
        "/OPS",
        "/actuator//prometheus",
        "/actuator/health/../prometheus",
        "/actuator/health;x/../info"
      })
  void anAddressInDisguise_tellsNothing(String path) throws Exception {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      RawConnection.Reply answer = connection.receive(false);

      assertThat(answer.status()).isIn(400, 401, 404);
      assertThat(answer.body()).doesNotContain("operations", "byState", "# HELP", "\"build\"");
    }
  }

  @Test
  void pagesOfOtherSites_areNotLetIn() {
    Answer answer =
        send(
            "OPTIONS",
            "/ops",
            "Authorization",
            "Bearer token-of-reader",
            "Access-Control-Request-Headers",
            "authorization");

    assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void whatIsDone_isWrittenDown() {
    String[] ci = Tokens.header("ci \\\"q\\\"");
    Answer started = service.post("/ops/delete-batch", DELETE, ci);
    String id = started.at("id");
    service.get("/ops/" + id, ci);
    send("PATCH", "/ops/" + id, ci);
    send("DELETE", "/ops/" + id, ci);
    send("DELETE", "/ops/" + id, Tokens.header("reader"));
    service.get("/ops/" + id);
    service.get("/ops/x%0Aforged%E2%80%A8line", Tokens.header("reader"));
    service.get("/x%0d%0aforged");

    List<String> written = lines.audit();

    assertThat(written)
        .hasSize(6)
        .allSatisfy(line -> assertThat(line).doesNotContain("\n", "\r", "forged", "missing"));
    assertThat(written.get(0))
        .contains("Done", "what=\"POST /ops/delete-batch\"", id, "status=\"202\"")
        .contains("who=\"ci ");
    assertThat(written.get(1)).contains("Refused", "PATCH /ops/{id}", id, "status=\"415\"");
    assertThat(written.get(2)).contains("Done", "DELETE /ops/{id}", id);
    assertThat(written.get(3))
        .contains("Refused", "who=\"reader\"", "DELETE /ops/{id}", id, "403", "PERMISSION_DENIED");
    assertThat(written.get(4)).contains("who=\"nobody\"", "GET /ops/{id}", "UNAUTHENTICATED");
    assertThat(written.get(5)).contains("who=\"nobody\"", "what=\"GET\"", "401");
  }

  @Test
  void aChangedFile_isInForceSoon() throws IOException {
    tokens().with("new", List.of("read"), List.of("data")).writtenTo(tokensFile);
    await().until(() -> service.get("/ops", Tokens.header("new")).status() == 200);

    tokens().writtenTo(tokensFile);

    await().until(() -> service.get("/ops", Tokens.header("new")).status() == 401);
    assertThat(service.get("/ops", Tokens.header("reader")).status()).isEqualTo(200);
  }

  private Answer send(String method, String path, String... headers) {
    return service.send(service.request(path, headers).method(method, BodyPublishers.noBody()));
  }
}
