package dev.asyncops.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills the service again and again, at any moment, under a load of everything it can do, and in
 * the end compares what it says with what clients were told and with the disk: every acknowledged
 * operation is there, none twice, each reached one end, and nothing is left over.
 *
 * <p>{@code ./mvnw -Ptorture verify -Dtorture.rounds=50}; {@code -Dtorture.seed=N} for the load and
 * the moments of a run that failed, as far as the scheduler plays along.
 */
class ServiceTorture {

  /** Of what is over only what has something left for a retry keeps what it was given. */
  private static final String INPUTS_OF_NOBODY =
      """
      SELECT COUNT(*) FROM operation_inputs WHERE operation_id NOT IN
        (SELECT id FROM operations WHERE mark IS NOT NULL)\
      """;

  private static final System.Logger LOG = System.getLogger(ServiceTorture.class.getName());
  private static final JsonMapper JSON = new JsonMapper();

  /** A batch has to be running when another start of its name comes, which is a matter of luck. */
  private static final int ENOUGH_FOR_A_JOIN = 20;

  private static final int ROUNDS = Integer.getInteger("torture.rounds", 5);
  private static final long SEED = Long.getLong("torture.seed", System.nanoTime());

  private static final int CLIENTS = 16;
  private static final int ACTIONS = 1000;
  private static final int MOST_LOAD_MILLIS = 5000;

  @TempDir Path host;
  private final TortureTurns turns = new TortureTurns();
  private final Random random = new Random(SEED);
  private final ConcurrentHashMap<String, JsonNode> ended = new ConcurrentHashMap<>();
  private final Map<String, Integer> moments = new TreeMap<>();

  /** All of them at once tell more than the first one. */
  private final List<AssertionError> wrong = new ArrayList<>();

  private Duration startUp = Duration.ofSeconds(5);
  private Path data;
  private Path state;

  @BeforeEach
  void makeRoot() throws IOException {
    data = Files.createDirectory(host.resolve("data"));
    state = host.resolve("state");
  }

