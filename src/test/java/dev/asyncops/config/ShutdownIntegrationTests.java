package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationState;
import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of running work and of its clients when the service is told to end. */
@Timeout(60)
class ShutdownIntegrationTests {

  private static final String CONNECT =
      """
      {"addressFile": "data:peer.addr", "readTimeoutSeconds": 60}
      """;

  @TempDir Path data;

  @Test
  void l10_whatDoesNotEndInTheGracePeriod_isSuspendedAndItsClientsAreAnswered() throws Exception {
    try (SilentServer _ = peer()) {
      RunningService service = RunningService.start(data, "asyncops.shutdown.drain=1s");
      OperationId id = startConnect(service);
      OperationRegistry registry = service.bean(OperationRegistry.class);
      AtomicInteger ends = countEnds(service, id);
      CompletableFuture<HttpResponse<String>> watcher = service.getWhenOver("/ops/" + id, 30);
      Instant begin = Instant.now();

      service.close();

      assertThat(Duration.between(begin, Instant.now()))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
      assertThat(watcher.get(10, TimeUnit.SECONDS).body()).contains("\"state\":\"RUNNING\"");
      assertThat(ends).hasValue(1);
      assertThat(registry.find(id).orElseThrow().state()).isEqualTo(OperationState.RUNNING);
      assertThat(mainContextThreads()).isZero();
    }
  }

  @Test
  void l10_whileDraining_readingWorksAndStartsAreRefused() throws Exception {
    try (SilentServer peer = peer()) {
      RunningService service = RunningService.start(data, "asyncops.shutdown.drain=30s");
      OperationId id = startConnect(service);

      OperationRegistry registry = service.bean(OperationRegistry.class);
      Thread shutdown = Thread.ofPlatform().start(service::close);
      await().until(() -> !registry.isAccepting());
      HttpResponse<String> status = service.get("/ops/" + id);
      HttpResponse<String> start = service.post("/ops/delete-batch", "{\"paths\": [\"data:x\"]}");
      HttpResponse<String> readiness = service.get("/actuator/health/readiness");
      HttpResponse<String> liveness = service.get("/actuator/health/liveness");
      CompletableFuture<HttpResponse<String>> watcher = service.getWhenOver("/ops/" + id, 30);
      peer.greet();

      assertThat(status.statusCode()).isEqualTo(200);
      assertThat(status.body()).contains("\"state\":\"RUNNING\"");
      assertThat(start.statusCode()).isEqualTo(503);
      assertThat(start.body()).contains("\"code\":\"DRAINING\"");
      assertThat(readiness.statusCode()).isEqualTo(503);
      assertThat(liveness.statusCode()).isEqualTo(200);
      assertThat(watcher.get(10, TimeUnit.SECONDS).body()).contains("\"state\":\"SUCCEEDED\"");
      assertThat(shutdown.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void withoutWork_theServiceEndsAtOnce() {
    RunningService service = RunningService.start(data);
    Instant begin = Instant.now();

    service.close();

    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThat(mainContextThreads()).isZero();
  }

  @Test
  void aPortInUse_endsTheStartAndLeavesNoThread() throws Exception {
    try (SilentServer peer = new SilentServer()) {
      String port = peer.address().substring(peer.address().indexOf(':') + 1);

      assertThat(catchThrowable(() -> RunningService.start(data, "server.port=" + port)))
          .hasRootCauseInstanceOf(BindException.class);
      assertThat(mainContextThreads()).isZero();
    }
  }

  private SilentServer peer() throws IOException {
    SilentServer peer = new SilentServer();
    Files.writeString(data.resolve("peer.addr"), peer.address());
    return peer;
  }

  private static OperationId startConnect(RunningService service) {
    String location =
        service.post("/ops/connect", CONNECT).headers().firstValue("Location").orElseThrow();
    OperationId id =
        OperationId.parse(location.substring(location.lastIndexOf('/') + 1)).orElseThrow();
    OperationRegistry registry = service.bean(OperationRegistry.class);
    await().until(() -> registry.find(id).orElseThrow().state() == OperationState.RUNNING);
    return id;
  }

  private static AtomicInteger countEnds(RunningService service, OperationId id) throws Exception {
    AtomicInteger ends = new AtomicInteger();
    CountDownLatch listening = new CountDownLatch(1);
    OperationRegistry registry = service.bean(OperationRegistry.class);
    service
        .bean(MainContext.class)
        .post(() -> {
          registry.whenTerminal(id, _ -> ends.incrementAndGet());
          listening.countDown();
        });
    assertThat(listening.await(10, TimeUnit.SECONDS)).isTrue();
    return ends;
  }

  private static long mainContextThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("main-context"))
        .count();
  }
}
