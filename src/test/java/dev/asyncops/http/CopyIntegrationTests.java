package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies over HTTP, with real files, and how an operation is read. */
class CopyIntegrationTests {

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory);
    Files.writeString(service.path("data:a.txt"), "content");
    Files.createDirectories(service.path("data:tree/sub"));
    Files.writeString(service.path("data:tree/b.csv"), "1,2");
    Files.writeString(service.path("data:tree/sub/c.txt"), "c");
    Files.writeString(service.path("frozen:d.txt"), "d");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void file_isCopied() {
    Answer started = service.post("/ops/copy", copy("data:a.txt", "archive:a.txt"));
    Answer ended = service.ended(started.header("Location"));
    Answer result = service.get(started.header("Location") + "/result");

    assertThat(started.status()).isEqualTo(202);
    assertThat(started.at("kind")).isEqualTo("copy");
    assertThat(ended.at("state")).isEqualTo("SUCCEEDED");
    assertThat(ended.at("progress.bytesDone")).isEqualTo("7");
    assertThat(ended.json().get("error").isNull()).isTrue();
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.number("bytes")).isEqualTo(7);
    assertThat(service.path("archive:a.txt")).hasContent("content");
  }

  @Test
  void tree_isCopied_outOfAReadOnlyRootToo() {
    Answer tree = ended(copy("data:tree", "archive:tree"));
    Answer frozen = ended(copy("frozen:", "archive:frozen"));

    assertThat(tree.at("state")).isEqualTo("SUCCEEDED");
    assertThat(tree.number("total")).isEqualTo(4);
    assertThat(service.path("archive:tree/sub/c.txt")).hasContent("c");
    assertThat(frozen.at("state")).isEqualTo("SUCCEEDED");
    assertThat(service.path("archive:frozen/d.txt")).hasContent("d");
  }

  @Test
  void request_isEchoedWithItsDefaults() {
    Answer answer = ended(copy("data:none/", "archive:x/"));

    assertThat(answer.json().get("request").toString())
        .isEqualTo(
            "{\"source\":\"data:none\",\"destination\":\"archive:x\",\"onConflict\":\"FAIL\","
                + "\"parents\":false,\"preserve\":[\"MODE\",\"TIMES\",\"LINKS\",\"SPARSE\"],"
                + "\"verify\":\"NONE\",\"durability\":\"FSYNC\",\"include\":[],\"exclude\":[],"
                + "\"failFast\":false,\"dryRun\":false,\"priority\":\"DEFAULT\","
                + "\"bytesPerSecond\":null,\"timeoutSeconds\":null,\"report\":\"FAILURES\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "data:none, archive:n1, NOT_FOUND, 404",
    "data:a.txt, data:tree/b.csv, EXISTS, 409",
    "data:a.txt, archive:, EXISTS, 409",
    "data:a.txt, archive:no/parent, NOT_FOUND, 404",
  })
  void k5_whatOnlyTheDiskKnows_comesBackThroughTheOperation(
      String source, String destination, String code, int status) {
    Answer ended = ended(copy(source, destination));
    Answer result = service.get("/ops/" + ended.at("id") + "/result");

    assertThat(ended.status()).isEqualTo(200);
    assertThat(ended.at("state")).isEqualTo("FAILED");
    assertThat(ended.at("error.code")).isEqualTo(code);
    assertThat(ended.text()).doesNotContain(directory.toString());
    assertThat(result.status()).isEqualTo(status);
    assertThat(result.at("code")).isEqualTo(code);
    assertThat(service.path("data:tree/b.csv")).hasContent("1,2");
  }

  @Test
  void k1_overlappingDestination_isRefusedWhileTheFirstRuns() {
    String slow =
        "{\"source\":\"data:a.txt\",\"destination\":\"archive:slow/x\",\"parents\":true,"
            + "\"bytesPerSecond\":1}";
    String running = service.started("/ops/copy", slow);

    Answer same = service.post("/ops/copy", copy("data:tree", "archive:slow/x"));
    Answer above = service.post("/ops/copy", copy("data:tree", "archive:slow"));
    Answer below = service.post("/ops/copy", copy("data:tree", "archive:slow/x/y"));
    Answer beside = service.post("/ops/copy", copy("data:none", "archive:slow/xy"));

    assertThat(same.status()).isEqualTo(409);
    assertThat(same.at("code")).isEqualTo("PENDING");
    assertThat(same.header("Location")).isEqualTo(running);
    assertThat(above.status()).isEqualTo(409);
    assertThat(below.status()).isEqualTo(409);
    assertThat(beside.status()).isEqualTo(202);
    assertThat(service.delete(running, "Prefer", "wait=60").at("state")).isEqualTo("CANCELLED");
    assertThat(service.path("archive:slow/x")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "/api, /api/ops/",
    "/api/, /api/ops/",
    "/a-b/c.d/e_f~g, /a-b/c.d/e_f~g/ops/",
    "/, /ops/",
    "//evil.example, /ops/",
    "https://evil.example, /ops/",
    "/a//b, /ops/",
    "/../x, /ops/",
    "/a/., /ops/",
    "'/a?x=', /ops/",
    "'/a b', /ops/",
    "api, /ops/",
    "'/a, /b', /ops/",
  })
  void location_hasTheProxysPrefix_ifThatIsAPath(String prefix, String expected) {
    Answer answer =
        service.post("/ops/delete-batch", "{\"paths\":[]}", "X-Forwarded-Prefix", prefix);

    assertThat(answer.header("Location")).isEqualTo(expected + answer.at("id"));
  }

  @Test
  void entityTag_isTheRevision_andListsAreHonoured() {
    Answer ended = ended(copy("data:a.txt", "archive:tagged"));
    String path = "/ops/" + ended.at("id");
    String tag = "\"" + ended.number("revision") + "\"";

    assertThat(ended.header("ETag")).isEqualTo(tag);
    for (String known : new String[] {tag, "W/" + tag, "\"x\", " + tag, "\"0\" , " + tag, "*"}) {
      Answer answer = service.get(path, "If-None-Match", known);
      assertThat(answer.status()).as(known).isEqualTo(304);
      assertThat(answer.header("ETag")).isEqualTo(tag);
      assertThat(answer.text()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0\"", "W/\"0\"", "garbage", "\"", ""})
  void otherTags_getTheOperation(String tag) {
    String path = "/ops/" + ended(copy("data:none", "archive:none")).at("id");

    Answer answer = service.get(path, "If-None-Match", tag);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("id")).isNotNull();
  }

  @Test
  void head_hasTheHeadersOfGet() {
    String path = "/ops/" + ended(copy("data:none", "archive:none")).at("id");

    Answer get = service.get(path);
    Answer head = service.send(service.request(path).method("HEAD", BodyPublishers.noBody()));

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
    assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    assertThat(head.text()).isEmpty();
  }

  private static Answer ended(String copy) {
    return service.ended(service.started("/ops/copy", copy));
  }

  private static String copy(String source, String destination) {
    return "{\"source\":\"%s\",\"destination\":\"%s\"}".formatted(source, destination);
  }
}
