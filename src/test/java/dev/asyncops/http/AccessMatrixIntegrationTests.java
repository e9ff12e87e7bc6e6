package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;

/**
 * Every address that the service really has, asked by every kind of caller: the status is the one
 * that the rules of the contract give, which are written down here once more. An address without a
 * rule fails.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AccessMatrixIntegrationTests {

  private static final List<String> SCOPES = List.of("read", "write", "cancel");

  /** What may be asked without a token; GET only. */
  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/page/{name}",
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/swagger-ui.html",
          "/swagger-ui/swagger-initializer.js",
          "/actuator/health",
          "/actuator/health/{*path}");

  private static final Set<String> READ =
      Set.of("/actuator/prometheus", "/actuator/info", "/actuator/sbom", "/actuator/sbom/{id}");

  /** Below a root that the caller of this name does not reach. */
  private static final String OTHER_ROOT = "all-archive";

  private TestService service;
  private String operation;

  /**
   * An address of the service.
   *
   * @param consumed the type of its body; null if it has none, or any
   */
  private record Endpoint(RequestMethod method, String path, @Nullable String consumed) {}

  /**
   * Somebody who asks.
   *
   * @param token null for none
   * @param scopes those of the token; null if it is not a good one
   */
  private record Asker(
      String name, @Nullable String token, @Nullable Set<String> scopes, boolean reaches) {}

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Tokens tokens = new Tokens();
    SCOPES.forEach(scope -> tokens.with(scope, List.of(scope), List.of("data")));
    tokens
        .with("all-data", SCOPES, List.of("data"))
        .with(OTHER_ROOT, SCOPES, List.of("archive"))
        .with("all", SCOPES, List.of("*"));
    service = TestService.start(directory, tokens.writtenTo(directory.resolve("tokens.yaml")));
    Files.writeString(service.path("data:a"), "a");
    operation =
        service
            .post(
                "/ops/delete-batch",
                "{\"paths\":[\"data:missing\"],\"ignoreMissing\":true}",
                "Authorization",
                "Bearer " + Tokens.of("all-data"),
                "Prefer",
                "wait=30")
            .header("Location");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @TestFactory
  Stream<DynamicTest> everyAddress_forEveryKindOfCaller() {
    return endpoints().stream()
        .flatMap(endpoint ->
            askers().stream()
                .map(asker ->
                    DynamicTest.dynamicTest(
                        "%s %s %s: %s"
                            .formatted(
                                endpoint.method(),
                                endpoint.path(),
                                endpoint.consumed(),
                                asker.name()),
                        () -> check(endpoint, asker))));
  }

  private void check(Endpoint endpoint, Asker asker) {
    int status = service.status(request(endpoint, asker));

    int refusal = refusal(endpoint, asker);
    if (refusal == 0) {
      assertThat(status).isBetween(200, 399);
    } else {
      assertThat(status).isEqualTo(refusal);
    }
  }

  /** The rule; 0 if it is not refused. */
  private static int refusal(Endpoint endpoint, Asker asker) {
    String scope = scopeFor(endpoint);
    if (scope.isEmpty()) {
      return 0;
    }
    if (asker.scopes() == null) {
      return 401;
    }
    if (!asker.scopes().contains(scope)) {
      return 403;
    }
    if (asker.reaches() || !endpoint.path().startsWith("/ops/")) {
      return 0;
    }
    if (endpoint.path().contains("{id")) {
      return 404;
    }
    return endpoint.method() == RequestMethod.POST ? 403 : 0;
  }

  private static String scopeFor(Endpoint endpoint) {
    String path = endpoint.path();
    boolean isRead = endpoint.method() == RequestMethod.GET;
    if (path.equals("/ops") || path.startsWith("/ops/")) {
      return switch (endpoint.method()) {
        case GET -> "read";
        case POST, PATCH -> "write";
        case DELETE -> "cancel";
        default -> throw new AssertionError("There is no rule for " + endpoint);
      };
    }
    if (isRead && OPEN.contains(path.replaceFirst("\\{name:.*}$", "{name}"))) {
      return "";
    }
    if (isRead && READ.contains(path)) {
      return "read";
    }
    throw new AssertionError("There is no rule for " + endpoint);
  }

  /** All that is mapped to a method, of ours and of the libraries'. */
  private List<Endpoint> endpoints() {
    Set<String> seen = new TreeSet<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (var mapping : service.beans(RequestMappingInfoHandlerMapping.class)) {
      for (RequestMappingInfo info : mapping.getHandlerMethods().keySet()) {
        List<@Nullable String> consumed = new ArrayList<>();
        info.getConsumesCondition()
            .getConsumableMediaTypes()
            .forEach(type -> consumed.add(type.toString()));
        if (consumed.isEmpty()) {
          consumed.add(null);
        }
        for (var pattern : info.getPatternsCondition().getPatterns()) {
          assertThat(info.getMethodsCondition().getMethods()).as(info.toString()).isNotEmpty();
          for (RequestMethod method : info.getMethodsCondition().getMethods()) {
            for (String type : consumed) {
              Endpoint endpoint = new Endpoint(method, pattern.getPatternString(), type);
              if (seen.add(endpoint.toString())) {
                endpoints.add(endpoint);
              }
            }
          }
        }
      }
    }
    return endpoints;
  }

  @Test
  void theMatrix_hasAllThatIsDescribed() {
    Set<String> mapped = new TreeSet<>();
    endpoints()
        .forEach(endpoint ->
            mapped.add(
                endpoint.method().name().toLowerCase(Locale.ROOT)
                    + " "
                    + endpoint.path().replaceAll("\\{id:.*?\\{36}}", "{id}")));
    Set<String> described = new TreeSet<>();
    service
        .get("/v3/api-docs")
        .json()
        .get("paths")
        .forEachEntry((path, methods) ->
            methods.propertyNames().forEach(method -> described.add(method + " " + path)));

    assertThat(mapped).containsAll(described);
    assertThat(described).hasSizeGreaterThan(10);
  }

  private static List<Asker> askers() {
    List<Asker> askers = new ArrayList<>();
    askers.add(new Asker("without a token", null, null, false));
    askers.add(new Asker("with a wrong token", "no-token", null, false));
    SCOPES.forEach(scope -> askers.add(new Asker(scope, Tokens.of(scope), Set.of(scope), true)));
    Set<String> all = Set.copyOf(SCOPES);
    askers.add(new Asker(OTHER_ROOT, Tokens.of(OTHER_ROOT), all, false));
    askers.add(new Asker("all-data", Tokens.of("all-data"), all, true));
    askers.add(new Asker("all", Tokens.of("all"), all, true));
    return askers;
  }

  private HttpRequest.Builder request(Endpoint endpoint, Asker asker) {
    String path =
        endpoint
            .path()
            .replaceAll("\\{name:.*}$", "main.js")
            .replaceAll("/ops/\\{id:.*?\\{36}}", operation)
            .replace("{id}", "application")
            .replace("/{*path}", "/liveness");
    HttpRequest.Builder request = service.request(path);
    if (asker.token() != null) {
      request.header("Authorization", "Bearer " + asker.token());
    }
    if (endpoint.consumed() != null) {
      request.header("Content-Type", endpoint.consumed());
    }
    String body = body(endpoint);
    return request.method(
        endpoint.method().name(),
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }

  private static String body(Endpoint endpoint) {
    return switch (endpoint.method() + " " + endpoint.path()) {
      case "POST /ops/copy" ->
          "{\"source\":\"data:a\",\"destination\":\"data:copy-%d\"}".formatted(System.nanoTime());
      case "POST /ops/connect" ->
          "{\"addressFile\":\"data:none-%d.addr\"}".formatted(System.nanoTime());
      case "POST /ops/delete-batch" ->
          switch (String.valueOf(endpoint.consumed())) {
            case "application/json" -> "{\"paths\":[\"data:missing\"]}";
            case "application/x-ndjson" -> "\"data:missing\"\n";
            default -> "data:missing\n";
          };
      default -> endpoint.method() == RequestMethod.PATCH ? "{\"labels\":{\"a\":\"b\"}}" : "";
    };
  }
}
