package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Operations are changed while they wait, run, rest, and after their end. */
class PatchIntegrationTests {

  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String EMPTY_BATCH =
      "{\"paths\":[],\"labels\":{\"team\":\"a\",\"x\":\"1\"}}";

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service = TestService.start(directory, "asyncops.limits.body-bytes=64KB");
    Files.write(service.path("data:large"), new byte[1 << 20]);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {MERGE_PATCH, "application/json", "application/json;charset=utf-8"})
  void patch_changesWhatItNames_andLeavesTheRest(String type) {
    String copy = slowCopy();
    Answer before = service.get(copy);

    Answer answer = patchAs(type, copy, "{\"priority\":\"LOW\",\"labels\":{\"a\":\"1\"}}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("priority")).isEqualTo("LOW");
    assertThat(answer.number("bytesPerSecond")).isEqualTo(before.number("bytesPerSecond"));
    assertThat(answer.at("labels.a")).isEqualTo("1");
    assertThat(answer.header("ETag")).isEqualTo('"' + answer.at("revision") + '"');
    assertThat(answer.number("revision")).isGreaterThan(before.number("revision"));
    assertThat(answer.header("Retry-After")).isNotEmpty();
    service.delete(copy);
  }

  @Test
  void limitThatIsLifted_letsACopyEnd() {
    String copy = slowCopy();

    Answer answer = patch(copy, "{\"bytesPerSecond\":null}");

    assertThat(answer.json().get("bytesPerSecond").isNull()).isTrue();
    assertThat(service.ended(copy).at("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void null_putsBackWhatIsThereByDefault() {
    String copy = slowCopy();
    patch(copy, "{\"priority\":\"HIGH\",\"paused\":true,\"labels\":{\"a\":\"1\"}}");

    Answer answer = patch(copy, "{\"priority\":null,\"paused\":null,\"labels\":null}");

    assertThat(answer.at("priority")).isEqualTo("DEFAULT");
    assertThat(answer.json().get("paused").asBoolean()).isFalse();
    assertThat(answer.json().get("labels").isEmpty()).isTrue();
    service.delete(copy);
  }

  @Test
  void runningCopy_rests_andGoesOnWhereItWas() throws IOException {
    String copy = slowCopy();
    await()
        .untilAsserted(
            () -> assertThat(service.get(copy).at("progress.bytesDone")).isNotEqualTo("0"));

    Answer asked = patch(copy, "{\"paused\":true}");

    assertThat(asked.json().get("paused").asBoolean()).isTrue();
    await().untilAsserted(() -> assertThat(service.get(copy).at("state")).isEqualTo("PAUSED"));
    Answer paused = service.get(copy);
    assertThat(service.get("/ops/summary").at("byState.PAUSED")).isEqualTo("1");
    assertThat(service.get("/ops?state=PAUSED").json().get("operations")).hasSize(1);
    assertThat(service.get(copy + "/result").at("code")).isEqualTo("PENDING");
    assertThat(service.get("/actuator/prometheus").text())
        .contains("asyncops_active{kind=\"copy\",state=\"PAUSED\"} 1.0");
    patch(copy, "{\"bytesPerSecond\":null}");
    assertThat(service.get(copy).at("progress.bytesDone"))
        .isEqualTo(paused.at("progress.bytesDone"));
    patch(copy, "{\"paused\":false}");
    Answer end = service.ended(copy);
    assertThat(end.at("state")).isEqualTo("SUCCEEDED");
    assertThat(end.at("startTime")).isEqualTo(paused.at("startTime"));
    assertThat(end.number("attempt")).isEqualTo(1);
    assertThat(end.at("progress.bytesDone")).isEqualTo(String.valueOf(1 << 20));
    assertThat(Files.mismatch(service.path("data:large"), copied(end))).isEqualTo(-1);
  }

  @Test
  void pausedCopy_thatIsCancelled_isCancelledAtOnce_andLeavesNothing() {
    String copy = slowCopy();
    patch(copy, "{\"paused\":true}");
    await().untilAsserted(() -> assertThat(service.get(copy).at("state")).isEqualTo("PAUSED"));

    Answer answer = service.delete(copy);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("state")).isEqualTo("CANCELLED");
    assertThat(copied(answer)).doesNotExist();
  }

  @Test
  void finishedOperation_takesLabelsOnly_andIsFoundByThem() {
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);
    Answer before = service.ended(batch);

    Answer refused = patch(batch, "{\"labels\":{\"team\":\"b\"},\"paused\":true}");
    Answer changed = patch(batch, "{\"labels\":{\"team\":\"b\",\"x\":null,\"unique\":\"u\"}}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.at("code")).isEqualTo("CLOSED");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("labels").toString())
        .isEqualTo("{\"team\":\"b\",\"unique\":\"u\"}");
    assertThat(changed.number("revision")).isEqualTo(before.number("revision") + 1);
    assertThat(changed.at("endTime")).isEqualTo(before.at("endTime"));
    assertThat(service.get(batch).text()).isEqualTo(changed.text());
    assertThat(service.get("/ops?label.unique=u&label.team=b").json().get("operations")).hasSize(1);
    assertThat(service.get("/ops?label.unique=u&label.team=a").json().get("operations")).isEmpty();
  }

  @Test
  void patchThatChangesNothing_leavesTheRevision() {
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);
    Answer before = service.ended(batch);

    for (String body :
        List.of("{}", "{\"labels\":{}}", "{\"labels\":{\"team\":\"a\",\"y\":null}}")) {
      assertThat(patch(batch, body).text()).isEqualTo(before.text());
    }
  }

  @Test
  void condition_isHeld() {
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);
    String tag = service.ended(batch).header("ETag");

    Answer other = patch(batch, "{\"labels\":{\"n\":\"1\"}}", "If-Match", "\"0\"");
    Answer weak = patch(batch, "{\"labels\":{\"n\":\"1\"}}", "If-Match", "W/" + tag);
    Answer same = patch(batch, "{\"labels\":{\"n\":\"1\"}}", "If-Match", "\"0\", " + tag);
    Answer again = patch(batch, "{\"labels\":{\"n\":\"2\"}}", "If-Match", tag);
    Answer any = patch(batch, "{\"labels\":{\"n\":\"2\"}}", "If-Match", "*");

    assertThat(List.of(other, weak, again)).allMatch(answer -> answer.status() == 412);
    assertThat(other.at("code")).isEqualTo("PRECONDITION_FAILED");
    assertThat(same.status()).isEqualTo(200);
    assertThat(any.at("labels.n")).isEqualTo("2");
  }

  static Stream<Arguments> wrongMembers() {
    return Stream.of(
        Arguments.of("{\"priority\":\"low\"}", "/priority"),
        Arguments.of("{\"priority\":1}", "/priority"),
        Arguments.of("{\"bytesPerSecond\":0}", "/bytesPerSecond"),
        Arguments.of("{\"bytesPerSecond\":1.0}", "/bytesPerSecond"),
        Arguments.of("{\"bytesPerSecond\":\"1\"}", "/bytesPerSecond"),
        Arguments.of("{\"bytesPerSecond\":9223372036854775808}", "/bytesPerSecond"),
        Arguments.of("{\"paused\":\"true\"}", "/paused"),
        Arguments.of("{\"paused\":0}", "/paused"),
        Arguments.of("{\"labels\":[]}", "/labels"),
        Arguments.of("{\"labels\":{\"a\":1}}", "/labels/a"),
        Arguments.of("{\"labels\":{\"a/b\":{}}}", "/labels/a~1b"),
        Arguments.of("{\"labels\":{\"\":\"x\"}}", "/labels/"),
        Arguments.of("{\"label\":{}}", "/label"),
        Arguments.of("{\"state\":\"PAUSED\"}", "/state"),
        Arguments.of("{\"paused\":true,\"paused\":true}", "/paused"),
        Arguments.of("[]", ""),
        Arguments.of("null", ""),
        Arguments.of("{} {}", ""));
  }

  /** So that a new one is not forgotten. */
  @Test
  void everyMember_isAmongTheWrongOnes() {
    List<String> tried =
        wrongMembers()
            .map(wrong -> String.valueOf(wrong.get()[1]).replaceFirst("(?<=.)/.*", ""))
            .toList();

    assertThat(tried)
        .containsAll(
            Stream.of(PatchBody.class.getRecordComponents())
                .map(member -> "/" + member.getName())
                .toList());
  }

  @ParameterizedTest
  @MethodSource("wrongMembers")
  void wrongMember_isNamed_andNothingIsChanged(String body, String pointer) {
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);
    Answer before = service.ended(batch);

    Answer answer = patch(batch, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("code")).isEqualTo("INVALID_ARGUMENT");
    assertThat(answer.at("errors.0.pointer")).isEqualTo(pointer);
    assertThat(service.get(batch).text()).isEqualTo(before.text());
  }

  @Test
  void tooManyLabels_areCountedAsTheyWouldBe() {
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);
    Answer before = service.ended(batch);
    String fifteen =
        IntStream.range(0, 15)
            .mapToObj("\"k%d\":\"v\""::formatted)
            .collect(Collectors.joining(","));

    Answer refused = patch(batch, "{\"labels\":{%s}}".formatted(fifteen));
    Answer taken = patch(batch, "{\"labels\":{\"x\":null,%s}}".formatted(fifteen));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("errors.0.pointer")).isEqualTo("/labels");
    assertThat(taken.status()).isEqualTo(200);
    assertThat(taken.json().get("labels")).hasSize(16);
    assertThat(taken.number("revision")).isEqualTo(before.number("revision") + 1);
  }

  @Test
  void connectThatRuns_cannotBePaused() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Files.writeString(service.path("data:peer"), "127.0.0.1:" + silent.getLocalPort());
      String connect =
          service.started(
              "/ops/connect", "{\"addressFile\":\"data:peer\",\"readTimeoutSeconds\":60}");
      await()
          .untilAsserted(() -> assertThat(service.get(connect).at("state")).isEqualTo("RUNNING"));

      Answer answer = patch(connect, "{\"paused\":true,\"labels\":{\"a\":\"b\"}}");

      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.at("code")).isEqualTo("NOT_SUPPORTED");
      assertThat(service.get(connect).json().get("labels").isEmpty()).isTrue();
      service.delete(connect);
    }
  }

  @Test
  void otherTypes_areRefused_withThoseThatAreTaken() {
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);

    Answer answer = patchAs("text/plain", batch, "{}");

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.header("Accept-Patch")).contains(MERGE_PATCH).contains("application/json");
  }

  @Test
  void unknownOperation_isNotFound_andParametersAreRefused() {
    assertThat(patch("/ops/0193b6a0-0000-7000-8000-000000000000", "{}").status()).isEqualTo(404);
    String batch = service.started("/ops/delete-batch", EMPTY_BATCH);
    assertThat(patch(batch + "?paused=true", "{}").status()).isEqualTo(400);
  }

  /** A copy of a megabyte that would take a quarter of an hour. */
  private static String slowCopy() {
    return service.started(
        "/ops/copy",
        "{\"source\":\"data:large\",\"destination\":\"archive:%s\",\"bytesPerSecond\":1000}"
            .formatted(UUID.randomUUID()));
  }

  private static Path copied(Answer copy) {
    return service.path(copy.at("request.destination"));
  }

  private static Answer patch(String operation, String json, String... headers) {
    return patchAs(MERGE_PATCH, operation, json, headers);
  }

  private static Answer patchAs(String type, String operation, String json, String... headers) {
    return service.send(
        service
            .request(operation, headers)
            .header("Content-Type", type)
            .method("PATCH", BodyPublishers.ofString(json)));
  }
}
