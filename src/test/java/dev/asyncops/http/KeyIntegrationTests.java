package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts with an {@code Idempotency-Key}, over HTTP. */
@Timeout(180)
class KeyIntegrationTests {

  private static final int AT_ONCE = 64;
  private static final String KEY = "Idempotency-Key";
  private static final String COPY = "{\"source\":\"data:a\",\"destination\":\"data:b\"}";

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "copy | {\"source\":\"data:a\",\"destination\":\"data:b\"}",
        "delete-batch | {\"paths\":[\"data:a\"],\"batch\":\"nightly\"}",
        "connect | {\"addressFile\":\"data:peer.addr\",\"readTimeoutSeconds\":60}"
      })
  void startsAtOnce_areOneOperation_alsoAfterARestart(String kind, String body) throws Exception {
    String path = "/ops/" + kind;
    String id;
    try (Greeter greeter = new Greeter("hello")) {
      try (TestService service = TestService.start(directory)) {
        Files.writeString(service.path("data:a"), "hello");
        greeter.writeAddress(service.path("data:peer.addr"));

        List<Answer> answers = atOnce(service, path, body);

        id = answers.getFirst().at("id");
        assertThat(answers)
            .allSatisfy(answer -> {
              assertThat(answer.status()).isEqualTo(202);
              assertThat(answer.at("id")).isEqualTo(id);
              assertThat(answer.header("Location")).isEqualTo("/ops/" + id);
            });
        assertThat(answers.stream().filter(answer -> !isReplayed(answer))).hasSize(1);
        if (kind.equals("connect")) {
          greeter.awaitConnection();
          greeter.greet();
        }
        Answer ended = service.ended("/ops/" + id);
        assertThat(ended.at("state")).as(ended.text()).isEqualTo("SUCCEEDED");
        assertThat(service.get("/ops").json().get("operations")).hasSize(1);
      }
      try (TestService service = TestService.start(directory)) {
        Answer again = service.post(path, body, KEY, "k", "Prefer", "wait=5");
        assertThat(again.status()).isEqualTo(200);
        assertThat(isReplayed(again)).isTrue();
        assertThat(again.at("id")).isEqualTo(id);
        assertThat(again.at("state")).isEqualTo("SUCCEEDED");
        assertThat(service.post(path, body, KEY, "k").status()).isEqualTo(202);
        assertThat(service.get("/ops").json().get("operations")).hasSize(1);
        assertThat(service.post(path, body, KEY, "another").at("id")).isNotEqualTo(id);
      }
    }
  }

  @Test
  void whatIsAskedForTheSame_howeverItIsWritten_isReplayed_andNothingElse() throws Exception {
    try (TestService service = TestService.start(directory)) {
      Files.writeString(service.path("data:a"), "hello");
      String id =
          start(
                  service,
                  """
                  {"source": "data:a", "destination": "data:b", "labels": {"x": "1", "y": "2"},
                   "userData": {"a": [1, {"c": 1.50, "d": "é"}], "b": null}}
                  """)
              .at("id");

      Answer rewritten =
          start(
              service,
              """
              {"userData":{"b":null,"a":[1,{"d":"\\u00e9","c":1.50}]},"onConflict":"FAIL",
               "labels":{"y":"2","x":"1"},"destination":"data:b/","source":"data:a"}
              """);

      assertThat(rewritten.at("id")).isEqualTo(id);
      assertThat(isReplayed(rewritten)).isTrue();
      assertReused(service, COPY);
      assertReused(
          service,
          """
          {"source": "data:a", "destination": "data:b", "labels": {"x": "1", "y": "3"},
           "userData": {"a": [1, {"c": 1.50, "d": "é"}], "b": null}}
          """);
      assertReused(
          service,
          """
          {"source": "data:a", "destination": "data:b", "labels": {"x": "1", "y": "2"},
           "userData": {"a": [{"c": 1.50, "d": "é"}, 1], "b": null}}
          """);
      assertReused(
          service,
          """
          {"source": "data:a", "destination": "data:c", "labels": {"x": "1", "y": "2"},
           "userData": {"a": [1, {"c": 1.50, "d": "é"}], "b": null}}
          """);
      Answer elsewhere = service.post("/ops/delete-batch", "{\"paths\":[]}", KEY, "k");
      assertThat(elsewhere.status()).isEqualTo(202);
      assertThat(isReplayed(elsewhere)).isFalse();
    }
  }

  @Test
  void aListThatIsTooLongToBeShown_isComparedAsAWhole() throws Exception {
    try (TestService service = TestService.start(directory)) {
      List<String> paths = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        paths.add("\"data:f" + i + "\"");
      }
      String body = "{\"ignoreMissing\":true,\"paths\":[" + String.join(",", paths) + "]}";
      String id = service.post("/ops/delete-batch", body, KEY, "k").at("id");

      Answer again = service.post("/ops/delete-batch", body, KEY, "k");
      Answer other = service.post("/ops/delete-batch", body.replace("f999", "x999"), KEY, "k");

      assertThat(again.at("id")).isEqualTo(id);
      assertThat(other.status()).isEqualTo(422);
    }
  }

  @Test
  void aRefusedStart_leavesTheKeyFree() throws Exception {
    try (TestService service = TestService.start(directory)) {
      Answer refused = service.post("/ops/copy", "{\"source\":\"data:a\"}", KEY, "k");
      Files.writeString(service.path("data:a"), "hello");
      Answer started = start(service, COPY);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(started.status()).isEqualTo(202);
      assertThat(isReplayed(started)).isFalse();
    }
  }

  @Test
  void aKeyThatIsMalformed_isRefused() throws IOException {
    try (TestService service = TestService.start(directory)) {
      Answer blank = service.post("/ops/copy", COPY, KEY, "a b");
      Answer twice = service.post("/ops/copy", COPY, KEY, "a", KEY, "a");

      assertThat(blank.status()).isEqualTo(400);
      assertThat(blank.at("code")).isEqualTo("INVALID_ARGUMENT");
      assertThat(twice.status()).isEqualTo(400);
      assertThat(service.get("/ops").json().get("operations")).isEmpty();
    }
  }

  private static List<Answer> atOnce(TestService service, String path, String body)
      throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> asked = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        asked.add(clients.submit(() -> service.post(path, body, KEY, "k")));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private static Answer start(TestService service, String body) {
    return service.post("/ops/copy", body, KEY, "k");
  }

  private static void assertReused(TestService service, String body) {
    Answer refused = start(service, body);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.at("code")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
  }

  private static boolean isReplayed(Answer answer) {
    return answer.header("Idempotency-Replayed").equals("true");
  }
}