  @Test
  void killedAgainAndAgain_theServiceKeepsEveryPromise() throws Exception {
    LOG.log(
        System.Logger.Level.INFO, "-Dtorture.rounds={0} -Dtorture.seed={1,number,#}", ROUNDS, SEED);
    try (TorturePeer quick = new TorturePeer(Duration.ZERO);
        TorturePeer slow = new TorturePeer(Duration.ofMillis(700));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      TortureStarts starts = new TortureStarts(data, List.of(quick.address(), slow.address()));
      List<Future<List<TortureStart>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random own = new Random(random.nextLong());
        clients.add(threads.submit(new TortureClient(turns, starts, ended, own)));
      }
      try {
        for (int round = 0; round < ROUNDS; round++) {
          killOne();
          checkClients(clients);
        }
        try (ServiceProcess last = ServiceProcess.launch(data, state)) {
          last.awaitListening();
          turns.beginLast(last);
          List<TortureStart> started = new ArrayList<>();
          for (Future<List<TortureStart>> client : clients) {
            started.addAll(client.get());
          }
          checkAll(last, started);
          last.terminate();
          checkDatabase(started.size());
          assertThat(wrong).as("operations that do not agree with the disk").isEmpty();
        }
      } catch (AssertionError | Exception e) {
        clients.forEach(client -> client.cancel(true));
        throw new AssertionError(
            "-Dtorture.rounds=%d -Dtorture.seed=%d".formatted(ROUNDS, SEED), e);
      }
    }
  }

  private static void checkClients(List<Future<List<TortureStart>>> clients)
      throws InterruptedException, ExecutionException {
    for (Future<?> client : clients) {
      if (client.isDone()) {
        client.get();
      }
    }
  }

  // ---- One service

  /** While it starts, while it goes on with what was under way, or some time later. */
  private void killOne() throws Exception {
    int moment = random.nextInt(10);
    Duration startingFor =
        moment < 2
            ? Duration.ofNanos((long) (startUp.toNanos() * random.nextDouble()))
            : Duration.ofMinutes(1);
    Duration loadedFor = Duration.ofMillis(random.nextInt(moment < 4 ? 100 : MOST_LOAD_MILLIS));
    try (ServiceProcess service = ServiceProcess.launch(data, state)) {
      long begin = System.nanoTime();
      if (service.listensWithin(startingFor)) {
        startUp = Duration.ofNanos(System.nanoTime() - begin);
        turns.begin(service, ACTIONS);
        service.endsNotWithin(loadedFor);
        count(moment < 4 ? "just started" : "under load");
      } else {
        count("starting");
      }
      service.kill();
      turns.end();
    }
  }

  private void count(String moment) {
    moments.merge(moment, 1, Integer::sum);
  }

  // ---- After the last

  private void checkAll(ServiceProcess service, List<TortureStart> started) throws IOException {
    awaitTheEndOfAll(service);
    Map<String, JsonNode> listed = listAll(service);
    Map<String, Integer> joined = new HashMap<>();
    for (TortureStart start : started) {
      JsonNode operation = listed.get(start.id());
      assertThat(operation).as("%s is acknowledged", start).isNotNull();
      try {
        start.check(operation);
      } catch (AssertionError e) {
        wrong.add(new AssertionError(start + "\n" + operation, e));
      }
      joined.merge(start.id(), start.joined, Integer::sum);
      HttpResponse<String> again =
          service.post(start.path, start.body, "Idempotency-Key", start.key());
      assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
      assertThat(JSON.readTree(again.body())).as(start.key()).isEqualTo(operation);
    }
    assertThat(joined.keySet())
        .as("the operations that are acknowledged")
        .isEqualTo(listed.keySet());
    listed.forEach((id, operation) -> {
      int items = joined.getOrDefault(id, 0);
      if (items > 0) {
        assertThat(operation.get("total").asInt()).as("items of batch %s", id).isEqualTo(items);
      }
    });
    listed.values().forEach(TortureClient::assertCounts);
    ended.forEach((id, seen) -> assertThat(listed.get(id)).as(id).isEqualTo(seen));
    assertThat(JSON.readTree(service.get("/ops/summary").body()).get("pending").asInt()).isZero();
    try (Stream<Path> all = Files.walk(data)) {
      assertThat(all.filter(path -> path.toString().contains(".asyncops-"))).isEmpty();
    }
    report(started, listed);
  }

  private static void awaitTheEndOfAll(ServiceProcess service) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> {
          JsonNode summary = JSON.readTree(service.get("/ops/summary").body());
          for (String state : List.of("QUEUED", "RUNNING", "CANCELLING")) {
            assertThat(summary.get("byState").get(state).asInt()).as(state).isZero();
          }
        });
  }

  /** All operations by id; each is on one page only, and has a label that no other one has. */
  private static Map<String, JsonNode> listAll(ServiceProcess service) {
    Map<String, JsonNode> listed = new HashMap<>();
    Map<String, String> labels = new HashMap<>();
    String page = "";
    do {
      JsonNode list = JSON.readTree(service.get("/ops?pageSize=500" + page).body());
      for (JsonNode operation : list.get("operations")) {
        String id = operation.get("id").asString();
        assertThat(listed.put(id, operation)).as("%s is listed twice", id).isNull();
        String label = operation.at("/labels/n").asString();
        assertThat(labels.put(label, id)).as("operations of start %s", label).isNull();
        assertThat(TortureClient.isOver(operation)).isTrue();
      }
      JsonNode next = list.get("nextPageToken");
      page = next.isNull() ? "" : "&pageToken=" + next.asString();
    } while (!page.isEmpty());
    return listed;
  }

  private void checkDatabase(int keys) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + state.resolve("registry.db"));
        Statement statement = connection.createStatement()) {
      assertThat(one(statement, "PRAGMA integrity_check")).isEqualTo("ok");
      assertThat(one(statement, "SELECT COUNT(*) FROM idempotency_keys"))
          .isEqualTo(Integer.toString(keys));
      assertThat(one(statement, INPUTS_OF_NOBODY)).isEqualTo("0");
    }
  }

  private static String one(Statement statement, String sql) throws Exception {
    try (var row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }

  private void report(List<TortureStart> started, Map<String, JsonNode> listed) {
    Map<String, Integer> states = new TreeMap<>();
    int resumed = 0;
    int mostAttempts = 0;
    for (JsonNode operation : listed.values()) {
      states.merge(
          operation.get("kind").asString() + " " + operation.get("state").asString(),
          1,
          Integer::sum);
      int attempt = operation.get("attempt").asInt();
      resumed += attempt > 1 ? 1 : 0;
      mostAttempts = Math.max(mostAttempts, attempt);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "killed {0}; {1} starts, {2} operations, {3} of them went on, with up to {4} attempts; {5}",
        moments,
        started.size(),
        listed.size(),
        resumed,
        mostAttempts,
        states);
    assertThat(resumed).as("operations that went on").isPositive();
    if (ROUNDS >= ENOUGH_FOR_A_JOIN) {
      assertThat(listed).as("some have joined others").hasSizeLessThan(started.size());
    }
  }
}
