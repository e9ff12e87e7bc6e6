package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.asyncops.http.EventStreamClient.Event;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of events over the wire, and waiting for the next change. */
@Timeout(180)
class EventsIntegrationTests {

  private static final String UNKNOWN = "/ops/0193b6a0-0000-7000-8000-000000000000/events";
  private static final String BODY =
      "{\"addressFile\":\"data:peer.addr\",\"readTimeoutSeconds\":60}";

  @TempDir Path directory;

  private TestService service;
  private Greeter greeter;

  @BeforeEach
  void start() throws IOException {
    service = TestService.start(directory, "asyncops.limits.event-subscribers=3");
    greeter = new Greeter("hello");
    greeter.writeAddress(service.path("data:peer.addr"));
  }

  @AfterEach
  void stop() throws IOException {
    greeter.close();
    service.close();
  }

  @Test
  void stream_goesFromTheSnapshotToTheEnd_andComingBackIsNoContent() throws Exception {
    String operation = connecting();

    try (EventStreamClient client = client(operation + "/events")) {
      Event first = event(client);
      greeter.greet();
      List<Event> rest = client.rest();

      assertThat(first.name()).isEqualTo("snapshot");
      assertThat(first.data().get("state").asString()).isEqualTo("RUNNING");
      assertThat(rest).extracting(Event::revision).isSorted();
      assertThat(rest.getLast().name()).isEqualTo("end");
      assertThat(rest.getLast().data()).isEqualTo(service.get(operation).json());
      Answer again = service.get(operation + "/events", "Last-Event-ID", idOf(rest.getLast()));
      assertThat(again.status()).isEqualTo(204);
      assertThat(again.text()).isEmpty();
    }
  }

