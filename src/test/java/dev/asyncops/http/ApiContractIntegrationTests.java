package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Real answers of all operations, judged by the description of the API; the last test counts. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApiContractIntegrationTests {

  private static final String UNKNOWN = "/ops/00000000-0000-7000-8000-000000000000";
  private static final String JSON = "application/json";

  private static final Path DOCUMENT = Path.of("src/docs/openapi.json");

  /** What is described and not provoked here: it takes a broken disk, or a defect. */
  private static final Set<String> NOT_PROVOKED = Set.of("500", "501", "503", "507");

  /** The same of one operation. */
  private static final Set<String> NOT_PROVOKED_OF_ONE =
      Set.of(
          "retryOperation 413", // it has a hundred thousand failures
          "getResult 413"); // no operation of these kinds ends so today

  private final HangingRoot archive = new HangingRoot("archive");
  private TestService service;
  private ApiContract contract;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    service = TestService.start(directory, archive::between, "asyncops.limits.body-bytes=2KB");
    contract = new ApiContract(service.get("/v3/api-docs").json());
    Files.createDirectories(service.path("data:in"));
    Files.writeString(service.path("data:in/a.csv"), "1,2\n");
    Files.createDirectories(service.path("data:full/below"));
    Files.write(service.path("data:large"), new byte[1_000_000]);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  @Order(1)
  void startsAreAsDescribed() {
    for (Map.Entry<String, String> start :
        Map.of("startCopy", "/ops/copy", "startConnect", "/ops/connect").entrySet()) {
      refusals(start.getKey(), start.getValue());
    }
    refusals("startDeleteBatch", "/ops/delete-batch");
    String copy = "{\"source\":\"data:in\",\"destination\":\"%s\"}";
    see("startCopy", service.post("/ops/copy", copy.formatted("data:in/b"), "Prefer", "wait=9"));
    see("startCopy", service.post("/ops/copy", copy.formatted("frozen:x")));
    see("startDeleteBatch", service.post("/ops/delete-batch", "{\"paths\":[\"frozen:x\"]}"));
    see("startDeleteBatch", upload("?dryRun=true", "text/plain", "data:nothing\n"));
    see("startDeleteBatch", upload("?label.a=b&userData=7", "application/x-ndjson", "\"data:x\""));
    see("startDeleteBatch", upload("", "application/x-ndjson", "{"));
    see("startDeleteBatch", upload("?typo=1", "text/plain", "data:x"));
  }

  /** What every start is refused for, and how it is accepted and sent again. */
  private void refusals(String id, String path) {
    String good = firstExample(id);
    see(id, service.post(path, good, "Idempotency-Key", id));
    Answer again = see(id, service.post(path, good, "Idempotency-Key", id));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    service.ended(again.header("Location"));
    see(id, service.post(path, good, "Prefer", "wait=30"));
    see(id, service.post(path, good.replaceFirst("\\{", "{\"failFsat\":1,")));
    see(id, service.post(path, good.replaceFirst("data:", "data:../")));
    see(id, service.post(path, good, "Accept", "text/html"));
    see(id, service.post(path, " ".repeat(3000) + good));
    see(id, service.send(service.request(path, "Content-Type", "a/b").POST(body(good))));
    String other = good.replaceFirst("\\{", "{\"priority\":\"LOW\",");
    see(id, service.post(path, other, "Idempotency-Key", id));
  }

  @Test
  @Order(2)
  void examplesWork() {
    int tried = 0;
    for (String id : List.of("startCopy", "startDeleteBatch", "startConnect")) {
      for (var type : contract.operation(id).at("/requestBody/content").properties()) {
        for (var example : type.getValue().get("examples")) {
          String text =
              type.getKey().equals(JSON)
                  ? example.get("value").toString()
                  : example.get("value").asString();
          Answer answer =
              service.send(
                  service
                      .request(pathOf(id), "Content-Type", type.getKey(), "Prefer", "wait=30")
                      .POST(body(text)));
          assertThat(see(id, answer).status()).as(text).isEqualTo(200);
          tried++;
        }
      }
    }
    assertThat(tried).isEqualTo(8);
  }

  @Test
  @Order(3)
  void oneOperation_isAsDescribed() throws Exception {
    String copying = slowCopy("data:slow");
    see("getResult", service.get(copying + "/result"));
    see("retryOperation", service.send(service.request(copying + "/retry").POST(body(""))));
    String overlapping = "{\"source\":\"data:in\",\"destination\":\"data:slow\"}";
    see("startCopy", service.post("/ops/copy", overlapping));
    see("cancelOperation", service.delete(copying, "If-Match", "\"0\""));
    assertThat(service.delete(copying).status()).isIn(200, 202);
    Answer ended = see("getOperation", service.get(copying, "Prefer", "wait=30"));
    see("cancelOperation", service.delete(copying, "Prefer", "wait=1"));
    see("getOperation", service.get(copying, "If-None-Match", ended.header("ETag")));
    see("getOperation", service.get(copying, "If-Match", "\"0\""));
    patch(copying, "{\"labels\":{\"a\":\"b\"}}");
    patch(copying, "{\"paused\":true}");
    patch(copying, "{\"label\":{}}");
    patch(copying, " ".repeat(3000) + "{}");
    patch(UNKNOWN, "{}");
    patch(copying, "{}", "If-Match", "\"0\"");
    patch(copying, "{}", "Accept", "text/html");
    see(
        "patchOperation",
        service.send(service.request(copying, "Content-Type", "a/b").method("PATCH", body("{}"))));
    see("getResult", service.get(copying + "/result", "Prefer", "wait=1"));
    unknown("getOperation", "");
    unknown("getResult", "/result");
    unknown("listItems", "/items");
    unknown("streamEvents", "/events");
    for (String path : List.of("", "/result", "/items")) {
      String id =
          Map.of("", "getOperation", "/result", "getResult").getOrDefault(path, "listItems");
      see(id, service.get(copying + path, "Accept", "text/html"));
    }
    cancelSlowly();
    see("cancelOperation", service.delete(UNKNOWN));
    see("cancelOperation", service.delete(copying, "Accept", "text/html"));
  }

  @Test
  @Order(4)
  void results_areAsDescribed() throws Exception {
    result(service.post("/ops/copy", firstExample("startCopy").replace("data:out", "data:out2")));
    result(service.post("/ops/delete-batch", firstExample("startDeleteBatch")));
    result(service.post("/ops/delete-batch", "{\"paths\":[\"data:full\"]}"));
    result(
        service.post(
            "/ops/copy",
            "{\"source\":\"data:large\",\"destination\":\"data:full\",\"onConflict\":\"UPDATE\"}"));
    connectEnds("127.0.0.1:1", 502);
    connectEnds("8.8.8.8:1", 403);
    connectEnds("no address", 400);
    try (Greeter greeter = new Greeter("hello")) {
      greeter.writeAddress(service.path("data:peer.addr"));
      Answer silent = connect("data:peer.addr", 0.05);
      assertThat(see("getResult", service.get(silent.header("Location") + "/result")).status())
          .isEqualTo(504);
      Answer first = connect("data:peer.addr", 30);
      see("startConnect", connect("data:peer.addr", 30));
      greeter.greet();
      result(first);
    }
  }

  @Test
  @Order(5)
  void reports_areAsDescribed() {
    Answer partial =
        service.post(
            "/ops/delete-batch",
            "{\"paths\":[\"data:x\",\"data:y\"],\"report\":\"ALL\"}",
            "Prefer",
            "wait=30");
    String path = partial.header("Location");
    Answer page = see("listItems", service.get(path + "/items?pageSize=1&state=FAILED"));
    assertThat(page.header("Link")).isNotEmpty();
    see("listItems", service.get(path + "/items", "Accept", "application/x-ndjson"));
    see("listItems", service.get(path + "/items", "Accept", "text/csv"));
    see("listItems", service.get(path + "/items?pageSize=0"));
    retry(path, "");
    retry(path, "", "Prefer", "wait=30");
    retry(path, "?typo=1");
    retry(UNKNOWN, "");
    retry(path, "", "Accept", "text/html");
    retry(path, "", "If-Match", "\"0\"");
  }

  @Test
  @Order(6)
  void lists_areAsDescribed() {
    Answer page =
        see("listOperations", service.get("/ops?state=FAILED,SUCCEEDED&kind=copy&pageSize=1"));
    assertThat(page.header("Link")).isNotEmpty();
    see("listOperations", service.get("/ops?state=TIRED"));
    see("listOperations", service.get("/ops", "Accept", "text/html"));
    see("getSummary", service.get("/ops/summary"));
    see("getSummary", service.get("/ops/summary", "Accept", "text/html"));
  }

  @Test
  @Order(7)
  void streams_areAsDescribed() throws Exception {
    Answer ended = service.post("/ops/delete-batch", "{\"paths\":[]}", "Prefer", "wait=30");
    String path = ended.header("Location") + "/events";
    Answer stream = see("streamEvents", service.get(path));
    String last =
        stream.text().lines().filter(line -> line.startsWith("id:")).reduce((_, b) -> b).get();
    see("streamEvents", service.get(path, "Accept", "text/plain"));
    see("streamEvents", service.get(path, "Last-Event-ID", last.substring(3).strip()));
    see("streamEvents", service.get(path + "?columns=x", "Accept", "text/plain"));
    see("streamEvents", service.get(path, "Accept", JSON));
    see("streamAllEvents", service.get("/ops/events", "Accept", JSON));
    try (HttpClient client = HttpClient.newHttpClient()) {
      see("streamAllEvents", beginning(client, service.request("/ops/events")));
      see(
          "streamAllEvents",
          beginning(client, service.request("/ops/events", "Accept", "text/plain")));
      client.shutdownNow();
    }
  }

  @Test
  @Order(8)
  void fullAndEndingService_isAsDescribed(@TempDir Path directory) throws Exception {
    try (TestService full =
            TestService.start(
                directory,
                "asyncops.limits.running=1",
                "asyncops.limits.queued=2",
                "asyncops.limits.event-subscribers=1",
                "asyncops.shutdown.drain=60s");
        Greeter greeter = new Greeter("hello");
        HttpClient client = HttpClient.newHttpClient();
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      String over =
          full.post("/ops/delete-batch", "{\"paths\":[\"data:x\"]}", "Prefer", "wait=30")
              .header("Location");
      greeter.writeAddress(full.path("data:peer.addr"));
      full.started(
          "/ops/connect", "{\"addressFile\":\"data:peer.addr\",\"readTimeoutSeconds\":60}");
      greeter.awaitConnection();
      String batch = "{\"paths\":[],\"batch\":\"b\",\"recursive\":%s}";
      see("startDeleteBatch", full.post("/ops/delete-batch", batch.formatted(true)));
      see("startDeleteBatch", full.post("/ops/delete-batch", batch.formatted(false)));
      full.started("/ops/delete-batch", "{\"paths\":[]}");
      assertThat(startAll(full, over)).containsOnly(429);
      beginning(client, full.request("/ops/events"));
      see("streamAllEvents", full.get("/ops/events"));
      see("streamEvents", full.get(over + "/events"));
      Future<?> end = others.submit(full::shutDown);
      await().until(() -> full.post("/ops/delete-batch", "{\"paths\":[]}").status() == 503);
      assertThat(startAll(full, over)).containsOnly(503);
      client.shutdownNow();
      greeter.greet();
      end.get();
    }
  }

  @Test
  @Order(8)
  void refusalsForWhoAsks_areAsDescribed(@TempDir Path directory) throws Exception {
    Tokens tokens =
        new Tokens()
            .with("reader", List.of("read"), List.of("data"))
            .with("writer", List.of("write"), List.of("data"));
    try (TestService wary =
        TestService.start(directory, tokens.writtenTo(directory.resolve("tokens.yaml")))) {
      for (var path : contract.paths()) {
        for (var operation : path.getValue().properties()) {
          String id = operation.getValue().get("operationId").asString();
          String address = path.getKey().replace("/ops/{id}", UNKNOWN);
          String method = operation.getKey().toUpperCase(java.util.Locale.ROOT);
          String lacking = method.equals("GET") ? "writer" : "reader";
          Answer unknown = wary.send(wary.request(address).method(method, body("")));
          Answer refused =
              wary.send(wary.request(address, Tokens.header(lacking)).method(method, body("")));
          assertThat(see(id, unknown).status()).isEqualTo(401);
          assertThat(see(id, refused).status()).isEqualTo(403);
        }
      }
    }
  }

  @Test
  @Order(8)
  void bodiesThatBreakOff_areAsDescribed(@TempDir Path directory) throws IOException {
    try (TestService hasty =
        TestService.start(directory, "asyncops.limits.request-timeout=250ms")) {
      for (String id : List.of("startCopy", "startDeleteBatch", "startConnect")) {
        assertThat(see(id, brokenOff(hasty, "POST", pathOf(id))).status()).isEqualTo(408);
      }
      Answer patched = see("patchOperation", brokenOff(hasty, "PATCH", UNKNOWN));
      assertThat(patched.status()).isEqualTo(408);
    }
  }

  @Test
  @Order(9)
  void everythingDescribed_wasSeen() {
    Set<String> missing = new TreeSet<>(contract.unseen());
    missing.removeIf(seen -> NOT_PROVOKED.contains(seen.split(" ", -1)[1]));
    missing.removeIf(
        seen -> NOT_PROVOKED_OF_ONE.stream().anyMatch(known -> seen.startsWith(known + " ")));

    assertThat(missing).isEmpty();
  }

  /** So that it can be read without running the service, and a client be made of it. */
  @Test
  @Order(7)
  void description_isTheOneInTheDocuments() throws IOException {
    JsonMapper pretty = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    JsonNode served = service.get("/v3/api-docs").json();
    if (Boolean.getBoolean("openapi.update")) {
      Files.writeString(DOCUMENT, pretty.writeValueAsString(served) + "\n");
    }

    assertThat(pretty.readTree(Files.readString(DOCUMENT)))
        .as("./mvnw verify -Dopenapi.update=true -Dit.test=ApiContractIntegrationTests writes it")
        .isEqualTo(served);
  }

  @Test
  @Order(7)
  void description_isFound_alsoBehindAProxy() {
    Answer page = service.get("/swagger-ui.html", "X-Forwarded-Prefix", "/files");

    assertThat(page.status()).isEqualTo(302);
    assertThat(page.header("Location")).isEqualTo("/files/swagger-ui/index.html");
    assertThat(service.get("/swagger-ui/index.html").text()).contains("./swagger-initializer.js");
    assertThat(service.get("/swagger-ui/swagger-initializer.js").text()).contains("../v3/api-docs");
    assertThat(service.get("/swagger-ui/swagger-ui-bundle.js").status()).isEqualTo(200);
    assertThat(service.get("/v3/api-docs.yaml").text()).startsWith("openapi: 3.1.0");
    assertThat(service.get("/v3/api-docs").at("openapi")).isEqualTo("3.1.0");
    for (String unknown : List.of("/swagger-ui/none", "/webjars/swagger-ui/index.html", "/none")) {
      assertThat(service.get(unknown).at("code")).isEqualTo("NOT_FOUND");
    }
  }

  @Test
  @Order(7)
  void defaults_areThoseOfOperations() {
    for (String id : List.of("startCopy", "startDeleteBatch", "startConnect")) {
      String schema = id.replace("start", "") + "Request";
      JsonNode members = contract.schema(schema).get("properties");
      StringBuilder body = new StringBuilder("{");
      contract
          .schema(schema)
          .get("required")
          .forEach(name ->
              body.append(body.length() > 1 ? "," : "")
                  .append(name)
                  .append(":")
                  .append(
                      name.asString().equals("paths")
                          ? "[]"
                          : "\"data:new-" + name.asString() + "\""));
      Answer started = service.post(pathOf(id), body + "}");
      JsonNode request = started.json().get("request");

      members.forEachEntry((name, member) -> {
        if (member.has("default")) {
          assertThat(request.get(name)).as(name).isEqualTo(member.get("default"));
        }
      });
      assertThat(contract.allows(contract.schema(schema), started.json())).isFalse();
    }
  }

  /** The answer to a request of whose body there is only the beginning. */
  private static Answer brokenOff(TestService service, String method, String path)
      throws IOException {
    try (RawConnection slow = new RawConnection(service.port())) {
      slow.send(
          "%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 9\r\n\r\n{"
              .formatted(method, path, JSON));
      RawConnection.Reply reply = slow.receive(false);
      Map<String, List<String>> headers =
          reply.headers().entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
      return new Answer(reply.status(), HttpHeaders.of(headers, (_, _) -> true), reply.body());
    }
  }

  private Set<Integer> startAll(TestService full, String over) {
    Set<Integer> statuses = new TreeSet<>();
    for (String id : List.of("startCopy", "startDeleteBatch", "startConnect")) {
      String body = firstExample(id).replace("peer.addr", "other.addr");
      statuses.add(see(id, full.post(pathOf(id), body)).status());
    }
    Answer retried = full.send(full.request(over + "/retry").POST(BodyPublishers.noBody()));
    statuses.add(see("retryOperation", retried).status());
    return statuses;
  }

  private void patch(String operation, String json, String... headers) {
    HttpRequest.Builder request = service.request(operation, headers);
    request.header("Content-Type", "application/merge-patch+json");
    see("patchOperation", service.send(request.method("PATCH", body(json))));
  }

  private void cancelSlowly() throws InterruptedException {
    archive.hangFrom(1);
    String deleting = service.started("/ops/delete-batch", "{\"paths\":[\"archive:x\"]}");
    archive.awaitSomebodyHanging();
    assertThat(see("cancelOperation", service.delete(deleting)).status()).isEqualTo(202);
    archive.thaw();
    service.ended(deleting);
  }

  private Answer see(String id, Answer answer) {
    return contract.judge(id, answer);
  }

  private void unknown(String id, String below) {
    assertThat(see(id, service.get(UNKNOWN + below)).status()).isEqualTo(404);
  }

  private void retry(String operation, String query, String... headers) {
    HttpRequest.Builder request = service.request(operation + "/retry" + query, headers);
    see("retryOperation", service.send(request.POST(BodyPublishers.noBody())));
  }

  private void result(Answer started) {
    Answer ended = see("getOperation", service.ended(started.header("Location")));
    see("getResult", service.get("/ops/%s/result".formatted(ended.at("id"))));
  }

  private void connectEnds(String address, int status) throws IOException {
    Files.writeString(service.path("data:one.addr"), address);
    Answer started = connect("data:one.addr", 30);
    service.ended(started.header("Location"));
    Answer result = see("getResult", service.get(started.header("Location") + "/result"));
    assertThat(result.status()).isEqualTo(status);
  }

  /** One that is not waited for if it may take long. */
  private Answer connect(String addressFile, double seconds) {
    String body =
        "{\"addressFile\":\"%s\",\"readTimeoutSeconds\":%s}".formatted(addressFile, seconds);
    return seconds < 1
        ? service.post("/ops/connect", body, "Prefer", "wait=30")
        : service.post("/ops/connect", body);
  }

  private String slowCopy(String destination) {
    return service.started(
        "/ops/copy",
        "{\"source\":\"data:large\",\"destination\":\"%s\",\"bytesPerSecond\":1000}"
            .formatted(destination));
  }

  private Answer upload(String query, String type, String lines) {
    return service.send(
        service
            .request("/ops/delete-batch" + query, "Content-Type", type, "Prefer", "wait=30")
            .POST(body(lines)));
  }

  private static HttpRequest.BodyPublisher body(String text) {
    return BodyPublishers.ofString(text);
  }

  /** The first line of a stream that goes on. */
  private static Answer beginning(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> stream = client.send(request.build(), BodyHandlers.ofInputStream());
    byte[] some = stream.body().readNBytes(1);
    return new Answer(
        stream.statusCode(), stream.headers(), new String(some, StandardCharsets.UTF_8));
  }

  private String firstExample(String id) {
    return contract
        .operation(id)
        .at("/requestBody/content")
        .get(JSON)
        .get("examples")
        .iterator()
        .next()
        .get("value")
        .toString();
  }

  private static String pathOf(String id) {
    return switch (id) {
      case "startCopy" -> "/ops/copy";
      case "startDeleteBatch" -> "/ops/delete-batch";
      default -> "/ops/connect";
    };
  }
}
