package dev.asyncops.config;

import static dev.asyncops.config.DiskContents.contents;
import static dev.asyncops.config.DiskContents.described;
import static dev.asyncops.config.DiskContents.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Makes starts of all kinds, each with files of its own, and knows what has to become of them.
 *
 * <p><b>Threads</b>: any.
 */
final class TortureStarts {

  private static final int IN_TREE = 30;
  private static final int LARGE = 1 << 20;
  private static final Map<String, Integer> SLOWLY = Map.of("file", 200_000, "tree", 200_000);

  private final Path data;
  private final List<String> addresses;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, Map<String, String>> sources = new TreeMap<>();

  /** The operations that somebody has asked to stop, or may have. */
  final Set<String> cancelled = ConcurrentHashMap.newKeySet();

  /**
   * Makes the sources of copies.
   *
   * @param addresses of peers to connect to
   */
  TortureStarts(Path data, List<String> addresses) throws IOException {
    this.data = data;
    this.addresses = addresses;
    write(data.resolve("src/file"), 100_000, 'a');
    write(data.resolve("src/large"), LARGE, 'b');
    for (int i = 0; i < IN_TREE; i++) {
      write(data.resolve("src/tree").resolve(inTree(i)), 333 * i, 'c' + i % 5);
    }
    Files.createSymbolicLink(data.resolve("src/tree/link"), Path.of("d1/f1"));
    for (String source : List.of("file", "large", "tree")) {
      sources.put(source, contents(data.resolve("src").resolve(source)));
    }
  }

  TortureStart next(Random random) {
    int number = numbers.incrementAndGet();
    return switch (random.nextInt(11)) {
      case 0, 1, 2 -> copyToAFreeName(number, random);
      case 3 -> copyOntoAFile(number, random);
      case 4 -> copyOntoATree(number, random);
      case 5 -> copyThatFails(number, random);
      case 6 -> deleteList(number, random);
      case 7 -> deleteTree(number);
      case 8, 9 -> join(number, random);
      default -> connect(number, random);
    };
  }

  // ---- Copies

  private TortureStart copyToAFreeName(int number, Random random) {
    String source = List.of("file", "large", "tree").get(random.nextInt(3));
    Path destination = data.resolve("out/" + number);
    return copy(
        number,
        random,
        source,
        "FAIL",
        ended -> {
          if (state(ended).equals("SUCCEEDED")) {
            assertThat(contents(destination)).isEqualTo(sources.get(source));
            assertThat(ended.get("total").asInt()).isEqualTo(of(source).size());
          } else {
            assertCancelled(ended);
            assertThat(exists(destination)).isFalse();
          }
        });
  }

  private TortureStart copyOntoAFile(int number, Random random) {
    String onConflict = List.of("OVERWRITE", "SKIP", "UPDATE").get(random.nextInt(3));
    Path destination = data.resolve("out/" + number);
    write(destination, 50_000, 'x');
    String before = described(50_000, 'x');
    String after = onConflict.equals("SKIP") ? before : of("file").get("");
    return copy(
        number,
        random,
        "file",
        onConflict,
        ended -> {
          if (state(ended).equals("SUCCEEDED")) {
            assertThat(contents(destination)).isEqualTo(Map.of("", after));
          } else {
            assertCancelled(ended);
            assertThat(contents(destination).get("")).isIn(before, after);
          }
        });
  }

  private TortureStart copyOntoATree(int number, Random random) {
    String onConflict = List.of("OVERWRITE", "SKIP", "UPDATE").get(random.nextInt(3));
    Path destination = data.resolve("out/" + number);
    for (int i = 0; i < IN_TREE; i += 3) {
      write(destination.resolve(inTree(i)), 1000, 'x');
    }
    write(destination.resolve("d1/mine"), 3, 'x');
    Map<String, String> before = contents(destination);
    Map<String, String> after = new TreeMap<>(before);
    of("tree").forEach(onConflict.equals("SKIP") ? after::putIfAbsent : after::put);
    return copy(
        number,
        random,
        "tree",
        onConflict,
        ended -> {
          Map<String, String> there = contents(destination);
          if (state(ended).equals("SUCCEEDED")) {
            assertThat(there).isEqualTo(after);
          } else {
            assertCancelled(ended);
            assertThat(there.keySet()).containsAll(before.keySet());
            there.forEach((path, content) ->
                assertThat(content).as(path).isIn(before.get(path), after.get(path)));
          }
        });
  }

  /** Its destination exists, or its source does not. */
  private TortureStart copyThatFails(int number, Random random) {
    Path destination = data.resolve("out/" + number);
    boolean exists = random.nextBoolean();
    if (exists) {
      write(destination, 7, 'x');
    }
    String source = exists ? "tree" : "nothing";
    return copy(
        number,
        random,
        source,
        "FAIL",
        ended -> {
          if (state(ended).equals("FAILED")) {
            assertThat(ended.at("/error/code").asString())
                .isEqualTo(exists ? "EXISTS" : "NOT_FOUND");
          } else {
            assertCancelled(ended);
          }
          assertThat(exists(destination)).isEqualTo(exists);
          if (exists) {
            assertThat(contents(destination)).isEqualTo(Map.of("", described(7, 'x')));
          }
        });
  }

