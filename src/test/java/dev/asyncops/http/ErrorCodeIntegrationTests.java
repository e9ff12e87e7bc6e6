package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.RootPath;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every code of the contract, as a client meets it: as a refusal, or as the result of an operation
 * that failed with it.
 */
class ErrorCodeIntegrationTests {

  /** A file whose name begins so makes the file system fail with the code that follows. */
  private static final String FAILING = "fails-";

  /**
   * Thrown where an operation calls the file system, and not brought about: of these is seen only
   * how an operation that failed with them is answered.
   */
  private static final Set<ErrorCode> MADE_UP =
      EnumSet.of(
          ErrorCode.BUSY,
          ErrorCode.FILENAME_TOO_LONG,
          ErrorCode.NO_SPACE,
          ErrorCode.NOT_MOUNTED,
          ErrorCode.NOT_REGULAR_FILE,
          ErrorCode.SOURCE_CHANGED,
          ErrorCode.TOO_MANY_OPEN_FILES,
          ErrorCode.VERIFY_FAILED,
          ErrorCode.HOST_UNREACHABLE,
          ErrorCode.NETWORK_UNREACHABLE,
          ErrorCode.INTERRUPTED,
          ErrorCode.STORE_UNAVAILABLE,
          ErrorCode.DRAINING,
          ErrorCode.FAILED);

