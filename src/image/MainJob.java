import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The main job of a running service as a client does it: copy a file, delete it in a batch, connect,
 * watch, and cancel a copy that is slow. {@code helm test} runs it in the image, and the image's
 * build trains the service with it. It needs nothing but the JDK.
 *
 * <p>Arguments: the service's address; a root with {@code hello.txt}, a larger file and {@code
 * self.addr}; a root to write to; the name of the larger file; maybe the address of its actuator,
 * which is looked at then, too. With {@code ASYNCOPS_TOKEN} in the
 * environment it shows that token; with {@code ASYNCOPS_EXPECT} it only sees that a start is refused
 * with this code.
 */
public final class MainJob {

  private static final Pattern MEMBER = Pattern.compile("\"%s\":(\"[^\"]*\"|[0-9]+|null)");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final String service;
  private final Optional<String> token = Optional.ofNullable(System.getenv("ASYNCOPS_TOKEN"));
  private int passed;

  private MainJob(String service) {
    this.service = service;
  }

  /** Does it; ends with status 1 at the first thing that is not as it should be. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    MainJob job = new MainJob(arguments[0]);
    try {
      job.run(arguments[1], arguments[2], arguments[3]);
      if (arguments.length > 4) {
        job.look(arguments[4]);
      }
    } catch (IllegalStateException e) {
      System.err.println("NOT   " + e.getMessage());
      System.exit(1);
    }
    System.out.println(job.passed + " passed, 0 failed");
  }

  private void run(String from, String to, String slow) throws IOException, InterruptedException {
    String name = "job-" + UUID.randomUUID();
    String copy = "{\"source\":\"%s:hello.txt\",\"destination\":\"%s:%s\"}".formatted(from, to, name);
    String expected = System.getenv("ASYNCOPS_EXPECT");
    if (expected != null) {
      expect("a start is refused with " + expected, post("/ops/copy", copy), "code", expected);
      return;
    }
    expect("a file is copied", post("/ops/copy", copy), "state", "SUCCEEDED");
    String again = post("/ops/copy", copy);
    expect("and not a second time", again, "code", "EXISTS");
    expect("its status can be read", get("/ops/" + member(again, "id")), "state", "FAILED");
    String events = get("/ops/" + member(again, "id") + "/events");
    check("its events end", events.contains("event: end"), events);

    String batch = "{\"paths\":[\"%s:%s\",\"%s:missing\"]}".formatted(to, name, to);
    String deleted = post("/ops/delete-batch", batch);
    expect("a batch deletes it, and tells what was missing", deleted, "state", "PARTIAL");
    expect("one of two", deleted, "succeeded", "1");

    String address =
        "{\"addressFile\":\"%s:self.addr\",\"readTimeoutSeconds\":1}".formatted(from);
    String connected = post("/ops/connect", address);
    check(
        "connect reaches a server, or is not allowed to",
        connected.contains("\"stage\":\"MESSAGE\"")
            || connected.contains("\"code\":\"PERMISSION_DENIED\""),
        connected);

    String slowly =
        "{\"source\":\"%s:%s\",\"destination\":\"%s:%s\",\"bytesPerSecond\":1}"
            .formatted(from, slow, to, name);
    String running = send(request("/ops/copy").POST(BodyPublishers.ofString(slowly)));
    String id = member(running, "id");
    String cancelled = send(request("/ops/" + id).header("Prefer", "wait=20").DELETE());
    expect("a copy is cancelled", cancelled, "state", "CANCELLED");
    String gone = "{\"paths\":[\"%s:%s\"]}".formatted(to, name);
    expect("and leaves no file", post("/ops/delete-batch", gone), "code", "NOT_FOUND");

    check("the list has them", get("/ops?pageSize=5").contains(id), id);
    check("the summary is told", get("/ops/summary").contains("\"byState\""), "");
  }

  private void look(String actuator) throws IOException, InterruptedException {
    for (String group : new String[] {"liveness", "readiness"}) {
      String health = send(target(actuator + "/health/" + group).GET());
      expect(group + " is up", health, "status", "UP");
    }
    String metrics = send(target(actuator + "/prometheus").GET());
    check("metrics are there", metrics.contains("asyncops_started_total"), metrics);
  }

  private String post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path).header("Prefer", "wait=20").POST(BodyPublishers.ofString(body)));
  }

  private String get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return target(service + path);
  }

  private HttpRequest.Builder target(String address) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json");
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    return answer.body();
  }

  private void expect(String what, String answer, String member, String value) {
    check(what, answer.contains("\"%s\":\"%s\"".formatted(member, value))
        || value.equals(member(answer, member)), answer);
  }

  private void check(String what, boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(what + ": " + otherwise);
    }
    passed++;
    System.out.println("ok    " + what);
  }

  private static String member(String answer, String name) {
    Matcher found = Pattern.compile(MEMBER.pattern().formatted(name)).matcher(answer);
    if (!found.find()) {
      throw new IllegalStateException("no " + name + " in " + answer);
    }
    return found.group(1).replace("\"", "");
  }
}