  private TortureStart copy(
      int number, Random random, String source, String onConflict, TortureStart.Check check) {
    String body =
        """
        {"source": "data:src/%s", "destination": "data:out/%d", "onConflict": "%s",
         "parents": true, "durability": "%s", "verify": "%s", "bytesPerSecond": %s,
         "labels": {"n": "%d"}}
        """
            .formatted(
                source,
                number,
                onConflict,
                random.nextBoolean() ? "FSYNC" : "NONE",
                random.nextInt(4) == 0 ? "SHA256" : "NONE",
                random.nextInt(3) == 0 ? SLOWLY.getOrDefault(source, LARGE) : null,
                number);
    return new TortureStart(number, "/ops/copy", body, 0, check);
  }

  // ---- Deletes

  private TortureStart deleteList(int number, Random random) {
    int files = 1 + random.nextInt(200);
    Path directory = filesToDelete(number, files);
    boolean missing = random.nextBoolean();
    boolean ignoreMissing = random.nextBoolean();
    int total = files + (missing ? 1 : 0);
    String paths = paths(number, files) + (missing ? ", \"data:del/%d/no\"".formatted(number) : "");
    String body =
        "{\"paths\": [%s], \"ignoreMissing\": %s, \"labels\": {\"n\": \"%d\"}}"
            .formatted(paths, ignoreMissing, number);
    return new TortureStart(
        number,
        "/ops/delete-batch",
        body,
        0,
        ended -> {
          assertThat(ended.get("total").asInt()).isEqualTo(total);
          // What an attempt before may have deleted is no failure: so nothing that is missing is.
          boolean mayFail = missing && !ignoreMissing;
          switch (state(ended)) {
            case "SUCCEEDED" -> {
              assertThat(mayFail && ended.get("attempt").asInt() == 1).isFalse();
              assertThat(directory).isEmptyDirectory();
            }
            case "PARTIAL" -> {
              assertThat(mayFail).isTrue();
              assertThat(ended.get("failed").asInt()).isEqualTo(1);
              assertThat(directory).isEmptyDirectory();
            }
            default -> assertCancelled(ended);
          }
        });
  }

  private TortureStart deleteTree(int number) {
    Path top = data.resolve("del/" + number);
    for (int i = 0; i < 150; i++) {
      write(top.resolve("d%d/f%d".formatted(i % 7, i)), 0, 'x');
    }
    String body =
        "{\"paths\": [\"data:del/%d\"], \"recursive\": true, \"labels\": {\"n\": \"%d\"}}"
            .formatted(number, number);
    return new TortureStart(
        number,
        "/ops/delete-batch",
        body,
        0,
        ended -> {
          if (state(ended).equals("SUCCEEDED")) {
            assertThat(exists(top)).isFalse();
            if (ended.get("attempt").asInt() == 1) {
              assertThat(ended.get("total").asInt()).isEqualTo(1 + 7 + 150);
            }
          } else {
            assertCancelled(ended);
          }
        });
  }

  private TortureStart join(int number, Random random) {
    int files = 1 + random.nextInt(60);
    Path directory = filesToDelete(number, files);
    String body =
        "{\"paths\": [%s], \"batch\": \"b%d\", \"labels\": {\"n\": \"%d\"}}"
            .formatted(paths(number, files), random.nextInt(3), number);
    return new TortureStart(
        number,
        "/ops/delete-batch",
        body,
        files,
        ended -> {
          if (state(ended).equals("SUCCEEDED")) {
            assertThat(directory).isEmptyDirectory();
          } else {
            assertCancelled(ended);
          }
        });
  }

  private Path filesToDelete(int number, int files) {
    Path directory = data.resolve("del/" + number);
    IntStream.range(0, files).forEach(i -> write(directory.resolve("f" + i), 0, 'x'));
    return directory;
  }

  private static String paths(int number, int files) {
    return IntStream.range(0, files)
        .mapToObj(i -> "\"data:del/%d/f%d\"".formatted(number, i))
        .collect(Collectors.joining(", "));
  }

  // ---- Connects

  private TortureStart connect(int number, Random random) {
    try {
      Files.createDirectories(data.resolve("addr"));
      Files.writeString(
          data.resolve("addr/" + number), addresses.get(random.nextInt(addresses.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String body =
        """
        {"addressFile": "data:addr/%d", "connectTimeoutSeconds": 30, "readTimeoutSeconds": 30,
         "labels": {"n": "%d"}}
        """
            .formatted(number, number);
    return new TortureStart(
        number,
        "/ops/connect",
        body,
        0,
        ended -> {
          switch (state(ended)) {
            case "SUCCEEDED" ->
                assertThat(ended.at("/result/text").asString()).isEqualTo(TorturePeer.MESSAGE);
            case "FAILED" -> {
              assertThat(ended.at("/error/code").asString()).isEqualTo("INTERRUPTED");
              assertThat(ended.get("attempt").asInt()).isGreaterThan(1);
            }
            default -> assertCancelled(ended);
          }
        });
  }

  // ----

  private Map<String, String> of(String source) {
    return sources.getOrDefault(source, Map.of());
  }

  private void assertCancelled(JsonNode ended) {
    assertThat(state(ended)).isEqualTo("CANCELLED");
    assertThat(cancelled).contains(ended.get("id").asString());
  }

  private static String state(JsonNode operation) {
    return operation.get("state").asString();
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static String inTree(int number) {
    return number % 4 == 0 ? "f" + number : "d%d/f%d".formatted(number % 4, number);
  }
}
