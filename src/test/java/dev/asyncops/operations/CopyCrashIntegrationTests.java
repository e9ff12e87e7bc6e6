package dev.asyncops.operations;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyRemainsTests.Access;
import dev.asyncops.operations.CrashingCopies.Copy;
import dev.asyncops.operations.CrashingCopies.Kind;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that copies, at a random moment, and looks at what is there then: every
 * destination as it was or as it is to be, whole. Then it removes what was left, and looks again.
 *
 * <p>SIGKILL ends the process and nothing else: what it had written is in the system's cache and
 * stays. So this tests the order of the calls, and that what appears does so by a rename; it does
 * not test what a loss of power would leave, for which a disk has to lose writes.
 *
 * <p>{@code -Dcrash.rounds=1000} for more rounds; {@code -Dcrash.seed} for those of a failure, in
 * the same order and with the kill at the same line, as far as the scheduler plays along.
 */
class CopyCrashIntegrationTests {

  private static final int ROUNDS = Integer.getInteger("crash.rounds", 12);
  private static final List<Access> ACCESSES = List.of(Access.values());
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

  /** To copy all takes somewhat more lines than that. */
  private static final int LINES = 1150;

  /** The same for the trees alone that are staged. */
  private static final int LINES_OF_STAGED = 390;

  private static final Pattern STARTED = Pattern.compile("start (\\d+)");
  private static final Pattern DONE = Pattern.compile("done (\\d+)");
  private static final String SOMEBODY_ELSES =
      TemporaryName.of("01930000-0000-7000-8000-ffffffffffff", "f");

  /** What is in the tree, itself included. */
  private static final int ENTRIES = 46;

  private static final Set<Kind> ALL = Set.of(Kind.values());

  @TempDir Path host;
  private Path data;
  private Path archive;
  private final Map<String, Map<String, String>> sources = new TreeMap<>();

  /** What the process said until it was gone. */
  private record Said(Set<Copy> started, Set<Copy> done, List<String> failed) {

    boolean isAll(Set<Kind> kinds) {
      return done.size() == kinds.size() * CrashingCopies.OF_EACH;
    }
  }

  @BeforeEach
  void makeSources() throws IOException {
    data = Files.createDirectory(host.resolve("data"));
    archive = host.resolve("archive");
    write(data.resolve("file"), 300_000, 'a');
    write(data.resolve("large"), 9 << 20, 'b');
    for (int i = 0; i < 40; i++) {
      write(data.resolve("tree").resolve(inTree(i)), 977 * i, 'c' + i % 5);
    }
    Files.createSymbolicLink(data.resolve("tree/link"), Path.of("d1/f1"));
    Files.createLink(data.resolve("tree/again"), data.resolve("tree/d2/f2"));
    for (Kind kind : Kind.values()) {
      sources.put(kind.source, contents(data.resolve(kind.source)));
    }
  }

