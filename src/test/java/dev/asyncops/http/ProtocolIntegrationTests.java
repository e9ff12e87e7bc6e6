package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP itself: addresses, methods, media types, sizes, and what is not HTTP at all. */
class ProtocolIntegrationTests {

  private static final String UNKNOWN = "0193b6a0-0000-7000-8000-000000000000";
  private static final int MAX_BODY = 64 * 1024;
  private static final String POST =
      "POST /ops/delete-batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

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

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing",
    "POST, /nothing",
    "DELETE, /ops/none",
    "PATCH, /ops/",
    "OPTIONS, /nothing",
    "BREW, /nothing",
    "POST, /ops/copyy",
    "GET, /ops/" + UNKNOWN,
    "DELETE, /ops/" + UNKNOWN,
    "GET, /ops/" + UNKNOWN + "/result",
    "GET, /ops/" + UNKNOWN + "/nothing",
    "GET, /ops/0193B6A0-0000-7000-8000-000000000000",
    "GET, /ops/0193b6a0-0000-4000-8000-000000000000",
    "GET, /ops/------------------------------------",
    "GET, /ops/a%2Fb",
    "GET, /ops/%00",
    "GET, /ops/..%2F..%2Fetc%2Fpasswd",
    "GET, /OPS",
    "GET, /ops/",
    "GET, //ops",
  })
  void unknownAddress_isNotFoundWhateverTheMethod(String method, String path) {
    Answer answer = service.send(service.request(path).method(method, BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("code")).isEqualTo("NOT_FOUND");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /ops/copy, 'OPTIONS,POST'",
    "DELETE, /ops/connect, 'OPTIONS,POST'",
    "POST, /ops, 'GET,HEAD,OPTIONS'",
    "DELETE, /ops/summary, 'GET,HEAD,OPTIONS'",
    "PUT, /ops/" + UNKNOWN + ", 'DELETE,GET,HEAD,OPTIONS,PATCH'",
    "PUT, /ops/" + UNKNOWN + "/result, 'GET,HEAD,OPTIONS'",
    "BREW, /ops, 'GET,HEAD,OPTIONS'",
    "PUT, /, 'GET,HEAD,OPTIONS'",
  })
  void otherMethod_isToldWhichAreAllowed(String method, String path, String allowed) {
    Answer answer = service.send(service.request(path).method(method, BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.at("code")).isEqualTo("METHOD_NOT_ALLOWED");
    assertThat(answer.header("Allow")).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /ops/delete-batch, cross-site, 403",
    "POST, /ops/" + UNKNOWN + "/retry, same-site, 403",
    "DELETE, /ops/" + UNKNOWN + ", cross-site, 403",
    "PATCH, /ops/" + UNKNOWN + ", cross-site, 403",
    "DELETE, /ops/" + UNKNOWN + ", same-origin, 404",
    "DELETE, /ops/" + UNKNOWN + ", none, 404",
    "GET, /ops, cross-site, 200",
  })
  void pageOfAnotherSite_changesNothing(String method, String path, String site, int status) {
    Answer answer =
        service.send(
            service
                .request(path, "Sec-Fetch-Site", site, "Content-Type", "text/plain")
                .method(method, BodyPublishers.ofString("GET".equals(method) ? "" : "data:a")));

    assertThat(answer.status()).isEqualTo(status);
    if (status == 403) {
      assertThat(answer.at("code")).isEqualTo("PERMISSION_DENIED");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ops", "/ops/summary", "/ops/copy", "/ops/" + UNKNOWN})
  void options_answersWithWhatIsAllowed(String path) {
    Answer answer = service.send(service.request(path).method("OPTIONS", BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Allow")).contains("OPTIONS");
    assertThat(answer.text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/ops, 200", "/ops/summary, 200", "/ops/" + UNKNOWN + ", 404", "/nothing, 404"})
  void head_isGetWithoutTheBody(String path, int status) {
    Answer answer = service.send(service.request(path).method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEmpty();
    assertThat(answer.header("Content-Length"))
        .isEqualTo(service.get(path).header("Content-Length"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/xml", "image/*", "garbage", "a/b/c", ";"})
  void otherRepresentation_isNotAcceptable_asAProblemAllTheSame(String accept) {
    String before = service.get("/ops/summary").text();

    Answer read = service.get("/ops", "Accept", accept);
    Answer start = service.post("/ops/delete-batch", "{\"paths\":[]}", "Accept", accept);

    assertThat(read.status()).isEqualTo(406);
    assertThat(start.status()).isEqualTo(406);
    assertThat(start.at("code")).isEqualTo("NOT_ACCEPTABLE");
    assertThat(start.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(service.get("/ops/summary").text()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/*", "text/html, */*;q=0.1", "application/json;q=0.5"})
  void acceptableRanges_getJson(String accept) {
    Answer answer = service.get("/ops/summary", "Accept", accept);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/csv", "application/x-www-form-urlencoded", "garbage", "a/b/c", "*/*x"})
  void otherContent_isUnsupported(String type) {
    Answer answer =
        service.send(
            service
                .request("/ops/delete-batch", "Content-Type", type)
                .POST(BodyPublishers.ofString("{\"paths\":[]}")));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.at("code")).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /ops/copy, 'The body must be application/json, in UTF-8.'",
    "POST, /ops/delete-batch, 'The body must be application/json or application/x-ndjson or"
        + " text/plain, in UTF-8.'",
    "PATCH, /ops/"
        + UNKNOWN
        + ", 'The body must be application/json or"
        + " application/merge-patch+json, in UTF-8.'",
  })
  void otherContent_isToldWhatIsTaken(String method, String path, String detail) {
    Answer answer =
        service.send(
            service
                .request(path, "Content-Type", "text/csv")
                .method(method, BodyPublishers.ofString("{}")));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.at("detail")).isEqualTo(detail);
    assertThat(answer.header("Accept-" + (method.equals("POST") ? "Post" : "Patch")))
        .contains("application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /ops/copy, application/json",
    "POST, /ops/delete-batch, text/plain",
    "PATCH, /ops/" + UNKNOWN + ", application/merge-patch+json",
  })
  void encodedBody_isUnsupported(String method, String path, String type) {
    Answer answer =
        service.send(
            service
                .request(path, "Content-Type", type, "Content-Encoding", "gzip")
                .method(method, BodyPublishers.ofString("{}")));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.at("code")).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    assertThat(answer.at("detail")).contains("Content-Encoding");
    assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ops?state=%zz",
        "/ops/%zz",
        "/%",
        "/ops/%",
        "/ops?x=%4",
        "/<ops>",
        "/ops?\"",
        "/^"
      })
  void malformedAddress_isAProblem(String target) throws IOException {
    String answer = answerTo("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(answer.toLowerCase(Locale.ROOT)).contains("content-type: application/problem+json");
    assertThat(answer).contains("\"code\":\"INVALID_ARGUMENT\"", "\"status\":400");
  }

  @Test
  void rawBytesInAnAddress_areAnAddressThatIsUnknown() throws IOException {
    String answer =
        answerTo("GET /ops/\u00ff\u00fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 404 ").contains("\"code\":\"NOT_FOUND\"");
  }

  @Test
  void malformedAddress_withHead_hasNoBody() throws IOException {
    String answer = answerTo("HEAD /% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
  }

  @Test
  void noContentType_isUnsupported() {
    Answer answer =
        service.send(service.request("/ops/connect").POST(BodyPublishers.ofString("{}")));

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void contentTypeWithParameters_isJsonToo() {
    Answer answer =
        service.send(
            service
                .request("/ops/delete-batch", "Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{\"paths\":[]}")));

    assertThat(answer.status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"utf-16", "iso-8859-1", "none-such"})
  void anotherCharset_isUnsupported(String charset) {
    Answer answer =
        service.send(
            service
                .request(
                    "/ops/delete-batch", "Content-Type", "application/json; charset=" + charset)
                .POST(BodyPublishers.ofString("{\"paths\":[]}")));

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void invalidUtf8_isRefused() {
    byte[] body = "{\"paths\":[\"data:\u00e9\"]}".getBytes(StandardCharsets.ISO_8859_1);

    Answer answer =
        service.send(
            service
                .request("/ops/delete-batch", "Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));

    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-16",
        "application/json;v=1",
        "text/html, application/*;level=2;q=0.1"
      })
  void parametersOfAcceptedTypes_changeNothing(String accept) {
    Answer started = service.post("/ops/delete-batch", "{\"paths\":[]}", "Accept", accept);
    Answer listed = service.get("/ops", "Accept", accept);

    assertThat(started.status()).isEqualTo(202);
    assertThat(started.header("Content-Type")).isEqualTo("application/json");
    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void noAnswer_isKeptByACacheWithoutAsking() {
    String operation = service.started("/ops/delete-batch", "{\"paths\":[]}");
    service.ended(operation);

    for (String path : new String[] {"/ops", "/ops/summary", operation, operation + "/result"}) {
      assertThat(service.get(path).header("Cache-Control")).as(path).isEqualTo("no-cache");
    }
    assertThat(service.get("/nothing").header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void largeBody_isRefused_whetherItsLengthIsAnnouncedOrNot() {
    String body = "{\"paths\":[\"" + "x".repeat(MAX_BODY) + "\"]}";

    Answer announced = service.post("/ops/delete-batch", body);
    Answer streamed =
        service.send(
            service
                .request("/ops/delete-batch", "Content-Type", "application/json")
                .POST(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofString(body)))); // no length: chunked

    assertThat(announced.status()).isEqualTo(413);
    assertThat(announced.at("code")).isEqualTo("MESSAGE_TOO_LARGE");
    assertThat(streamed.status()).isEqualTo(413);
    assertThat(service.get("/ops").status()).isEqualTo(200);
  }

  @Test
  void bodyOfExactlyTheLimit_isRead() {
    String frame = "{\"paths\":[]}";

    Answer answer =
        service.post("/ops/delete-batch", frame + " ".repeat(MAX_BODY - frame.length()));

    assertThat(answer.status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /ops HTTP/9.9\r\n\r\n",
        "GET /ops?state=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /ops/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /ops HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
        "GET /ops HTTP/1.1\r\nHost: x\r\nX: \u0000\r\n\r\n",
        "POST /ops/copy HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST /ops/copy HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello",
        POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "\u0016\u0003\u0001 TLS?",
      })
  void whatIsNotHttp_hurtsNobody(String bytes) throws IOException {
    String status = statusOf(bytes);

    assertThat(status).doesNotStartWith("2").doesNotStartWith("5");
    assertThat(service.get("/ops").status()).isEqualTo(200);
  }

  @Test
  void longHeaders_areRefused() throws IOException {
    String header = "X-Long: " + "x".repeat(100_000);

    String status = statusOf("GET /ops HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n");

    assertThat(status).startsWith("4");
    assertThat(service.get("/ops").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zz\r\n", "5\r\nab", "3\r\nabcdef\r\n0\r\n\r\n"})
  void chunkedBodyThatBreaksOff_startsNothing(String rest) throws IOException {
    long before = operations();

    String status =
        statusOf(POST + "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"paths\":[]}\r\n" + rest);

    assertThat(status).doesNotStartWith("2").doesNotStartWith("5");
    assertThat(operations()).isEqualTo(before + 1);
  }

  @Test
  void bodyThatBreaksOff_startsNothing() throws IOException {
    long before = operations();

    try (Socket socket = connect()) {
      write(socket, POST + "Content-Length: 1000\r\n\r\n{\"paths\":[]}");
    }

    assertThat(operations()).isEqualTo(before + 1);
  }

  /** How many have ended, after one more that this starts behind all that came before. */
  private static long operations() {
    service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}"));
    return service.get("/ops/summary").json().at("/byState/SUCCEEDED").asLong();
  }

  /** The status line's code of the answer to raw bytes; empty if the service just hangs up. */
  private static String statusOf(String bytes) throws IOException {
    String answer = answerTo(bytes);
    return answer.startsWith("HTTP/1.1 ") ? answer.substring(9, 12) : answer;
  }

  /** The answer to raw bytes; empty if the service just hangs up. */
  private static String answerTo(String bytes) throws IOException {
    try (Socket socket = connect()) {
      write(socket, bytes);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) { // it hung up while we wrote
      return "";
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }
}
