package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Kills the service while a long list comes in, and while it is gone through. */
class ManifestKillIntegrationTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int FILES = 40_000;
  private static final int MISSING = 60_000;

  @TempDir Path host;
  private Path data;

  @BeforeEach
  void makeRoot() throws IOException {
    data = Files.createDirectory(host.resolve("data"));
  }

  @Test
  void killedDuringAnUpload_nothingHasBegun_andNothingIsLeft() throws Exception {
    Files.createDirectory(data.resolve("kept"));
    Files.createFile(data.resolve("kept/0"));
    try (ServiceProcess service = start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /ops/delete-batch HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                  + "Content-Length: 100000000\r\n\r\n"
                  + lines("kept", FILES))
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows("manifest_chunks") > 2);
      service.kill();
    }

    try (ServiceProcess again = start()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> rows("manifest_chunks") + rows("manifests") == 0);
      assertThat(read(again.get("/ops")).get("operations")).isEmpty();
    }
    assertThat(data.resolve("kept/0")).exists();
  }

  @Test
  void killedDuringTheRun_itGoesOnWhereItWas_andItsCountsAddUp() throws Exception {
    Path files = Files.createDirectory(data.resolve("files"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(files.resolve(Integer.toString(i)));
    }
    String operation;
    JsonNode last;
    try (ServiceProcess service = start()) {
      HttpResponse<String> started =
          service.upload(
              "/ops/delete-batch?batch=b",
              BodyPublishers.ofString(lines("none", MISSING) + lines("files", FILES / 2)));
      assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
      operation = started.headers().firstValue("Location").orElseThrow();
      HttpResponse<String> joined =
          service.post(
              "/ops/delete-batch", "{\"batch\":\"b\",\"paths\":[%s]}".formatted(secondHalf()));
      assertThat(joined.headers().firstValue("Location")).contains(operation);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> stored(operation).get("failed").asLong() > 0);
      service.kill();
      last = stored(operation);
    }

    try (ServiceProcess again = start()) {
      JsonNode resumed = read(again.get(operation));
      JsonNode ended =
          Awaitility.await()
              .atMost(Duration.ofMinutes(2))
              .until(() -> read(again.get(operation)), node -> !node.get("endTime").isNull());

      for (String count : List.of("total", "succeeded", "failed", "skipped")) {
        assertThat(resumed.get(count).asLong())
            .as(count)
            .isGreaterThanOrEqualTo(last.get(count).asLong());
      }
      assertThat(resumed.get("attempt").asInt()).isEqualTo(2);
      assertThat(ended.get("state").asString()).isEqualTo("PARTIAL");
      assertThat(ended.get("total").asLong()).isEqualTo(MISSING + FILES);
      long succeeded = ended.get("succeeded").asLong();
      assertThat(succeeded + ended.get("failed").asLong()).isEqualTo(MISSING + FILES);
      assertThat(ended.get("failed").asLong()).isEqualTo(last.get("failed").asLong());
      assertThat(ended.get("firstErrors")).hasSize(100);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> rows("manifest_chunks") + rows("manifests") + rows("operation_inputs") == 0);
    }
    assertThat(files).isEmptyDirectory();
  }

  private ServiceProcess start() throws Exception {
    return ServiceProcess.start(data, host.resolve("state"));
  }

  private static String lines(String directory, int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "data:%s/%d\n".formatted(directory, i))
        .collect(Collectors.joining());
  }

  private static String secondHalf() {
    return IntStream.range(FILES / 2, FILES)
        .mapToObj("\"data:files/%d\""::formatted)
        .collect(Collectors.joining(","));
  }

  private static JsonNode read(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private long rows(String table) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }

  /** The operation's counts as they are saved. */
  private JsonNode stored(String operation) throws SQLException {
    String id = operation.substring(operation.lastIndexOf('/') + 1).replace("-", "");
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT snapshot FROM operations WHERE hex(id) = upper('" + id + "')")) {
      return JSON.readTree(row.getString(1));
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + host.resolve("state/registry.db"));
  }
}
