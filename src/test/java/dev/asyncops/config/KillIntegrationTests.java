package dev.asyncops.config;

import static dev.asyncops.config.DiskContents.contents;
import static dev.asyncops.config.DiskContents.described;
import static dev.asyncops.config.DiskContents.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills the whole service while it copies and deletes, starts it again on its state, and looks at
 * what became of everything it had acknowledged.
 *
 * <p>The moment is a number of HTTP calls: starts, in an order of the seed, and then questions for
 * the state. {@code -Dkill.rounds=100} for more rounds; {@code -Dkill.rounds=1 -Dkill.seed=N} for
 * the one that failed, as far as the scheduler plays along.
 */
class KillIntegrationTests {

  private static final System.Logger LOG = System.getLogger(KillIntegrationTests.class.getName());
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

  private static final int MOST_QUESTIONS = 120;
  private static final int DELETED = 4000;
  private static final int IN_TREE = 60;
  private static final int LARGE = 24 << 20;

  /** So that a copy of the large file is surely going on at any moment before the kill. */
  private static final int SLOWLY = 512 << 10;

  /** What is at a destination before. */
  private enum Before {
    NOTHING,
    A_FILE,
    A_TREE
  }

  /** A copy to be started. */
  private record Copy(
      String source, Before before, String durability, @Nullable Integer bytesPerSecond) {

    String destination() {
      return "%s-onto-%s-%s-%s".formatted(source, before, durability, bytesPerSecond);
    }

    String body(String round) {
      return """
      {"source": "data:src/%s", "destination": "data:%s/%s", "onConflict": "%s",
       "durability": "%s", "bytesPerSecond": %s}
      """
          .formatted(
              source,
              round,
              destination(),
              before == Before.NOTHING ? "FAIL" : "OVERWRITE",
              durability,
              bytesPerSecond);
    }
  }

  private static final Copy SLOW = new Copy("large", Before.NOTHING, "FSYNC", SLOWLY);
  private static final Copy TO_CANCEL = new Copy("large", Before.NOTHING, "NONE", SLOWLY);

  private static List<Copy> copies() {
    List<Copy> copies = new ArrayList<>();
    for (String durability : List.of("NONE", "FSYNC")) {
      for (String source : List.of("file", "large", "tree")) {
        Before onto = source.equals("tree") ? Before.A_TREE : Before.A_FILE;
        copies.add(new Copy(source, Before.NOTHING, durability, null));
        copies.add(new Copy(source, onto, durability, null));
      }
    }
    copies.add(TO_CANCEL);
    return copies;
  }

  @TempDir Path host;
  private Path data;
  private int resumed;

  @BeforeEach
  void makeSources() throws IOException {
    data = Files.createDirectory(host.resolve("data"));
    Path sources = data.resolve("src");
    write(sources.resolve("file"), 300_000, 'a');
    write(sources.resolve("large"), LARGE, 'b');
    for (int i = 0; i < IN_TREE; i++) {
      write(sources.resolve("tree").resolve(inTree(i)), 777 * i, 'c' + i % 5);
    }
    Files.createSymbolicLink(sources.resolve("tree/link"), Path.of("d1/f1"));
  }

