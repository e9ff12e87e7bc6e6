package dev.asyncops.security;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What a request needs, by its method and path: read the same way as the controllers read them.
 *
 * <ul>
 *   <li>Open are the page, the description of the API and the page that shows it, and health.
 *   <li>Below {@code /ops} reading needs {@code read}, DELETE {@code cancel}, and every other
 *       change {@code write}. What else the actuator has needs {@code read}.
 *   <li>Whatever is not named here needs a token of any kind: also what comes later, and what does
 *       not exist.
 * </ul>
 */
public final class AccessRules {

  /** What is needed. */
  sealed interface Need {

    /** Nothing. */
    record Nothing() implements Need {}

    /** A token, of whatever kind. */
    record Token() implements Need {}

    /** A token that has this scope. */
    record Scoped(Scope scope) implements Need {}
  }

  private static final Need NOTHING = new Need.Nothing();
  private static final Need TOKEN = new Need.Token();
  private static final Need READ = new Need.Scoped(Scope.READ);
  private static final Need WRITE = new Need.Scoped(Scope.WRITE);
  private static final Need CANCEL = new Need.Scoped(Scope.CANCEL);

  private final List<PathPattern> operations = patterns("/ops", "/ops/**");
  private final List<PathPattern> open =
      patterns(
          "/",
          "/page/**",
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/swagger-ui.html",
          "/swagger-ui/**");
  private final List<PathPattern> health;
  private final List<PathPattern> actuator;
  private final ManagementPort management;

  /**
   * The rules.
   *
   * @param actuatorPath below which the actuator is
   * @param management where it is open
   */
  public AccessRules(String actuatorPath, ManagementPort management) {
    this.management = management;
    String base = actuatorPath.equals("/") ? "" : actuatorPath;
    health = patterns(base + "/health", base + "/health/**");
    actuator = patterns(base + "/**");
  }

  Need needOf(ServerHttpRequest request) {
    PathContainer path = request.getPath().pathWithinApplication();
    HttpMethod method = request.getMethod();
    if (management.isFor(request)) {
      return NOTHING;
    }
    if (matches(operations, path)) {
      return needOf(method);
    }
    boolean reads = isReading(method);
    if (reads && (matches(open, path) || matches(health, path))) {
      return NOTHING;
    }
    return reads && matches(actuator, path) ? READ : TOKEN;
  }

  private static Need needOf(HttpMethod method) {
    if (isReading(method)) {
      return READ;
    }
    if (method.equals(HttpMethod.DELETE)) {
      return CANCEL;
    }
    return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PATCH) ? WRITE : TOKEN;
  }

  private static boolean isReading(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  /** Refuses what a caller may not do. */
  void check(ServerHttpRequest request, @Nullable Caller caller) {
    Need need = needOf(request);
    if (!(need instanceof Need.Nothing) && caller == null) {
      throw AccessRefusedException.unauthenticated();
    }
    if (need instanceof Need.Scoped(Scope scope) && caller != null && !caller.may(scope)) {
      throw AccessRefusedException.without(scope);
    }
  }

  private static boolean matches(List<PathPattern> patterns, PathContainer path) {
    for (PathPattern pattern : patterns) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }

  private static List<PathPattern> patterns(String... texts) {
    PathPatternParser parser = PathPatternParser.defaultInstance;
    return Arrays.stream(texts).map(parser::parse).toList();
  }
}
