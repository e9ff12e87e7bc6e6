package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retries over HTTP, of work on real files. */
@Timeout(120)
class RetryIntegrationTests {

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

  @Test
  void connect_thatFailed_isAskedForAgain_withAllThatWentWithIt() throws IOException {
    String first =
        started(
            "/ops/connect",
            """
            {"addressFile":"data:gone.addr","maxBytes":7,"labels":{"team":"a"},
             "userData":{"n":1.10},"priority":"LOW","timeoutSeconds":9.50,"report":"ALL"}
            """);
    Files.writeString(service.path("data:gone.addr"), "127.0.0.1:1\n");

    Answer answer = retry(first);
    Answer again = service.ended(answer.header("Location"));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(again.at("id")).isNotEqualTo(id(first));
    assertThat(again.at("kind")).isEqualTo("connect");
    assertThat(again.at("error.stage")).isEqualTo("CONNECT");
    Answer before = service.get(first);
    assertThat(again.json().get("request")).isEqualTo(before.json().get("request"));
    assertThat(again.json().get("labels")).isEqualTo(before.json().get("labels"));
    assertThat(again.text()).contains("\"userData\":{\"n\":1.10}");
    assertThat(again.at("priority")).isEqualTo("LOW");
  }

  @Test
  void whatSucceeded_isRetriedAsNothing() throws IOException {
    Files.writeString(service.path("data:small"), "x");
    for (String first :
        new String[] {
          started("/ops/copy", "{\"source\":\"data:small\",\"destination\":\"data:small-copy\"}"),
          started("/ops/delete-batch", "{\"paths\":[\"data:small\"]}")
        }) {
      assertThat(service.get(first).at("state")).isEqualTo("SUCCEEDED");

      Answer again = retry(first, "Prefer", "wait=30");

      assertThat(again.status()).as(again.text()).isEqualTo(200);
      assertThat(again.header("Preference-Applied")).isEqualTo("wait=30");
      assertThat(again.at("kind")).isEqualTo(service.get(first).at("kind"));
      assertThat(again.at("state")).isEqualTo("SUCCEEDED");
      assertThat(again.number("total")).isZero();
      assertThat(again.json().get("totalExact").asBoolean()).isTrue();
      assertThat(service.get("/ops/" + again.at("id") + "/result").status()).isEqualTo(200);
    }
  }

  @Test
  void copyOfWhatWasMissing_isDoneAgainAsAWhole() throws IOException {
    String first =
        started("/ops/copy", "{\"source\":\"data:late\",\"destination\":\"archive:late\"}");
    assertThat(service.get(first).at("state")).isEqualTo("FAILED");
    Files.createDirectories(service.path("data:late/sub"));
    Files.writeString(service.path("data:late/sub/a"), "hello");

    Answer again = ended(retry(first));

    assertThat(again.at("state")).isEqualTo("SUCCEEDED");
    assertThat(again.number("succeeded")).isEqualTo(3);
    assertThat(again.json().get("request").has("retryOf")).isFalse();
    assertThat(service.path("archive:late/sub/a")).hasContent("hello");
  }

  @Test
  void copyThatLeftSomeOut_copiesThem_andNothingElse() throws Exception {
    Path tree = Files.createDirectories(service.path("data:some/sub"));
    Files.writeString(tree.resolve("good"), "good");
    run("mkfifo bad \"$(printf 'odd\\377')\"", tree);
    String first =
        started("/ops/copy", "{\"source\":\"data:some\",\"destination\":\"data:some2\"}");
    assertThat(service.get(first).at("state")).isEqualTo("PARTIAL");
    assertThat(service.get(first).number("failed")).isEqualTo(2);
    run("rm bad; echo now > bad", tree);

    Answer again = ended(retry(first));

    assertThat(again.at("state")).isEqualTo("PARTIAL");
    assertThat(again.number("total")).isEqualTo(2);
    assertThat(again.number("succeeded")).isEqualTo(1);
    assertThat(again.at("request.retryOf")).isEqualTo(id(first));
    assertThat(service.path("data:some2/sub/bad")).hasContent("now\n");
    run("find . -name 'odd*' -delete; echo then > \"$(printf 'odd\\377')\"", tree);

    Answer last = ended(retry("/ops/" + again.at("id")));

    assertThat(last.at("state")).isEqualTo("SUCCEEDED");
    assertThat(last.number("total")).isEqualTo(1);
    assertThat(last.at("request.retryOf")).isEqualTo(again.at("id"));
    run("test -f \"$(printf 'odd\\377')\"", service.path("data:some2/sub"));
  }