  @TempDir static Path directory;

  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    service =
        TestService.start(
            directory,
            ErrorCodeIntegrationTests::failing,
            "asyncops.limits.body-bytes=4KB",
            "asyncops.limits.running=1",
            "asyncops.limits.queued=3");
    Files.writeString(service.path("data:file"), "content");
    Files.createDirectories(service.path("data:dir/sub"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCode_isReached_withItsStatus(ErrorCode code) throws Exception {
    Answer answer = MADE_UP.contains(code) ? resultOfFailing(code) : answerWith(code);

    assertThat(answer.at("code")).isEqualTo(code.name());
    assertThat(answer.status()).isEqualTo(ErrorStatus.of(code)).isEqualTo(answer.number("status"));
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.at("detail")).isNotEmpty().doesNotContain(directory.toString());
    assertThat(answer.at("title")).isNotEmpty();
    assertThat(answer.at("instance")).startsWith("/ops/");
    assertThat(answer.header("Retry-After").isEmpty())
        .isEqualTo(answer.status() != 429 && answer.status() != 503 && code != ErrorCode.PENDING);
  }

  /** Whoever adds a code adds a case here. */
  private static Answer answerWith(ErrorCode code) throws IOException {
    return switch (code) {
      case INVALID_ARGUMENT -> service.post("/ops/copy", "{}");
      case PERMISSION_DENIED -> delete("{\"paths\":[\"none:x\"]}");
      case READ_ONLY -> delete("{\"paths\":[\"frozen:x\"]}");
      case MESSAGE_TOO_LARGE -> delete("{\"paths\":[\"%s\"]}".formatted("x".repeat(5000)));
      case WOULD_RECURSE -> copy("data:dir", "data:dir/sub/x");
      case INVALID_DATA -> upload("data:x\n\u0000\n");
      case NOT_FOUND -> resultOf(copy("data:missing", "data:x"));
      case EXISTS -> resultOf(copy("data:file", "data:dir"));
      case NOT_EMPTY -> resultOf(delete("{\"paths\":[\"data:dir\"]}"));
      case IS_DIRECTORY -> resultOf(copy("data:file", "data:dir", "\"onConflict\":\"OVERWRITE\""));
      case NOT_DIRECTORY -> resultOf(copy("data:dir", "data:file", "\"onConflict\":\"OVERWRITE\""));
      case IDEMPOTENCY_KEY_REUSED -> {
        service.post("/ops/delete-batch", "{\"paths\":[]}", "Idempotency-Key", "key");
        yield service.post(
            "/ops/delete-batch", "{\"paths\":[],\"dryRun\":true}", "Idempotency-Key", "key");
      }
      case CLOSED -> {
        String over = ended(delete("{\"paths\":[]}"));
        yield patch(over, "{\"paused\":true}");
      }
      case TIMED_OUT ->
          resultOf(
              copy("data:file", "data:slow", "\"bytesPerSecond\":1", "\"timeoutSeconds\":0.001"));
      case CANCELLED -> {
        String slow = slowCopy("data:cancelled");
        service.delete(slow, "Prefer", "wait=30");
        yield service.get(slow + "/result");
      }
      case PENDING -> {
        String slow = slowCopy("data:pending");
        Answer early = service.get(slow + "/result");
        service.delete(slow, "Prefer", "wait=30");
        yield early;
      }
      case QUEUE_FULL -> queueFull();
      case NOT_SUPPORTED -> pausedConnect();
      case CONNECTION_REFUSED -> resultOf(connect(closedPort()));
      case CONNECTION_CLOSED -> closedConnection();
      default -> throw new AssertionError("There is no case for " + code + ".");
    };
  }

  private static Answer queueFull() {
    String first = slowCopy("data:q0");
    String second = slowCopy("data:q1");
    String third = slowCopy("data:q2");
    String fourth = slowCopy("data:q3");
    Answer refused = delete("{\"paths\":[]}");
    for (String operation : new String[] {fourth, third, second, first}) {
      service.delete(operation, "Prefer", "wait=30");
    }
    return refused;
  }

  private static Answer pausedConnect() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String running = ok(connect(silent.getLocalPort())).header("Location");
      try (Socket _ = silent.accept()) {
        Answer answer = patch(running, "{\"paused\":true}");
        service.delete(running, "Prefer", "wait=30");
        return answer;
      }
    }
  }

  private static Answer closedConnection() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Answer started = connect(server.getLocalPort());
      try (Socket peer = server.accept()) {
        peer.setSoLinger(true, 0); // a reset
      }
      return resultOf(started);
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return closed.getLocalPort();
    }
  }

  private static Answer resultOfFailing(ErrorCode code) {
    return resultOf(copy("data:" + FAILING + code, "data:made-up"));
  }

  private static Answer resultOf(Answer started) {
    return service.get(ended(started) + "/result");
  }

  private static String ended(Answer started) {
    String operation = ok(started).header("Location");
    service.ended(operation);
    return operation;
  }

  private static Answer ok(Answer started) {
    assertThat(started.status()).as(started.text()).isEqualTo(202);
    return started;
  }

  private static Answer delete(String json) {
    return service.post("/ops/delete-batch", json);
  }

  private static Answer copy(String source, String destination, String... more) {
    String rest = Stream.of(more).map(","::concat).reduce("", String::concat);
    return service.post(
        "/ops/copy",
        "{\"source\":\"%s\",\"destination\":\"%s\"%s}".formatted(source, destination, rest));
  }

  private static String slowCopy(String destination) {
    return ok(copy("data:file", destination, "\"bytesPerSecond\":1")).header("Location");
  }

  private static Answer connect(int port) throws IOException {
    Files.writeString(service.path("data:peer"), "127.0.0.1:" + port);
    return service.post(
        "/ops/connect", "{\"addressFile\":\"data:peer\",\"readTimeoutSeconds\":60}");
  }

  private static Answer upload(String lines) {
    return service.send(
        service
            .request("/ops/delete-batch", "Content-Type", "text/plain")
            .POST(BodyPublishers.ofString(lines)));
  }

  private static Answer patch(String operation, String json) {
    return service.send(
        service
            .request(operation, "Content-Type", "application/merge-patch+json")
            .method("PATCH", BodyPublishers.ofString(json)));
  }

  private static FileAccess failing(FileAccess files) {
    return (FileAccess)
        Proxy.newProxyInstance(
            FileAccess.class.getClassLoader(),
            new Class<?>[] {FileAccess.class},
            (_, method, arguments) -> {
              for (Object argument : arguments == null ? new Object[0] : arguments) {
                if (argument instanceof RootPath path
                    && !path.isRoot()
                    && path.name().startsWith(FAILING)) {
                  throw new OperationException(
                      ErrorCode.valueOf(path.name().substring(FAILING.length())), "As asked for.");
                }
              }
              try {
                return method.invoke(files, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