  @Test
  void k8_killedAtAnyMoment_leavesTheOldOrTheNew_andNothingAfterTheRemoval() throws Exception {
    int killed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      Access access = ACCESSES.get(round % ACCESSES.size());
      try {
        killed += round(access, seed) ? 1 : 0;
      } catch (AssertionError | Exception e) {
        throw new AssertionError(
            "round %d, %s, -Dcrash.rounds=1 -Dcrash.seed=%d".formatted(round, access, seed), e);
      }
    }
    assertThat(killed).as("rounds of %d in which it was killed", ROUNDS).isPositive();
  }

  /** Returns whether the process was killed before it had done all. */
  private boolean round(Access access, long seed) throws Exception {
    makeDestinations();
    Map<String, String> before = contents(archive);

    Said said = copyAndKill(access, seed, ALL, LINES);

    assertThat(said.failed).isEmpty();
    Map<String, String> after = contents(archive);
    checkOldOrNew(before, after, said);
    removeRemains(access, said.started);
    Map<String, String> cleaned = contents(archive);
    after.keySet().removeIf(path -> isOfOneOf(said.started, path));
    assertThat(cleaned).isEqualTo(after);
    removeTree(archive);
    return !said.isAll(ALL);
  }

  @Test
  void killedWhileItStages_goesOnWithWhatWasFinished_andPublishesTheSame() throws Exception {
    int takenOver = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      Access access = ACCESSES.get(round % ACCESSES.size());
      try {
        takenOver += roundOfStaged(access, seed);
      } catch (AssertionError | Exception e) {
        throw new AssertionError(
            "round %d, %s, -Dcrash.rounds=1 -Dcrash.seed=%d".formatted(round, access, seed), e);
      }
    }
    assertThat(takenOver).as("files that were finished in %d rounds", ROUNDS).isPositive();
  }

  /** Returns how many files were finished when the process was killed. */
  private int roundOfStaged(Access access, long seed) throws Exception {
    Files.createDirectory(archive);
    Said said = copyAndKill(access, seed, Set.of(Kind.STAGED), LINES_OF_STAGED);
    Map<Copy, Map<String, Object>> finished = new HashMap<>();
    for (Copy copy : said.started) {
      finished.put(
          copy, finished(archive.resolve(TemporaryName.of(copy.id(), copy.destination()))));
    }

    goOn(access, said.started);

    for (Copy copy : said.started) {
      Path published = archive.resolve(copy.destination());
      assertThat(CopyFixture.tree(published)).isEqualTo(CopyFixture.tree(data.resolve("tree")));
      for (Map.Entry<String, Object> file : Objects.requireNonNull(finished.get(copy)).entrySet()) {
        assertThat(inode(published.resolve(file.getKey())))
            .as(file.getKey())
            .isEqualTo(file.getValue());
      }
    }
    assertThat(archive.toFile().list()).hasSize(said.started.size());
    removeTree(archive);
    return finished.values().stream().mapToInt(Map::size).sum();
  }

  /** The inodes of the files of a staged tree that have the size and the time of their source. */
  private Map<String, Object> finished(Path staged) throws IOException {
    if (!Files.exists(staged)) {
      return Map.of(); // not begun, or published
    }
    Map<String, Object> finished = new TreeMap<>();
    try (Stream<Path> all = Files.walk(staged)) {
      for (Path file : all.filter(path -> Files.isRegularFile(path, NOFOLLOW_LINKS)).toList()) {
        Path source = data.resolve("tree").resolve(staged.relativize(file));
        if (Files.size(file) == Files.size(source)
            && Files.getLastModifiedTime(file).equals(Files.getLastModifiedTime(source))) {
          finished.put(staged.relativize(file).toString(), inode(file));
        }
      }
    }
    return finished;
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino", NOFOLLOW_LINKS);
  }

  // ---- What is there before

  private static String inTree(int number) {
    return number % 4 == 0 ? "f" + number : "d%d/f%d".formatted(number % 4, number);
  }

  private void makeDestinations() throws IOException {
    Files.createDirectory(archive);
    write(archive.resolve(".asyncops-x.tmp"), 3, 'x');
    write(archive.resolve(SOMEBODY_ELSES), 3, 'x');
    for (int n = 0; n < CrashingCopies.OF_EACH; n++) {
      write(archive.resolve(Kind.REPLACED.destination(n)), 200_000, 'x');
      write(archive.resolve(Kind.LARGE.destination(n)), 8 << 20, 'x');
      Path merged = archive.resolve(Kind.MERGED.destination(n));
      for (int i = 0; i < 40; i += 3) {
        write(merged.resolve(inTree(i)), 1000, 'x');
      }
      for (String directory : List.of("", "d1", "own")) {
        write(merged.resolve(directory).resolve("mine"), 3, 'x');
        write(merged.resolve(directory).resolve(".asyncops-x.tmp"), 3, 'x');
        write(merged.resolve(directory).resolve(SOMEBODY_ELSES), 3, 'x');
      }
    }
  }

  private static void write(Path file, int length, int letter) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, Character.toString(letter).repeat(length));
  }

  // ---- The process

  private Said copyAndKill(Access access, long seed, Set<Kind> kinds, int lines) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes(),
                CrashingCopies.class.getName(),
                host.toString(),
                access.name(),
                Long.toString(seed)));
    kinds.forEach(kind -> command.add(kind.name()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader heard = process.inputReader(StandardCharsets.UTF_8)) {
      Said said = hear(heard, 1 + new Random(seed).nextInt(lines), process, kinds);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  /** What is made here is all it needs; the libraries of the tests would make its start slow. */
  private static String classes() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.isDirectory(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Kills it after so many lines; what it said until it was gone counts too. */
  private static Said hear(BufferedReader lines, int enough, Process process, Set<Kind> kinds)
      throws IOException {
    Said said = new Said(new HashSet<>(), new HashSet<>(), new ArrayList<>());
    int heard = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (++heard == enough) {
        process.toHandle().destroyForcibly(); // the process itself would close what we read
      }
      var started = STARTED.matcher(line);
      var done = DONE.matcher(line);
      if (started.matches()) {
        said.started.add(Copy.of(Integer.parseInt(started.group(1))));
      } else if (done.matches()) {
        said.done.add(Copy.of(Integer.parseInt(done.group(1))));
      } else if (line.startsWith("failed")) {
        said.failed.add(line);
      }
    }
    assertThat(said.isAll(kinds) || heard >= enough)
        .as("it ended by itself, after %d lines", heard)
        .isTrue();
    return said;
  }

  // ---- What is there afterwards

  private void checkOldOrNew(Map<String, String> before, Map<String, String> after, Said said) {
    Map<String, String> target = new TreeMap<>(before);
    for (Copy copy : Copy.all()) {
      Map<String, String> source = Objects.requireNonNull(sources.get(copy.kind().source));
      source.forEach((path, content) -> target.put(at(copy.destination(), path), content));
    }
    after.forEach((path, content) -> {
      if (!isOfOneOf(said.started, path)) {
        assertThat(content).as(path).isIn(before.get(path), target.get(path));
      }
    });
    assertThat(after.keySet()).containsAll(before.keySet());
    for (Copy copy : Copy.all()) {
      boolean whole = said.done.contains(copy) || after.containsKey(copy.destination());
      if (copy.kind() == Kind.STAGED && whole) {
        assertThat(CopyFixture.tree(archive.resolve(copy.destination())))
            .isEqualTo(CopyFixture.tree(data.resolve("tree")));
      }
      if (said.done.contains(copy)) {
        assertThat(below(copy.destination(), after)).isEqualTo(below(copy.destination(), target));
      }
    }
  }

  private static Map<String, String> below(String top, Map<String, String> contents) {
    Map<String, String> below = new TreeMap<>(contents);
    below.keySet().removeIf(path -> !path.equals(top) && !path.startsWith(top + "/"));
    return below;
  }

  private static String at(String top, String path) {
    return path.isEmpty() ? top : top + "/" + path;
  }

  /** Whether it, or what it is in, has a temporary name of one of them. */
  private static boolean isOfOneOf(Set<Copy> copies, String path) {
    return Stream.of(path.split("/"))
        .anyMatch(name -> copies.stream().anyMatch(copy -> TemporaryName.isOf(copy.id(), name)));
  }

  private void removeRemains(Access access, Set<Copy> started) throws OperationException {
    Roots roots = CrashingCopies.roots(host);
    MainContext context = new MainContext("cleaning");
    try (IoPools pools = new IoPools(roots.all(), 2)) {
      OperationServices services = new OperationServices(context, access.open(roots), pools);
      Set<Copy> left = new HashSet<>(started);
      assertThat(context.acquire()).isTrue();
      for (Copy copy : started) {
        CopyRemains.remove(
            copy.id(),
            copy.request(roots),
            services,
            Cancellable.none(),
            (_, error) -> {
              assertThat(error).isNull();
              assertThat(left.remove(copy)).isTrue();
            });
      }
      context.release();
      while (!left.isEmpty()) {
        context.iterate(true);
      }
    }
    assertThat(context.failureCount()).isZero();
    context.close();
  }

  private void goOn(Access access, Set<Copy> started) throws OperationException {
    Roots roots = CrashingCopies.roots(host);
    MainContext context = new MainContext("going on");
    try (IoPools pools = new IoPools(roots.all(), 2)) {
      OperationServices services = new OperationServices(context, access.open(roots), pools);
      CopyMark mark = new CopyMark(Objects.requireNonNull(services.bootId()));
      Set<Copy> left = new HashSet<>(started);
      assertThat(context.acquire()).isTrue();
      for (Copy copy : started) {
        OperationOptions options = new OperationOptions(Priority.DEFAULT, null);
        CopyOperation operation =
            CopyOperation.resumed(copy.request(roots), options, services, mark);
        operation.prepare(copy.id(), new OperationProgress(context, new CrashingCopies.Nobody()));
        operation.start(
            Task.create(context, this, new Cancellable(), (_, task) -> onGoneOn(copy, task, left)));
      }
      context.release();
      while (!left.isEmpty()) {
        context.iterate(true);
      }
    }
    assertThat(context.failureCount()).isZero();
    context.close();
  }

  private static void onGoneOn(Copy copy, Task<CopyResult> task, Set<Copy> left) {
    left.remove(copy);
    try {
      assertThat(task.propagate().succeeded()).isEqualTo(ENTRIES);
    } catch (OperationException e) {
      throw new AssertionError(e); // the context counts it
    }
  }

  /** What everything below a directory holds, by its relative path; that itself by "". */
  private static Map<String, String> contents(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      Map<String, String> contents = new TreeMap<>();
      all.forEach(path -> contents.put(top.relativize(path).toString(), content(path)));
      return contents;
    }
  }

  private static String content(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return "-> " + Files.readSymbolicLink(path);
      }
      if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
        return "directory";
      }
      CRC32C sum = new CRC32C();
      byte[] bytes = Files.readAllBytes(path);
      sum.update(bytes);
      return bytes.length + " bytes, " + Long.toHexString(sum.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeTree(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