  @Test
  void killedAtAnyMoment_everythingAcknowledgedComesToItsEnd() throws Exception {
    LOG.log(System.Logger.Level.INFO, "-Dkill.rounds={0} -Dkill.seed={1,number,#}", ROUNDS, SEED);
    ServiceProcess service = start();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        try {
          service = new Round("r" + round, new Random(SEED + round)).run(service);
        } catch (AssertionError | Exception e) {
          throw new AssertionError(
              "round %d, -Dkill.rounds=1 -Dkill.seed=%d".formatted(round, SEED + round), e);
        }
      }
    } finally {
      service.close();
    }
    assertThat(resumed).as("operations that went on").isGreaterThanOrEqualTo(ROUNDS);
  }

  private ServiceProcess start() throws Exception {
    return ServiceProcess.start(data, host.resolve("state"));
  }

  /** One kill, in a directory of its own. */
  private final class Round {

    private final String name;
    private final Path directory;
    private final Random random;
    private final Map<Copy, String> copies =
        new TreeMap<>((a, b) -> a.destination().compareTo(b.destination()));
    private @Nullable String batch;
    private @Nullable String recursive;
    private int callsLeft;

    Round(String name, Random random) {
      this.name = name;
      this.random = random;
      directory = data.resolve(name);
    }

    /** Returns the service that goes on. */
    ServiceProcess run(ServiceProcess service) throws Exception {
      makeDestinations();
      try (service) {
        useUntilTheMoment(service);
        service.kill();
      }
      copies.keySet().forEach(this::checkOldOrNew);
      Instant restarted = Instant.now();
      ServiceProcess again = start();
      try {
        checkAfter(again, restarted);
      } catch (AssertionError | Exception e) {
        again.close();
        throw new AssertionError(String.join("\n", again.log()), e);
      }
      FileSystemUtils.deleteRecursively(directory);
      return again;
    }

    private void makeDestinations() throws IOException {
      Files.createDirectory(directory);
      for (Copy copy : copies()) {
        Path destination = directory.resolve(copy.destination());
        switch (copy.before()) {
          case NOTHING -> {}
          case A_FILE -> write(destination, 200_000, 'x');
          case A_TREE -> {
            for (int i = 0; i < IN_TREE; i += 3) {
              write(destination.resolve(inTree(i)), 1000, 'x');
            }
            write(destination.resolve("d1/mine"), 3, 'x');
          }
        }
      }
      for (int i = 0; i < DELETED; i++) {
        write(directory.resolve("del/f" + i), 0, 'x');
        write(directory.resolve("all/d%d/f%d".formatted(i % 20, i)), 0, 'x');
      }
    }

    // ---- Until it is killed

    private void useUntilTheMoment(ServiceProcess service) {
      List<Runnable> starts = new ArrayList<>();
      copies().forEach(copy -> starts.add(() -> startCopy(service, copy)));
      starts.add(() -> batch = startBatch(service, "del/f", false));
      starts.add(() -> recursive = startBatch(service, null, true));
      Collections.shuffle(starts, random);
      starts.addFirst(() -> startCopy(service, SLOW));
      starts.add(() -> cancel(service));
      callsLeft = 1 + random.nextInt(starts.size() + MOST_QUESTIONS);
      starts.stream().limit(callsLeft).forEach(Runnable::run);
      for (int i = starts.size(); i < callsLeft; i++) {
        assertThat(service.get("/ops/summary").statusCode()).isEqualTo(200);
      }
    }

    private void startCopy(ServiceProcess service, Copy copy) {
      copies.put(copy, accepted(service.post("/ops/copy", copy.body(name))));
    }

    private String startBatch(ServiceProcess service, @Nullable String files, boolean all) {
      String paths =
          files == null
              ? "\"data:%s/all\"".formatted(name)
              : IntStream.range(0, DELETED)
                  .mapToObj(i -> "\"data:%s/%s%d\"".formatted(name, files, i))
                  .collect(Collectors.joining(","));
      return accepted(
          service.post(
              "/ops/delete-batch", "{\"paths\": [%s], \"recursive\": %s}".formatted(paths, all)));
    }

    private void cancel(ServiceProcess service) {
      assertThat(service.delete(Objects.requireNonNull(copies.get(TO_CANCEL))).statusCode())
          .isIn(200, 202);
    }

    private static String accepted(HttpResponse<String> answer) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      return answer.headers().firstValue("Location").orElseThrow();
    }

    // ---- Killed

    private void checkOldOrNew(Copy copy) {
      Path destination = directory.resolve(copy.destination());
      Path source = data.resolve("src").resolve(copy.source());
      switch (copy.before()) {
        case NOTHING -> {
          if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
            assertThat(contents(destination)).isEqualTo(contents(source));
          }
        }
        case A_FILE ->
            assertThat(contents(destination).get(""))
                .isIn(described(200_000, 'x'), contents(source).get(""));
        case A_TREE -> {
          Map<String, String> expected = contents(source);
          contents(destination)
              .forEach((path, content) -> {
                if (!path.contains(".asyncops-") && !path.endsWith("mine")) {
                  assertThat(content).as(path).isIn(described(1000, 'x'), expected.get(path));
                }
              });
        }
      }
    }

    // ---- Started again

    private void checkAfter(ServiceProcess service, Instant restarted) throws IOException {
      copies.forEach((copy, path) -> hurry(service, copy, path));
      copies.forEach((copy, path) -> checkCopy(copy, awaitEnd(service, path, restarted)));
      if (batch != null) {
        JsonNode ended = awaitEnd(service, batch, restarted);
        assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.get("total").asInt()).isEqualTo(DELETED);
        assertThat(ended.get("succeeded").asInt()).isEqualTo(DELETED);
        assertThat(directory.resolve("del")).isEmptyDirectory();
      }
      if (recursive != null) {
        JsonNode ended = awaitEnd(service, recursive, restarted);
        assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.get("succeeded")).isEqualTo(ended.get("total"));
        assertThat(directory.resolve("all")).doesNotExist();
      }
      try (Stream<Path> all = Files.walk(data)) {
        assertThat(all.filter(path -> path.toString().contains(".asyncops-"))).isEmpty();
      }
    }

    /** What was slow before the kill need not be after it; unless it is cancelled. */
    private static void hurry(ServiceProcess service, Copy copy, String path) {
      if (copy.bytesPerSecond() != null) {
        assertThat(service.patch(path, "{\"bytesPerSecond\": null}").statusCode())
            .isIn(200, copy.equals(TO_CANCEL) ? 409 : 200);
      }
    }

    private void checkCopy(Copy copy, JsonNode ended) {
      Path destination = directory.resolve(copy.destination());
      if (copy.equals(TO_CANCEL) && ended.get("state").asString().equals("CANCELLED")) {
        assertThat(ended.get("cancelRequestTime").isNull()).isFalse();
        assertThat(destination).doesNotExist();
        return;
      }
      Map<String, String> expected = contents(data.resolve("src").resolve(copy.source()));
      assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
      assertThat(ended.get("succeeded").asInt()).isEqualTo(expected.size());
      assertThat(ended.get("total").asInt()).isEqualTo(expected.size());
      if (copy.before() == Before.A_TREE) {
        expected.put("d1/mine", described(3, 'x'));
      }
      assertThat(contents(destination)).isEqualTo(expected);
    }

    private JsonNode awaitEnd(ServiceProcess service, String path, Instant restarted) {
      JsonNode[] last = new JsonNode[1];
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            HttpResponse<String> answer = service.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            last[0] = JSON.readTree(answer.body());
            assertThat(last[0].get("endTime").isNull()).as(answer.body()).isFalse();
          });
      JsonNode ended = last[0];
      assertThat(ended.get("pending").asInt()).isZero();
      boolean wentOn = Instant.parse(ended.get("endTime").asString()).isAfter(restarted);
      assertThat(ended.get("attempt").asInt()).as(ended.toString()).isEqualTo(wentOn ? 2 : 1);
      resumed += wentOn ? 1 : 0;
      return ended;
    }
  }

  // ---- Files

  private static String inTree(int number) {
    return number % 4 == 0 ? "f" + number : "d%d/f%d".formatted(number % 4, number);
  }
}
