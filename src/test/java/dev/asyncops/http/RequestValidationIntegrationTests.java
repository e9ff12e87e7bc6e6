package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client can get wrong in a start: a clear refusal, and nothing begins. */
class RequestValidationIntegrationTests {

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
    Files.writeString(service.path("data:a.txt"), "a");
    Files.createDirectory(service.path("data:in"));
    Files.writeString(service.path("data:in/b.txt"), "b");
    Files.writeString(service.path("frozen:c.txt"), "c");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource({"malformed", "badCopies", "badDeletes", "badConnects", "badOptions"})
  void p16_badRequest_isRefusedAndNothingBegins(
      String kind, String body, int status, String code, String pointer) throws IOException {
    String before = service.get("/ops/summary").text();
    Set<String> tree = tree();

    Answer answer = service.post("/ops/" + kind, body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.at("code")).isEqualTo(code);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.number("status")).isEqualTo(status);
    assertThat(answer.at("instance")).isEqualTo("/ops/" + kind);
    assertThat(pointers(answer)).contains(pointer);
    assertThat(service.get("/ops/summary").text()).isEqualTo(before);
    assertThat(tree()).isEqualTo(tree);
  }

  static Stream<Arguments> malformed() {
    return Stream.of("copy", "delete-batch", "connect")
        .flatMap(kind ->
            Stream.of(
                    "",
                    " ",
                    "null",
                    "[]",
                    "1",
                    "\"x\"",
                    "true",
                    "{",
                    "{]",
                    "{\"a\"}",
                    "{,}",
                    "{} {}",
                    "{} x",
                    "{}}",
                    "{'a':1}",
                    "{a:1}",
                    "{/*x*/}",
                    "\u0000",
                    "{\"a\":NaN}",
                    "{\"a\":01}",
                    "[".repeat(100_000),
                    "{\"a\":".repeat(100_000))
                .map(body -> Arguments.of(kind, body, 400, "INVALID_ARGUMENT", "")));
  }

  static Stream<Arguments> badCopies() {
    String to = ",\"destination\":\"archive:x\"";
    return Stream.of(
        copy("{}", 400, "INVALID_ARGUMENT", "/source"),
        copy("{\"source\":\"data:a.txt\"}", 400, "INVALID_ARGUMENT", "/destination"),
        copy("{\"source\":null" + to + "}", 400, "INVALID_ARGUMENT", "/source"),
        copy("{\"source\":\"a.txt\"" + to + "}", 400, "INVALID_ARGUMENT", "/source"),
        copy("{\"source\":\"data:a//b\"" + to + "}", 400, "INVALID_ARGUMENT", "/source"),
        copy("{\"source\":\"data:./a\"" + to + "}", 400, "INVALID_ARGUMENT", "/source"),
        copy("{\"source\":\"data:a\\u0000b\"" + to + "}", 400, "INVALID_ARGUMENT", "/source"),
        copy("{\"source\":\"data:\\ud800\"" + to + "}", 400, "INVALID_ARGUMENT", "/source"),
        copy(
            "{\"source\":\"data:" + "x".repeat(256) + "\"" + to + "}",
            400,
            "INVALID_ARGUMENT",
            "/source"),
        copy(
            "{\"source\":\"data:" + "x/".repeat(2100) + "y\"" + to + "}",
            400,
            "INVALID_ARGUMENT",
            "/source"),
        copy("{\"source\":\"data:/etc\"" + to + "}", 403, "PERMISSION_DENIED", "/source"),
        copy("{\"source\":\"/etc\"" + to + "}", 403, "PERMISSION_DENIED", "/source"),
        copy("{\"source\":\"data:../x\"" + to + "}", 403, "PERMISSION_DENIED", "/source"),
        copy("{\"source\":\"data:a/../../x\"" + to + "}", 403, "PERMISSION_DENIED", "/source"),
        copy("{\"source\":\"other:x\"" + to + "}", 403, "PERMISSION_DENIED", "/source"),
        copy("{\"source\":\"DATA:x\"" + to + "}", 403, "PERMISSION_DENIED", "/source"),
        copy(both("data:a.txt", "frozen:x"), 403, "READ_ONLY", "/destination"),
        copy(both("data:a.txt", "frozen:"), 403, "READ_ONLY", "/destination"),
        copy(both("data:a.txt", "data:a.txt"), 400, "INVALID_ARGUMENT", "/destination"),
        copy(both("data:a.txt", "data:a.txt/"), 400, "INVALID_ARGUMENT", "/destination"),
        copy(both("data:", "data:"), 400, "INVALID_ARGUMENT", "/destination"),
        copy(both("data:in", "data:in/sub/x"), 422, "WOULD_RECURSE", "/destination"),
        copy(both("data:", "data:in/x"), 422, "WOULD_RECURSE", "/destination"),
        copy(with("\"onConflict\":\"fail\""), 400, "INVALID_ARGUMENT", "/onConflict"),
        copy(with("\"onConflict\":0"), 400, "INVALID_ARGUMENT", "/onConflict"),
        copy(with("\"onConflict\":\"\""), 400, "INVALID_ARGUMENT", "/onConflict"),
        copy(with("\"parents\":\"true\""), 400, "INVALID_ARGUMENT", "/parents"),
        copy(with("\"parents\":1"), 400, "INVALID_ARGUMENT", "/parents"),
        copy(with("\"preserve\":\"MODE\""), 400, "INVALID_ARGUMENT", "/preserve"),
        copy(with("\"preserve\":[\"MODE\",\"ACL\"]"), 400, "INVALID_ARGUMENT", "/preserve/1"),
        copy(with("\"preserve\":[null]"), 400, "INVALID_ARGUMENT", "/preserve/0"),
        copy(with("\"verify\":\"MD5\""), 400, "INVALID_ARGUMENT", "/verify"),
        copy(with("\"durability\":true"), 400, "INVALID_ARGUMENT", "/durability"),
        copy(with("\"include\":[\"[\"]"), 400, "INVALID_ARGUMENT", "/include/0"),
        copy(with("\"include\":[\"ok\",\"{a\"]"), 400, "INVALID_ARGUMENT", "/include/1"),
        copy(with("\"exclude\":[\"\"]"), 400, "INVALID_ARGUMENT", "/exclude/0"),
        copy(with("\"exclude\":[null]"), 400, "INVALID_ARGUMENT", "/exclude/0"),
        copy(with("\"exclude\":{}"), 400, "INVALID_ARGUMENT", "/exclude"),
        copy(with("\"failFast\":\"false\""), 400, "INVALID_ARGUMENT", "/failFast"),
        copy(with("\"failFast\":[true]"), 400, "INVALID_ARGUMENT", "/failFast"),
        copy(with("\"dryRun\":0"), 400, "INVALID_ARGUMENT", "/dryRun"),
        copy(with("\"dryRun\":\"\""), 400, "INVALID_ARGUMENT", "/dryRun"),
        copy(with("\"paths\":[]"), 400, "INVALID_ARGUMENT", "/paths"));
  }

  static Stream<Arguments> badDeletes() {
    return Stream.of(
        delete("{}", 400, "INVALID_ARGUMENT", "/paths"),
        delete("{\"paths\":null}", 400, "INVALID_ARGUMENT", "/paths"),
        delete("{\"paths\":\"data:a.txt\"}", 400, "INVALID_ARGUMENT", "/paths"),
        delete("{\"paths\":{}}", 400, "INVALID_ARGUMENT", "/paths"),
        delete("{\"paths\":[1]}", 400, "INVALID_ARGUMENT", "/paths/0"),
        delete("{\"paths\":[null]}", 400, "INVALID_ARGUMENT", "/paths/0"),
        delete("{\"paths\":[\"data:a.txt\",[\"data:b\"]]}", 400, "INVALID_ARGUMENT", "/paths/1"),
        delete("{\"paths\":[\"data:a.txt\",\"\"]}", 400, "INVALID_ARGUMENT", "/paths/1"),
        delete("{\"paths\":[\"data:a.txt\",\"data:..\"]}", 403, "PERMISSION_DENIED", "/paths/1"),
        delete("{\"paths\":[\"data:\"]}", 403, "PERMISSION_DENIED", "/paths/0"),
        delete("{\"paths\":[\"data:/\"]}", 403, "PERMISSION_DENIED", "/paths/0"),
        delete("{\"paths\":[\"frozen:c.txt\"]}", 403, "READ_ONLY", "/paths/0"),
        delete("{\"paths\":[\"frozen:\"]}", 403, "READ_ONLY", "/paths/0"),
        delete("{\"paths\":[],\"paths\":[]}", 400, "INVALID_ARGUMENT", "/paths"),
        delete("{\"paths\":[],\"recursive\":\"no\"}", 400, "INVALID_ARGUMENT", "/recursive"),
        delete("{\"paths\":[],\"ignoreMissing\":1}", 400, "INVALID_ARGUMENT", "/ignoreMissing"),
        delete("{\"paths\":[],\"failFast\":\"true\"}", 400, "INVALID_ARGUMENT", "/failFast"),
        delete("{\"paths\":[],\"dryRun\":{}}", 400, "INVALID_ARGUMENT", "/dryRun"),
        delete("{\"paths\":[],\"recusive\":true}", 400, "INVALID_ARGUMENT", "/recusive"),
        delete("{\"paths\":[],\"Recursive\":true}", 400, "INVALID_ARGUMENT", "/Recursive"),
        delete("{\"paths\":[],\"a/b~c\":1}", 400, "INVALID_ARGUMENT", "/a~1b~0c"),
        delete("{\"paths\":[],\"batch\":\"\"}", 400, "INVALID_ARGUMENT", "/batch"),
        delete("{\"paths\":[],\"batch\":7}", 400, "INVALID_ARGUMENT", "/batch"),
        delete("{\"paths\":[],\"batch\":\"a\\nb\"}", 400, "INVALID_ARGUMENT", "/batch"),
        delete(
            "{\"paths\":[],\"batch\":\"" + "x".repeat(129) + "\"}",
            400,
            "INVALID_ARGUMENT",
            "/batch"));
  }

  static Stream<Arguments> badConnects() {
    return Stream.of(
        connect("{}", "/addressFile"),
        connect("{\"addressFile\":[\"data:p\"]}", "/addressFile"),
        connect(address("\"maxBytes\":0"), "/maxBytes"),
        connect(address("\"maxBytes\":65537"), "/maxBytes"),
        connect(address("\"maxBytes\":128.0"), "/maxBytes"),
        connect(address("\"maxBytes\":1e2"), "/maxBytes"),
        connect(address("\"maxBytes\":\"128\""), "/maxBytes"),
        connect(address("\"maxBytes\":99999999999"), "/maxBytes"),
        connect(address("\"maxBytes\":" + "9".repeat(500)), "/maxBytes"),
        connect(address("\"maxBytes\":true"), "/maxBytes"),
        connect(address("\"connectTimeoutSeconds\":0"), "/connectTimeoutSeconds"),
        connect(address("\"connectTimeoutSeconds\":-1"), "/connectTimeoutSeconds"),
        connect(address("\"connectTimeoutSeconds\":0.0001"), "/connectTimeoutSeconds"),
        connect(address("\"connectTimeoutSeconds\":86401"), "/connectTimeoutSeconds"),
        connect(address("\"connectTimeoutSeconds\":1e999999999"), "/connectTimeoutSeconds"),
        connect(address("\"readTimeoutSeconds\":1e-999999999"), "/readTimeoutSeconds"),
        connect(address("\"readTimeoutSeconds\":\"5\""), "/readTimeoutSeconds"),
        connect(address("\"readTimeoutSeconds\":[5]"), "/readTimeoutSeconds"));
  }

  /** Of every start. */
  static Stream<Arguments> badOptions() {
    String many =
        IntStream.range(0, 17)
            .mapToObj(i -> "\"k%d\":\"v\"".formatted(i))
            .collect(Collectors.joining(",", "{", "}"));
    return Stream.of(
            option("\"priority\":\"high\"", "/priority"),
            option("\"priority\":-100", "/priority"),
            option("\"priority\":\"0\"", "/priority"),
            option("\"bytesPerSecond\":0", "/bytesPerSecond"),
            option("\"bytesPerSecond\":-5", "/bytesPerSecond"),
            option("\"bytesPerSecond\":1.5", "/bytesPerSecond"),
            option("\"bytesPerSecond\":9223372036854775808", "/bytesPerSecond"),
            option("\"timeoutSeconds\":0", "/timeoutSeconds"),
            option("\"timeoutSeconds\":\"1h\"", "/timeoutSeconds"),
            option("\"labels\":[]", "/labels"),
            option("\"labels\":\"a=b\"", "/labels"),
            option("\"labels\":" + many, "/labels"),
            option("\"labels\":{\"a\":1}", "/labels/a"),
            option("\"labels\":{\"a\":null}", "/labels/a"),
            option("\"labels\":{\"\":\"x\"}", "/labels/"),
            option("\"labels\":{\"a\":\"x\",\"a\":\"y\"}", "/labels/a"),
            option("\"labels\":{\"" + "k".repeat(64) + "\":\"x\"}", "/labels/" + "k".repeat(64)),
            option("\"labels\":{\"a\":\"" + "v".repeat(256) + "\"}", "/labels/a"),
            option("\"labels\":{\"a\":\"\\u0007\"}", "/labels/a"),
            option("\"userData\":\"" + "x".repeat(4095) + "\"", "/userData"),
            option("\"userData\":{\"a\":1,\"a\":2}", "/userData/a"),
            option("\"report\":\"SOME\"", "/report"),
            option("\"paused\":true", "/paused"))
        .flatMap(Function.identity());
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("copy", CopyBody.class),
        Arguments.of("delete-batch", DeleteBatchBody.class),
        Arguments.of("connect", ConnectBody.class));
  }

  /** So that a new one is not forgotten. */
  @ParameterizedTest
  @MethodSource("bodies")
  void everyMember_isAmongTheCases(String kind, Class<? extends StartBody> body) {
    Set<String> tried =
        Stream.of(badCopies(), badDeletes(), badConnects(), badOptions())
            .flatMap(Function.identity())
            .map(Arguments::get)
            .filter(tryOf -> kind.equals(tryOf[0]))
            .map(tryOf -> String.valueOf(tryOf[4]).replaceFirst("(?<=.)/.*", ""))
            .collect(Collectors.toSet());

    assertThat(tried)
        .containsAll(
            Stream.of(body.getRecordComponents()).map(member -> "/" + member.getName()).toList());
  }

  @Test
  void everyUnknownMember_isNamed() {
    Answer answer = service.post("/ops/connect", "{\"addresFile\":\"data:p\",\"max\":{\"a\":[1]}}");

    assertThat(pointers(answer)).containsExactly("/addresFile", "/max");
    assertThat(answer.at("detail")).isEqualTo("2 members of the request are wrong.");
  }

  @Test
  void everythingThatIsWrong_isToldAtOnce_andWhatIsMalformedDecides() {
    Answer answer =
        service.post(
            "/ops/copy",
            "{\"source\":\"data:../x\",\"destination\":\"frozen:y\",\"bytesPerSecond\":0,"
                + "\"include\":[\"[\"]}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(pointers(answer))
        .containsExactly("/source", "/destination", "/include/0", "/bytesPerSecond");
  }

  @Test
  void aHundredThousandBadPaths_getAShortAnswer() {
    String paths =
        Stream.generate(() -> "\"data:../x\"").limit(100_000).collect(Collectors.joining(","));

    Answer answer = service.post("/ops/delete-batch", "{\"paths\":[" + paths + "]}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(pointers(answer)).hasSize(100).startsWith("/paths/0").endsWith("/paths/99");
  }

  @Test
  void theAnswer_namesNoHostPathAndNoClass() {
    Stream.of("{\"source\":1}", "{\"source\":\"data:../x\"}", "{\"source\":\"data:a.txt\"", "[]")
        .map(body -> service.post("/ops/copy", body).text())
        .forEach(text ->
            assertThat(text)
                .doesNotContain(directory.toString())
                .doesNotContain("java.")
                .doesNotContain("jackson")
                .doesNotContain("dev.asyncops"));
  }

  @Test
  void unknownQueryParameter_isRefusedOnAStart() {
    String before = service.get("/ops/summary").text();

    Answer answer = service.post("/ops/delete-batch?recursive=true", "{\"paths\":[\"data:in\"]}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("detail")).contains("recursive");
    assertThat(service.get("/ops/summary").text()).isEqualTo(before);
  }

  private static List<String> pointers(Answer answer) {
    return answer
        .json()
        .path("errors")
        .valueStream()
        .map(e -> e.get("pointer").asString())
        .toList();
  }

  private static Set<String> tree() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(Path::toString).collect(Collectors.toSet());
    }
  }

  private static Arguments copy(String body, int status, String code, String pointer) {
    return Arguments.of("copy", body, status, code, pointer);
  }

  private static Arguments delete(String body, int status, String code, String pointer) {
    return Arguments.of("delete-batch", body, status, code, pointer);
  }

  private static Arguments connect(String body, String pointer) {
    return Arguments.of("connect", body, 400, "INVALID_ARGUMENT", pointer);
  }

  private static Stream<Arguments> option(String member, String pointer) {
    String paths = "{\"paths\":[\"data:a.txt\"]," + member + "}";
    return Stream.of(
        copy(with(member), 400, "INVALID_ARGUMENT", pointer),
        delete(paths, 400, "INVALID_ARGUMENT", pointer),
        connect(address(member), pointer));
  }

  private static String both(String source, String destination) {
    return "{\"source\":\"%s\",\"destination\":\"%s\"}".formatted(source, destination);
  }

  private static String with(String member) {
    return "{\"source\":\"data:a.txt\",\"destination\":\"archive:x\"," + member + "}";
  }

  private static String address(String member) {
    return "{\"addressFile\":\"data:p\"," + member + "}";
  }
}