  @Test
  void operationThatIsOver_isASnapshotAndTheEnd() throws Exception {
    String operation = service.started("/ops/delete-batch", "{\"paths\":[]}");
    service.ended(operation);

    Answer answer = service.get(operation + "/events");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.text()).startsWith("retry: ").contains("\nevent: end\ndata: {");
    assertThat(answer.text().indexOf("event: snapshot")).isPositive();
  }

  @Test
  void clientThatIsCutOff_comesBackWithoutGapOrRepeat() throws Exception {
    List<Event> heard = new ArrayList<>();
    String operation = connecting();
    try (EventStreamClient client = client(operation + "/events")) {
      heard.add(event(client));
    }

    greeter.greet();
    service.ended(operation);
    try (EventStreamClient client =
        client(operation + "/events", "Last-Event-ID", idOf(heard.getLast()))) {
      heard.addAll(client.rest());
    }

    assertThat(heard).extracting(Event::name).startsWith("snapshot").endsWith("end");
    assertThat(heard).extracting(Event::name).doesNotContain("resync");
    assertThat(heard).extracting(Event::revision).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void clientThatDoesNotRead_slowsNobody_andIsToldTheEndWhenItReads() throws Exception {
    int files = 10_000;
    Files.createDirectory(service.path("data:many"));
    for (int i = 0; i < files; i++) {
      Files.createFile(service.path("data:many").resolve("f" + i));
    }
    greeter.close();
    String operation =
        service.started("/ops/delete-batch", "{\"paths\":[\"data:many\"],\"recursive\":true}");

    try (EventStreamClient client = client(operation + "/events");
        EventStreamClient all = client("/ops/events")) {
      Answer ended = service.ended(operation);
      List<Event> events = client.rest();

      assertThat(ended.at("state")).isEqualTo("SUCCEEDED");
      assertThat(all.status()).isEqualTo(200);
      assertThat(events.getLast().name()).isEqualTo("end");
      assertThat(events.getLast().data()).isEqualTo(ended.json());
    }
  }

  @Test
  void stream_ofTheService_tellsOfAllOperations() throws Exception {
    try (EventStreamClient client = client("/ops/events")) {
      Event first = event(client);
      Answer ended = service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}"));
      List<Event> told = new ArrayList<>();
      do {
        told.add(event(client));
      } while (!told.getLast().name().equals("end"));

      assertThat(first.name()).isEqualTo("snapshot");
      assertThat(first.data().get("byState")).isNotNull();
      assertThat(told).extracting(Event::name).containsOnly("state", "end");
      assertThat(told.getLast().data()).isEqualTo(ended.json());
      try (EventStreamClient back = client("/ops/events", "Last-Event-ID", idOf(told.getFirst()))) {
        assertThat(event(back)).isEqualTo(told.get(1));
      }
    }
  }

  @Test
  void shutdown_endsStreams_beforeItWaitsForAnything() throws Exception {
    String operation = connecting();

    try (EventStreamClient client = client(operation + "/events");
        EventStreamClient all = client("/ops/events");
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Event first = event(client);
      Future<?> end = others.submit(service::shutDown);
      List<Event> rest = client.rest();
      all.rest();

      assertThat(rest).extracting(Event::name).doesNotContain("end");
      assertThat(end).isNotDone(); // the connect goes on as long as the drain lets it
      try (EventStreamClient back = client(operation + "/events", "Last-Event-ID", idOf(first))) {
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.rest()).extracting(Event::name).doesNotContain("snapshot", "end");
      }
      greeter.greet();
      assertThat(end).succeedsWithin(Duration.ofSeconds(30));
      service.close();
      service = TestService.start(directory);
      try (EventStreamClient next = client(operation + "/events", "Last-Event-ID", idOf(first))) {
        assertThat(next.rest()).extracting(Event::name).containsExactly("resync", "end");
      }
    }
  }

  @Test
  void moreStreamsThanMayBeOpen_areRefused_untilOneHangsUp() throws Exception {
    EventStreamClient one = client("/ops/events");
    try (EventStreamClient _ = client("/ops/events");
        EventStreamClient _ = client("/ops/events")) {
      Answer refused = service.get("/ops/events");
      assertThat(gauge()).isEqualTo("asyncops_event_subscribers 3.0");

      one.close();

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.at("code")).isEqualTo("QUEUE_FULL");
      assertThat(refused.header("Retry-After")).isNotEmpty();
      assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
      await().untilAsserted(() -> assertThat(gauge()).isEqualTo("asyncops_event_subscribers 2.0"));
    }
  }

  @Test
  void unknownOperation_isAProblem() {
    Answer answer = service.get(UNKNOWN, "Accept", "text/event-stream");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("code")).isEqualTo("NOT_FOUND");
    assertThat(service.get("/ops/events", "Accept", "application/json").status()).isEqualTo(406);
  }

  @Test
  void head_isTheHeadAlone() {
    Answer answer =
        service.send(service.request("/ops/events").method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
  }

  @Test
  void text_isABarThatIsDrawnAgain_andStays() throws Exception {
    String operation = connecting();

    try (EventStreamClient client = client(operation + "/events", "Accept", "text/plain");
        EventStreamClient lines =
            client(operation + "/events?columns=0", "Accept", "text/plain, */*;q=0.1")) {
      greeter.greet();
      String bar = client.text();

      assertThat(bar).startsWith("\rconnect RUNNING [").endsWith("\n").contains(" 3/3 ");
      assertThat(bar.substring(bar.lastIndexOf('\r'))).startsWith("\rconnect SUCCEEDED [####");
      assertThat(lines.text()).doesNotContain("\r").contains("connect SUCCEEDED 100% 3/3");
    }
  }

  @Test
  void text_ofTheService_isALineForEachState() throws Exception {
    try (EventStreamClient client = client("/ops/events", "Accept", "text/plain")) {
      String id = service.ended(service.started("/ops/delete-batch", "{\"paths\":[]}")).at("id");
      service.shutDown();

      assertThat(client.text())
          .startsWith("0 queued, 0 running, 0 of 0 items pending\n")
          .contains(id + " delete-batch SUCCEEDED  0/0\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "", "1.5"})
  void widthThatIsNone_isRefused(String columns) {
    Answer answer = service.get(UNKNOWN + "?columns=" + columns, "Accept", "text/plain");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("code")).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void waiterThatHasTheNewestRevision_isAnsweredWhenThereIsAnother() throws Exception {
    String operation = connecting();
    String tag = stableTag(operation);

    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> waiter =
          others.submit(() ->
              service.get(
                  operation, "Prefer", "wait=60", "If-None-Match", "\"0\"", "If-None-Match", tag));
      Answer stale = service.get(operation, "Prefer", "wait=60", "If-None-Match", "\"0\"");
      Answer same = service.get(operation, "Prefer", "wait=1", "If-None-Match", tag);
      greeter.greet();

      assertThat(stale.status()).isEqualTo(200);
      assertThat(stale.header("ETag")).isEqualTo(tag);
      assertThat(same.status()).isEqualTo(304);
      assertThat(same.header("Preference-Applied")).isEqualTo("wait=1");
      assertThat(waiter.get().status()).isEqualTo(200);
      assertThat(waiter.get().header("ETag")).isNotEqualTo(tag);
      assertThat(waiter.get().header("Preference-Applied")).isEqualTo("wait=60");
    }
  }

  @Test
  void revisionsThatTheClientHas_mayBeInSeveralLines() {
    String operation = service.started("/ops/delete-batch", "{\"paths\":[]}");
    String tag = service.ended(operation).header("ETag");

    Answer known = service.get(operation, "If-None-Match", "\"0\"", "If-None-Match", tag);
    Answer any = service.get(operation, "If-None-Match", "\"0\"", "If-None-Match", "*");
    Answer other = service.get(operation, "If-None-Match", "\"0\"", "If-None-Match", "\"1000\"");

    assertThat(known.status()).isEqualTo(304);
    assertThat(any.status()).isEqualTo(304);
    assertThat(any.header("ETag")).isEqualTo(tag);
    assertThat(other.status()).isEqualTo(200);
  }

  private String connecting() throws InterruptedException {
    String operation = service.started("/ops/connect", BODY);
    greeter.awaitConnection();
    stableTag(operation);
    return operation;
  }

  /** The tag of the revision that stays, as long as nobody greets. */
  private String stableTag(String operation) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            service.get(operation).at("phase").equals("MESSAGE")
                && service.get(operation).number("pending") == 1);
    return service.get(operation).header("ETag");
  }

  private EventStreamClient client(String path, String... headers)
      throws IOException, InterruptedException {
    return new EventStreamClient(service.port(), path, headers);
  }

  private static Event event(EventStreamClient client) throws IOException {
    return Objects.requireNonNull(client.next(), "the stream has ended");
  }

  private static String idOf(Event event) {
    return Objects.requireNonNull(event.id(), "the event has no id");
  }

  private String gauge() {
    return service
        .get("/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.startsWith("asyncops_event_subscribers "))
        .findFirst()
        .orElseThrow();
  }
}
