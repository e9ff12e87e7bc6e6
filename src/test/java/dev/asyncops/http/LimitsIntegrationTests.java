package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is full, and one that is about to end. */
class LimitsIntegrationTests {

  private static final String LIST = "{\"paths\":[]}";

  @TempDir Path directory;

  @Test
  void m22_fullQueue_isRefused_andCancellingMakesRoom() throws Exception {
    try (TestService service =
            TestService.start(directory, "asyncops.limits.running=1", "asyncops.limits.queued=1");
        Greeter greeter = new Greeter("hello")) {
      String running = connecting(service, greeter);
      String queued = service.started("/ops/delete-batch", LIST);

      Answer refused = service.post("/ops/delete-batch", LIST);
      Answer cancelled = service.delete(queued);
      Answer next = service.post("/ops/delete-batch", LIST);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.at("code")).isEqualTo("QUEUE_FULL");
      assertThat(refused.header("Retry-After")).isNotEmpty();
      assertThat(cancelled.status()).isEqualTo(200);
      assertThat(cancelled.at("state")).isEqualTo("CANCELLED");
      assertThat(next.status()).isEqualTo(202);
      greeter.greet();
      assertThat(service.ended(running).at("state")).isEqualTo("SUCCEEDED");
      assertThat(service.ended(next.header("Location")).at("state")).isEqualTo("SUCCEEDED");
    }
  }

  @Test
  void operationsThatTakeAllMemory_keepOthersOut_untilTheyAreOver() throws Exception {
    try (TestService service =
            TestService.start(
                directory, "asyncops.limits.running=1", "asyncops.limits.memory=1MB");
        Greeter greeter = new Greeter("hello")) {
      connecting(service, greeter);
      String large =
          service.started(
              "/ops/delete-batch",
              "{\"paths\":[%s\"data:x\"]}".formatted("\"data:x\",".repeat(20_000)));

      Answer refused = service.post("/ops/delete-batch", LIST);
      Answer cancelled = service.delete(large);
      Answer next = service.post("/ops/delete-batch", LIST);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.at("code")).isEqualTo("QUEUE_FULL");
      assertThat(cancelled.at("state")).isEqualTo("CANCELLED");
      assertThat(next.status()).isEqualTo(202);
      greeter.greet();
      service.ended(next.header("Location"));
    }
  }

  @Test
  void manyLargeBodiesAtOnce_areRefused_andSmallOnesAreNot() throws Exception {
    String unfinished =
        """
        POST /ops/delete-batch HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: 100000\r
        \r
        """
            + " ".repeat(90_000);
    String whole = " ".repeat(90_000) + LIST;
    List<RawConnection> connections = new ArrayList<>();
    BlockingQueue<RawConnection.Reply> replies = new LinkedBlockingQueue<>();
    try (TestService service =
            TestService.start(
                directory, "asyncops.limits.memory=1MB", "asyncops.limits.body-bytes=100KB");
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) { // all of them would be 740 kB, of 256 that there may be
        RawConnection connection = new RawConnection(service.port());
        connections.add(connection);
        others.execute(() -> {
          try {
            connection.send(unfinished);
            replies.add(connection.receive(false));
          } catch (IOException e) {
            // It was closed unanswered.
          }
        });
      }

      RawConnection.Reply refused = replies.poll(30, TimeUnit.SECONDS);
      Answer small = service.post("/ops/delete-batch", LIST);

      assertThat(refused).isNotNull();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body()).contains("QUEUE_FULL");
      assertThat(small.status()).isEqualTo(202);
      for (RawConnection connection : connections) {
        connection.close();
      }
      await().until(() -> service.post("/ops/delete-batch", whole).status() == 202);
    }
  }

  @Test
  void p2_waitingBatch_isJoinedByName_withTheSameOptionsOnly() throws Exception {
    try (TestService service = TestService.start(directory, "asyncops.limits.running=1");
        Greeter greeter = new Greeter("hello")) {
      connecting(service, greeter);

      Answer first = service.post("/ops/delete-batch", batch("\"data:a\",\"data:b\"", false));
      Answer joined = service.post("/ops/delete-batch", batch("\"data:c\"", false));
      Answer other = service.post("/ops/delete-batch", batch("\"data:c\"", true));

      assertThat(joined.status()).isEqualTo(202);
      assertThat(joined.at("id")).isEqualTo(first.at("id"));
      assertThat(joined.number("total")).isEqualTo(3);
      assertThat(other.status()).isEqualTo(409);
      assertThat(other.at("code")).isEqualTo("PENDING");
      assertThat(other.header("Location")).isEqualTo(first.header("Location"));
      greeter.greet();
      Answer ended = service.ended(first.header("Location"));
      assertThat(ended.number("failed")).isEqualTo(3);
      Answer next = service.post("/ops/delete-batch", batch("", true));
      assertThat(next.status()).isEqualTo(202);
      assertThat(next.at("id")).isNotEqualTo(first.at("id"));
      service.ended(next.header("Location"));
    }
  }

  @Test
  void bandwidthOfTheService_holdsCopiesBack_andNothingElse() throws Exception {
    try (TestService service =
        TestService.start(directory, "asyncops.limits.bytes-per-second=10B")) {
      Files.write(service.path("data:large"), new byte[1_000_000]);
      Files.write(service.path("data:small"), new byte[1]);
      String copying =
          service.started("/ops/copy", "{\"source\":\"data:large\",\"destination\":\"data:copy\"}");

      String deleting = service.started("/ops/delete-batch", "{\"paths\":[\"data:small\"]}");

      assertThat(service.ended(deleting).at("state")).isEqualTo("SUCCEEDED");
      await()
          .untilAsserted(() ->
              assertThat(Long.parseLong(service.get(copying).at("progress.bytesDone")))
                  .isBetween(1L, 999L));
      service.delete(copying);
      assertThat(service.ended(copying).at("state")).isEqualTo("CANCELLED");
    }
  }

  @Test
  void l10_drainingService_refusesStarts_andAnswersWhoWaits() throws Exception {
    try (TestService service = TestService.start(directory, "asyncops.shutdown.drain=60s");
        Greeter greeter = new Greeter("hello");
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      String running = connecting(service, greeter);
      Future<Answer> waiter = others.submit(() -> service.get(running, "Prefer", "wait=60"));
      Future<?> end = others.submit(service::shutDown);

      await().until(() -> service.post("/ops/delete-batch", LIST).status() == 503);
      Answer refused = service.post("/ops/delete-batch", LIST);
      Answer read = service.get(running);
      greeter.greet();

      assertThat(refused.at("code")).isEqualTo("DRAINING");
      assertThat(refused.header("Retry-After")).isNotEmpty();
      assertThat(read.at("state")).isEqualTo("RUNNING");
      assertThat(waiter.get().at("state")).isEqualTo("SUCCEEDED");
      assertThat(end).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  private static String batch(String paths, boolean recursive) {
    return "{\"paths\":[%s],\"recursive\":%s,\"batch\":\"nightly\"}".formatted(paths, recursive);
  }

  private static String connecting(TestService service, Greeter greeter)
      throws IOException, InterruptedException {
    greeter.writeAddress(service.path("data:peer.addr"));
    String operation =
        service.started(
            "/ops/connect", "{\"addressFile\":\"data:peer.addr\",\"readTimeoutSeconds\":60}");
    greeter.awaitConnection();
    return operation;
  }
}
