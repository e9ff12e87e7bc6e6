package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of paths that are streamed in, over HTTP. */
class UploadIntegrationTests {

  private static final String NDJSON = "application/x-ndjson";
  private static final String TEXT = "text/plain";
  private static final int MANY = 30_000;

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory, "asyncops.limits.body-bytes=64KB");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  // ---- Good ones

  @ParameterizedTest
  @ValueSource(strings = {NDJSON, TEXT})
  void manyPaths_moreThanABodyOfJsonMayHave_areDeleted(String type) throws Exception {
    String name = type.substring(0, 4);
    files(name, MANY);
    String body = lines(type, name, MANY);

    Answer started = upload("", type, body);
    Answer ended = service.ended(started.header("Location"));

    assertThat(started.status()).as(started.text()).isEqualTo(202);
    assertThat(started.number("total")).isEqualTo(MANY);
    assertThat(started.json().at("/request/paths").size()).isEqualTo(100);
    assertThat(started.at("request.paths.1")).isEqualTo("data:%s/1".formatted(name));
    assertThat(started.at("request.pathCount")).isEqualTo(Integer.toString(MANY));
    assertThat(started.at("request.sha256")).isEqualTo(sha256(body));
    assertThat(ended.at("state")).isEqualTo("SUCCEEDED");
    assertThat(ended.number("succeeded")).isEqualTo(MANY);
    assertThat(service.path("data:" + name)).isEmptyDirectory();
    nothingIsLeft();
  }

  @Test
  void options_areQueryParameters() {
    Answer started =
        upload(
            "?recursive=true&ignoreMissing=true&failFast=true&dryRun=true&batch=named%20one"
                + "&priority=LOW&bytesPerSecond=5&timeoutSeconds=1.5&report=ALL&label.team=a%26b"
                + "&label.env=&userData=%7B%22n%22:1.50%7D",
            TEXT, "data:none");

    assertThat(started.status()).as(started.text()).isEqualTo(202);
    for (String option : new String[] {"recursive", "ignoreMissing", "failFast", "dryRun"}) {
      assertThat(started.at("request." + option)).isEqualTo("true");
    }
    assertThat(started.at("request.batch")).isEqualTo("named one");
    assertThat(started.at("priority")).isEqualTo("LOW");
    assertThat(started.at("request.report")).isEqualTo("ALL");
    assertThat(started.number("bytesPerSecond")).isEqualTo(5);
    assertThat(started.text())
        .contains("\"timeoutSeconds\":1.5", "\"labels\":{\"team\":\"a&b\",\"env\":\"\"}")
        .contains("\"userData\":{\"n\":1.50}");
    service.ended(started.header("Location"));
  }

  @Test
  void anEmptyBody_succeedsWithNothing() {
    Answer started = upload("", TEXT, "", "Prefer", "wait=30");

    assertThat(started.status()).isEqualTo(200);
    assertThat(started.at("state")).isEqualTo("SUCCEEDED");
    assertThat(started.number("total")).isZero();
    assertThat(started.at("request.pathCount")).isEqualTo("0");
  }

  @Test
  void aNameThatIsNotUtf8_isDeletedByItsBytes() throws Exception {
    Path top = Files.createDirectories(service.path("data:odd"));
    byte[] name = {'x', (byte) 0xFF};
    new ProcessBuilder("bash", "-c", "touch -- \"$1\"/$'x\\xff'", "bash", top.toString())
        .start()
        .waitFor();

    Answer started =
        upload(
            "",
            NDJSON,
            "{\"path\":\"data:odd/x\uFFFD\",\"pathBase64\":\"%s\",\"state\":\"FAILED\"}"
                .formatted(
                    Base64.getEncoder()
                        .encodeToString(concat("odd/".getBytes(StandardCharsets.UTF_8), name))));

    assertThat(service.ended(started.header("Location")).at("state")).isEqualTo("SUCCEEDED");
    assertThat(top).isEmptyDirectory();
  }

  @Test
  void p2_aList_joinsABatchOfTheSameName() throws IOException {
    files("joined", 600);
    Answer first = upload("?batch=j&priority=LOW", TEXT, lines(TEXT, "absent", 50_000));

    Answer second = upload("?batch=j&priority=LOW", NDJSON, lines(NDJSON, "joined", 600));
    Answer other = upload("?batch=j&priority=LOW&dryRun=true", TEXT, "data:x");

    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.number("total")).isEqualTo(50_600);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.at("code")).isEqualTo("PENDING");
    Answer ended = service.ended(first.header("Location"));
    assertThat(ended.number("succeeded")).isEqualTo(600);
    assertThat(service.path("data:joined")).isEmptyDirectory();
    nothingIsLeft();
  }

  @Test
  void cancelled_theListStays_forARetry() throws Exception {
    Answer started = upload("?priority=LOW&dryRun=true", TEXT, lines(TEXT, "absent", 100_000));

    Answer ended = service.delete(started.header("Location"), "Prefer", "wait=60");

    assertThat(ended.at("state")).isEqualTo("CANCELLED");
    assertThat(ended.number("cancelled")).isPositive();
    assertThat(ended.text()).doesNotContain("\"mark\"");
    assertThat(rows("manifests WHERE hex(operation_id) = '%s'".formatted(hex(started.at("id")))))
        .isEqualTo(1);
  }

  // ---- Bad ones

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense | 422 | INVALID_DATA",
        " | 422 | INVALID_DATA",
        "{\"path\":\"data:a\",\"z\":1} | 422 | INVALID_DATA",
        "\"data:a//b\" | 422 | INVALID_DATA",
        "\"data:../etc\" | 403 | PERMISSION_DENIED",
        "\"none:a\" | 403 | PERMISSION_DENIED",
        "\"data:\" | 403 | PERMISSION_DENIED",
        "\"frozen:a\" | 403 | READ_ONLY",
      })
  void aBadLine_refusesAll_andNothingIsLeft(String line, int status, String code)
      throws IOException {
    files("kept", 1);
    String body = lines(NDJSON, "kept", MANY) + (line == null ? "" : line) + "\n\"data:kept/0\"\n";

    Answer refused = upload("", NDJSON, body);

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.at("code")).isEqualTo(code);
    assertThat(refused.at("detail")).startsWith("Line %d: ".formatted(MANY + 1));
    assertThat(service.path("data:kept/0")).exists();
    nothingIsLeft();
  }

  @Test
  void whatIsNotUtf8_andALineThatIsTooLong_areRefused() {
    byte[] body = "data:a\ndata:?".getBytes(StandardCharsets.UTF_8);
    body[12] = (byte) 0xFF;

    Answer malformed =
        service.send(
            service
                .request("/ops/delete-batch", "Content-Type", TEXT)
                .POST(BodyPublishers.ofByteArray(body)));
    Answer tooLong = upload("", TEXT, "data:a\n" + "x".repeat(26_000));

    assertThat(malformed.status()).isEqualTo(422);
    assertThat(malformed.at("detail")).isEqualTo("Line 2: It is not UTF-8.");
    assertThat(tooLong.status()).isEqualTo(422);
    assertThat(tooLong.at("detail")).startsWith("Line 2: It is longer");
    nothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "recursive=yes | /recursive",
        "recursive=1 | /recursive",
        "recursive= | /recursive",
        "recursive=true&recursive=true | /recursive",
        "dryRun=%22true%22 | /dryRun",
        "bytesPerSecond=0 | /bytesPerSecond",
        "bytesPerSecond=1.5 | /bytesPerSecond",
        "timeoutSeconds=soon | /timeoutSeconds",
        "priority=high | /priority",
        "priority=1 | /priority",
        "report=SOME | /report",
        "batch= | /batch",
        "label.=x | /labels/",
        "label.a=1&label.a=2 | /label.a",
        "userData=%7B | /userData",
        "userData=1%202 | /userData",
        "paths=data:a | /paths",
        "labels=x | /labels",
        "recursiv=true | /recursiv",
      })
  void aWrongOption_isRefusedByItsName(String query, String pointer) {
    Answer refused = upload("?" + query, TEXT, "data:a");

    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.at("code")).isEqualTo("INVALID_ARGUMENT");
    assertThat(refused.at("errors.0.pointer")).isEqualTo(pointer);
  }

  @Test
  void otherTypes_andJsonWithParameters_areRefused() {
    assertThat(upload("", "text/csv", "data:a").status()).isEqualTo(415);
    assertThat(upload("", "text/plain;charset=ISO-8859-1", "data:a").status()).isEqualTo(415);
    assertThat(upload("", "text/plain;charset=utf-8", "data:none").status()).isEqualTo(202);
    assertThat(service.post("/ops/delete-batch?recursive=true", "{\"paths\":[]}").status())
        .isEqualTo(400);
  }

  // ---- Clients that go away, or take their time

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000000", "Transfer-Encoding: chunked"})
  void aClientThatHangsUp_leavesNothing(String length) throws Exception {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      head(out, length);
      send(out, length, lines(TEXT, "hung", MANY));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> rows("manifest_chunks WHERE root = 'data'") > 0);
    }

    nothingIsLeft();
    assertThat(service.get("/ops/summary").status()).isEqualTo(200);
  }

  @Test
  void aChunkedBodyThatIsBroken_startsNothing() throws Exception {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      head(out, "Transfer-Encoding: chunked");
      send(out, "Transfer-Encoding: chunked", lines(TEXT, "broken", MANY));
      out.write("this is no size\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertThat(statusLine(socket)).contains(" 400 ");
    }

    nothingIsLeft();
  }

  @Test
  void aSlowClient_keepsNobodyWaiting_andIsTakenInTheEnd() throws Exception {
    String body = "data:slow/one\ndata:slow/two\n";
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      head(out, "Content-Length: " + body.length());
      for (int i = 0; i < body.length(); i++) {
        out.write(body.charAt(i));
        out.flush();
        if (i % 9 == 0) {
          assertThat(service.post("/ops/delete-batch", "{\"paths\":[]}").status()).isEqualTo(202);
        }
      }

      assertThat(statusLine(socket)).contains(" 202 ");
    }
  }

  @Test
  void aBadLineInTheMiddle_isAnsweredWithoutWaitingForTheRest() throws Exception {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      head(out, "Content-Length: 100000000");
      out.write("data:a\ndata:../b\ndata:c\n".getBytes(StandardCharsets.UTF_8));
      out.flush();

      assertThat(statusLine(socket)).contains(" 403 ");
    }

    nothingIsLeft();
  }

  // ---- Fixtures

  /** Of no list that nobody needs any more. */
  private static void nothingIsLeft() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            rows(
                        "manifests WHERE operation_id IS NULL OR operation_id NOT IN"
                            + " (SELECT id FROM operations WHERE mark IS NOT NULL)")
                    + rows("manifest_chunks WHERE manifest_id NOT IN (SELECT id FROM manifests)")
                == 0);
  }

  private static String hex(String id) {
    return id.replace("-", "").toUpperCase(Locale.ROOT);
  }

  private static long rows(String table) throws SQLException {
    Path file = service.path("state:registry.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }

  private static Answer upload(String query, String type, String body, String... headers) {
    return service.send(
        service
            .request("/ops/delete-batch" + query, headers)
            .setHeader("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void head(OutputStream out, String length) throws IOException {
    out.write(
        "POST /ops/delete-batch?dryRun=true HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n%s\r\n\r\n"
            .formatted(length)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static void send(OutputStream out, String length, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean isChunked = length.startsWith("Transfer-Encoding");
    if (isChunked) {
      out.write("%x\r\n".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
    }
    out.write(bytes);
    if (isChunked) {
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.flush();
  }

  private static String statusLine(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static void files(String name, int count) throws IOException {
    Path made = Files.createDirectories(service.path("data:" + name));
    for (int i = 0; i < count; i++) {
      if (!Files.exists(made.resolve(Integer.toString(i)))) {
        Files.createFile(made.resolve(Integer.toString(i)));
      }
    }
  }

  private static String lines(String type, String name, int count) {
    String format = type.equals(TEXT) ? "data:%s/%d\n" : "\"data:%s/%d\"\n";
    return IntStream.range(0, count)
        .mapToObj(i -> format.formatted(name, i))
        .collect(Collectors.joining());
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static String sha256(String body) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(body.getBytes(StandardCharsets.UTF_8)));
  }
}
