package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports of items over HTTP, of work on real files. */
@Timeout(120)
class ItemsIntegrationTests {

  private static final int FAILURES = 2_500;
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path directory;

  private static TestService service;

  /** A delete of 2,500 paths that are missing and 10 that are not. */
  private static String batch;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
    for (int i = 0; i < 10; i++) {
      Files.createFile(service.path("data:there-" + i));
    }
    String paths =
        Stream.concat(
                IntStream.range(0, FAILURES).mapToObj(i -> "\"data:missing-" + i + "\""),
                IntStream.range(0, 10).mapToObj(i -> "\"data:there-" + i + "\""))
            .collect(Collectors.joining(","));
    batch = service.started("/ops/delete-batch", "{\"paths\":[%s]}".formatted(paths));
    service.ended(batch);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "state=FAILED", "state=FAILED,SKIPPED"})
  void pages_showEachFailureOnce(String filter) {
    List<String> seen = new ArrayList<>();

    Answer page = service.get(batch + "/items?pageSize=300&" + filter);
    seen.addAll(paths(page));
    while (!page.header("Link").isEmpty()) {
      assertThat(paths(page)).hasSize(300);
      page = service.get(next(page));
      seen.addAll(paths(page));
    }

    assertThat(page.json().get("nextPageToken").isNull()).isTrue();
    assertThat(seen).hasSize(FAILURES).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(seen))
        .isEqualTo(
            IntStream.range(0, FAILURES)
                .mapToObj(i -> "data:missing-" + i)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void item_hasAllMembersOfTheContract() {
    JsonNode item = service.get(batch + "/items?pageSize=1").json().at("/items/0");

    assertThat(item.propertyNames())
        .containsExactly("path", "destination", "state", "code", "detail", "bytes", "sha256");
    assertThat(item.get("path").asString()).startsWith("data:missing-");
    assertThat(item.get("destination").isNull()).isTrue();
    assertThat(item.get("state").asString()).isEqualTo("FAILED");
    assertThat(item.get("code").asString()).isEqualTo("NOT_FOUND");
    assertThat(item.get("bytes").asLong()).isZero();
  }

  @Test
  void stateThatNoItemHas_isAnEmptyPage() {
    Answer answer = service.get(batch + "/items?state=SUCCEEDED");

    assertThat(paths(answer)).isEmpty();
    assertThat(answer.header("Link")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=RUNNING",
        "state=failed",
        "state=",
        "pageSize=0",
        "pageSize=x",
        "pageToken=x",
        "pageToken=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      })
  void badParameters_areRefused(String query) {
    Answer answer = service.get(batch + "/items?" + query);

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.at("code")).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void token_belongsToItsQueryAndItsOperation() {
    String token = service.get(batch + "/items?state=FAILED&pageSize=1").at("nextPageToken");
    String other = service.started("/ops/delete-batch", "{\"paths\":[\"data:no\",\"data:nor\"]}");
    service.ended(other);

    assertThat(service.get(batch + "/items?state=FAILED&pageToken=" + token).status())
        .isEqualTo(200);
    assertThat(service.get(batch + "/items?pageToken=" + token).status()).isEqualTo(400);
    assertThat(service.get(other + "/items?state=FAILED&pageToken=" + token).status())
        .isEqualTo(400);
  }

  @Test
  void link_leadsThroughTheProxy() {
    Answer answer = service.get(batch + "/items?pageSize=1", "X-Forwarded-Prefix", "/files/api");

    assertThat(answer.header("Link"))
        .startsWith("</files/api%s/items?pageSize=1&pageToken=".formatted(batch));
  }

  @Test
  void unknownOperation_isNotFound() {
    String unknown = batch.substring(0, batch.length() - 12) + "000000000000";

    for (String accept : List.of("application/json", "application/x-ndjson", "text/csv")) {
      Answer answer = service.get(unknown + "/items", "Accept", accept);
      assertThat(answer.status()).as(accept).isEqualTo(404);
      assertThat(answer.at("code")).isEqualTo("NOT_FOUND");
    }
    assertThat(service.get("/ops/none/items").status()).isEqualTo(404);
  }

  @Test
  void otherFormats_areNotAcceptable_andWithoutAWishItIsAPage() {
    Answer other = service.get(batch + "/items", "Accept", "text/html");
    assertThat(other.status()).isEqualTo(406);
    assertThat(other.at("detail"))
        .isEqualTo("The answer would be application/json or application/x-ndjson or text/csv.");
    assertThat(service.get(batch + "/items").header("Content-Type")).isEqualTo("application/json");
    assertThat(service.get(batch + "/items", "Accept", "*/*").header("Content-Type"))
        .isEqualTo("application/json");
    assertThat(
            service
                .get(batch + "/items", "Accept", "text/csv;q=0.5, application/x-ndjson")
                .header("Content-Type"))
        .isEqualTo("application/x-ndjson");
  }

  @Test
  void ndjson_isTheWholeReport() {
    Answer answer = service.get(batch + "/items", "Accept", "application/x-ndjson");

    assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(answer.text()).endsWith("}\n");
    List<String> paths =
        answer.text().lines().map(line -> JSON.readTree(line).get("path").asString()).toList();
    assertThat(paths).hasSize(FAILURES).doesNotHaveDuplicates();
    assertThat(paths.subList(0, 50)).isEqualTo(paths(service.get(batch + "/items")));
  }

  @Test
  void csv_isTheWholeReport() {
    Answer answer = service.get(batch + "/items?state=FAILED", "Accept", "text/csv");

    assertThat(answer.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
    List<String> lines = Arrays.asList(answer.text().split("\r\n"));
    assertThat(lines.getFirst())
        .isEqualTo("path,destination,state,code,detail,bytes,sha256,pathBase64");
    assertThat(lines).hasSize(FAILURES + 1);
    assertThat(lines.get(1))
        .matches("data:missing-\\d+,,FAILED,NOT_FOUND,'.*' does not exist.,0,,");
    assertThat(service.get(batch + "/items?state=SKIPPED", "Accept", "text/csv").text())
        .isEqualTo(lines.getFirst() + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/x-ndjson", "text/csv"})
  void head_isAGetWithoutItsBody(String accept) {
    Answer answer =
        service.send(
            service
                .request(batch + "/items", "Accept", accept)
                .method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith(accept);
    assertThat(answer.text()).isEmpty();
  }

  @Test
  void all_ofACopiedTree_fitsItsCounts() throws IOException {
    Path tree = Files.createDirectories(service.path("data:tree/sub"));
    for (int i = 0; i < 700; i++) {
      Files.writeString(tree.resolve("file-" + i), "x".repeat(i));
    }
    Files.createSymbolicLink(tree.resolve("link"), Path.of("file-1"));
    String copy =
        service.started(
            "/ops/copy",
            """
            {"source":"data:tree","destination":"archive:tree","verify":"SHA256","report":"ALL"}
            """);

    Answer ended = service.ended(copy);
    List<JsonNode> items = lines(copy, "");

    assertThat(ended.at("state")).isEqualTo("SUCCEEDED");
    assertThat(ended.number("succeeded")).isEqualTo(703);
    assertThat(items).hasSize(703);
    assertThat(items).allMatch(item -> item.get("state").asString().equals("SUCCEEDED"));
    assertThat(items.stream().map(item -> item.get("path").asString())).doesNotHaveDuplicates();
    assertThat(items.stream().mapToLong(item -> item.get("bytes").asLong()).sum())
        .isEqualTo(ended.json().at("/progress/bytesDone").asLong());
    JsonNode file =
        items.stream()
            .filter(item -> item.get("path").asString().equals("data:tree/sub/file-3"))
            .findFirst()
            .orElseThrow();
    assertThat(file.get("destination").asString()).isEqualTo("archive:tree/sub/file-3");
    assertThat(file.get("bytes").asLong()).isEqualTo(3);
    assertThat(file.get("sha256").asString())
        .isEqualTo("cd2eb0837c9b4c962c22d2ff8b5441b7b45805887f051d39bf133b583baf6860");
  }

  @Test
  void all_ofARecursiveDelete_listsDirectoriesAndEntries() throws IOException {
    Path tree = Files.createDirectories(service.path("data:old/a/b"));
    for (int i = 0; i < 600; i++) {
      Files.createFile(tree.resolve("file-" + i));
    }

    String delete =
        service.started(
            "/ops/delete-batch",
            """
            {"paths":["data:old","data:never"],"recursive":true,"ignoreMissing":true,
             "report":"ALL"}
            """);
    Answer ended = service.ended(delete);

    assertThat(ended.number("succeeded")).isEqualTo(603);
    assertThat(lines(delete, "?state=SUCCEEDED").stream().map(item -> item.get("path").asString()))
        .hasSize(603)
        .doesNotHaveDuplicates()
        .contains("data:old", "data:old/a", "data:old/a/b", "data:old/a/b/file-599");
    assertThat(lines(delete, "?state=SKIPPED"))
        .extracting(item -> item.get("path").asString())
        .containsExactly("data:never");
  }

  @Test
  void all_ofAConnect_areItsThreeSteps() throws IOException {
    Files.writeString(service.path("data:none.addr"), "127.0.0.1:1\n");

    String connect =
        service.started("/ops/connect", "{\"addressFile\":\"data:none.addr\",\"report\":\"ALL\"}");
    service.ended(connect);

    assertThat(lines(connect, ""))
        .extracting(item -> item.get("state").asString())
        .containsExactly("SUCCEEDED", "FAILED", "CANCELLED");
  }

  @Test
  void none_isAnEmptyReport() {
    String delete =
        service.started("/ops/delete-batch", "{\"paths\":[\"data:not\"],\"report\":\"NONE\"}");

    assertThat(service.ended(delete).at("firstErrors.0.path")).isEqualTo("data:not");
    assertThat(paths(service.get(delete + "/items"))).isEmpty();
    assertThat(lines(delete, "")).isEmpty();
  }

  @Test
  void nameThatIsNotUtf8_isShownAndGivenInBytes() throws Exception {
    Path odd = Files.createDirectories(service.path("data:odd"));
    run("touch \"$(printf 'x\\377')\"", odd);

    String delete =
        service.started(
            "/ops/delete-batch",
            "{\"paths\":[\"data:odd\"],\"recursive\":true,\"report\":\"ALL\"}");
    service.ended(delete);

    assertThat(lines(delete, ""))
        .anySatisfy(item -> {
          assertThat(item.get("path").asString()).isEqualTo("data:odd/x\uFFFD");
          assertThat(item.get("pathBase64").asString()).isEqualTo("b2RkL3j/");
        });
  }

  @Test
  void hangUp_inTheMiddleOfAStream_leavesTheServiceAtWork() throws Exception {
    int items = 60_000;
    String paths =
        IntStream.range(0, items)
            .mapToObj(i -> "\"data:absent-%050d\"".formatted(i))
            .collect(Collectors.joining(","));
    String delete = service.started("/ops/delete-batch", "{\"paths\":[%s]}".formatted(paths));
    service.ended(delete);

    for (int i = 0; i < 20; i++) {
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
        client
            .getOutputStream()
            .write(
                "GET %s/items HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n"
                    .formatted(delete)
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(client.getInputStream().readNBytes(4_000)).hasSize(4_000);
      }
    }

    assertThat(service.get(delete + "/items", "Accept", "application/x-ndjson").text().lines())
        .hasSize(items);
  }

  private static void run(String shell, Path where) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", shell).directory(where.toFile()).start();
    assertThat(process.waitFor()).isZero();
  }

  private static List<JsonNode> lines(String operation, String query) {
    return service
        .get(operation + "/items" + query, "Accept", "application/x-ndjson")
        .text()
        .lines()
        .<JsonNode>map(JSON::readTree)
        .toList();
  }

  private static List<String> paths(Answer page) {
    return page.json().get("items").valueStream().map(item -> item.get("path").asString()).toList();
  }

  private static String next(Answer page) {
    Matcher link = Pattern.compile("<(.*)>; rel=\"next\"").matcher(page.header("Link"));
    assertThat(link.matches()).isTrue();
    return link.group(1);
  }
}
