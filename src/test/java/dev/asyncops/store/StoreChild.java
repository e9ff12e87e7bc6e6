package dev.asyncops.store;

import dev.asyncops.async.MainContext;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Snapshots;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A process that admits operations, and writes the id of each one that is acknowledged. */
final class StoreChild implements AutoCloseable {

  private static final int AT_ONCE = 32;

  /** What its lines begin with; others are of the log. */
  private static final String SAVED = "saved ";

  private static final int LENGTH = SAVED.length() + 36;

  private final Process process;
  private final BufferedReader output;

  private StoreChild(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static StoreChild start(Path directory) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new StoreChild(
        new ProcessBuilder(
                List.of(
                    java,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    StoreChild.class.getName(),
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  long pid() {
    return process.pid();
  }

  /** The id of the next operation that was acknowledged. */
  String next() throws IOException {
    String line;
    do {
      line = Objects.requireNonNull(output.readLine(), "the child has ended");
    } while (!line.startsWith(SAVED));
    return line.substring(SAVED.length());
  }

  /** Ends it with SIGKILL; the ids that it had written by then and nobody has read. */
  List<String> kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // unlike the process itself, this leaves its output open
    List<String> rest =
        output
            .lines()
            .filter(line -> line.startsWith(SAVED) && line.length() == LENGTH)
            .map(line -> line.substring(SAVED.length()))
            .toList();
    process.waitFor();
    return rest;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    MainContext context = new MainContext("child");
    SqlOperationStore store = SqlOperationStore.embedded(context, Path.of(arguments[0]), _ -> {});
    OperationIds ids = new OperationIds(Clock.systemUTC(), new SecureRandom());
    for (int i = 0; i < AT_ONCE; i++) {
      context.post(() -> admit(store, ids));
    }
    context.run();
  }

  private static void admit(SqlOperationStore store, OperationIds ids) {
    OperationSnapshot operation =
        Snapshots.of(ids.next(), "copy", OperationState.QUEUED, Map.of("by", "child"));
    store.admit(
        operation,
        null,
        failure -> {
          if (failure == null) {
            System.out.println(SAVED + operation.id());
            admit(store, ids);
          }
        });
  }
}