  @Test
  void deleteBatch_deletesWhatFailed_andJoinsNothing() throws IOException {
    Files.createDirectories(service.path("data:full/entry"));
    String first =
        started(
            "/ops/delete-batch",
            "{\"paths\":[\"data:full\",\"data:full/none\",\"data:absent\"],\"batch\":\"nightly\"}");
    assertThat(service.get(first).number("failed")).isEqualTo(3);
    Files.delete(service.path("data:full/entry"));
    Files.createFile(service.path("data:absent"));

    Answer again = ended(retry(first));

    assertThat(again.at("state")).isEqualTo("PARTIAL");
    assertThat(again.number("total")).isEqualTo(3);
    assertThat(again.number("succeeded")).isEqualTo(2);
    assertThat(again.json().at("/request/batch").isNull()).isTrue();
    assertThat(service.path("data:full")).doesNotExist();
    assertThat(service.path("data:absent")).doesNotExist();
  }

  @Test
  void longListOfFailures_isRetriedAsAWhole() throws IOException {
    StringBuilder paths = new StringBuilder("\"data:many-0\"");
    for (int i = 1; i < 700; i++) {
      paths.append(",\"data:many-").append(i).append('"');
    }
    String first = started("/ops/delete-batch", "{\"paths\":[%s]}".formatted(paths));
    for (int i = 0; i < 700; i++) {
      Files.createFile(service.path("data:many-" + i));
    }

    Answer again = ended(retry(first));

    assertThat(again.number("succeeded")).isEqualTo(700);
  }

  @Test
  void failuresThatAreNotListed_areNotDroppedSilently() {
    String first =
        started("/ops/delete-batch", "{\"paths\":[\"data:nowhere\"],\"report\":\"NONE\"}");

    Answer answer = retry(first);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.at("code")).isEqualTo("CLOSED");
    assertThat(answer.at("detail"))
        .isEqualTo("1 items failed, and the operation's report lists 0 of them.");
  }

  @Test
  void whatIsNotOver_cannotBeRetried() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          service.path("data:silent.addr"), "127.0.0.1:" + silent.getLocalPort() + "\n");
      String running =
          service.started(
              "/ops/connect", "{\"addressFile\":\"data:silent.addr\",\"readTimeoutSeconds\":60}");

      Answer answer = retry(running);

      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.at("code")).isEqualTo("PENDING");
      assertThat(answer.at("operationId")).isEqualTo(id(running));
      assertThat(answer.header("Location")).isEqualTo(running);
      service.delete(running);
      assertThat(service.ended(running).at("state")).isEqualTo("CANCELLED");
      String again = retry(running).header("Location");
      assertThat(again).isNotEmpty();
      service.delete(again);
    }
  }

  @Test
  void badRetries_areRefused() {
    String first = started("/ops/connect", "{\"addressFile\":\"data:not-there\"}");

    assertThat(retry(first.substring(0, first.length() - 12) + "000000000000").status())
        .isEqualTo(404);
    assertThat(service.post(first + "/retry", "{\"recursive\":true}").status()).isEqualTo(400);
    assertThat(
            service
                .send(service.request(first + "/retry?dryRun=true").POST(BodyPublishers.noBody()))
                .status())
        .isEqualTo(400);
    assertThat(retry(first, "If-Match", "\"0\"").status()).isEqualTo(412);
    assertThat(service.get(first + "/retry").status()).isEqualTo(405);
  }

  @Test
  void retryWithAKey_isOneOperation_howeverOftenItIsAskedFor() {
    String first = started("/ops/connect", "{\"addressFile\":\"data:never-there\"}");

    Answer once = retry(first, "Idempotency-Key", "k1");
    service.ended(once.header("Location"));
    Answer twice = retry(first, "Idempotency-Key", "k1");
    Answer other = retry(first, "Idempotency-Key", "k2");

    assertThat(twice.header("Location")).isEqualTo(once.header("Location"));
    assertThat(twice.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(other.header("Location")).isNotEqualTo(once.header("Location"));
  }

  private static String started(String path, String json) {
    String operation = service.started(path, json);
    service.ended(operation);
    return operation;
  }

  private static Answer retry(String operation, String... headers) {
    return service.send(
        service.request(operation + "/retry", headers).POST(BodyPublishers.noBody()));
  }

  private static Answer ended(Answer retry) {
    assertThat(retry.status()).as(retry.text()).isEqualTo(202);
    return service.ended(retry.header("Location"));
  }

  private static String id(String operation) {
    return operation.substring("/ops/".length());
  }

  private static void run(String shell, Path where) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", shell).directory(where.toFile()).start();
    assertThat(process.waitFor()).isZero();
  }
}
