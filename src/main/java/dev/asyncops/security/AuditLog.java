package dev.asyncops.security;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Writes down who did what: a line for each start, cancel, change and retry, however it was
 * answered, and for each request of any kind that was refused for who sent it.
 *
 * <p>A line has names that were checked, methods, addresses of the API, ids, codes and numbers:
 * nothing of a body, a query or a token, and nothing that could look like another line.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class AuditLog implements WebFilter {

  /** The code of the problem that an exchange is answered with, as one of its attributes. */
  public static final String CODE = AuditLog.class.getName() + ".code";

  private static final Logger LOG = LoggerFactory.getLogger("dev.asyncops.audit");

  private static final Set<HttpMethod> CHANGING =
      Set.of(HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE);

  private static final Pattern OPERATION =
      Pattern.compile("/ops/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(/[a-z]+)?");

  private static final Pattern START = Pattern.compile("/ops/(copy|delete-batch|connect)");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> answered(exchange)));
    return chain.filter(exchange);
  }

  private static void answered(ServerWebExchange exchange) {
    HttpStatusCode status = exchange.getResponse().getStatusCode();
    int number = status == null ? 200 : status.value();
    boolean isRefused = number == 401 || number == 403;
    String path = exchange.getRequest().getPath().pathWithinApplication().value();
    boolean isChange =
        CHANGING.contains(exchange.getRequest().getMethod()) && path.startsWith("/ops/");
    if (isRefused || isChange) {
      write(exchange, path, number);
    }
  }

  private static void write(ServerWebExchange exchange, String path, int status) {
    Caller caller = exchange.getAttribute(CallerAuthentication.ATTRIBUTE);
    String code = exchange.getAttribute(CODE);
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue("who", caller == null ? "nobody" : escaped(caller.name()))
            .addKeyValue("what", what(exchange.getRequest(), path));
    String id = id(exchange, path);
    if (id != null) {
      line = line.addKeyValue("id", id);
    }
    line = line.addKeyValue("status", status);
    if (code != null) {
      line = line.addKeyValue("code", code);
    }
    line.log(status < 400 ? "Done" : "Refused");
  }

  /** The method, and the address if it is one of the API. */
  private static String what(ServerHttpRequest request, String path) {
    HttpMethod method = request.getMethod();
    String known = Set.of(HttpMethod.values()).contains(method) ? method.name() : "?";
    Matcher operation = OPERATION.matcher(path);
    if (operation.matches()) {
      String part = operation.group(2);
      return known + " /ops/{id}" + (part == null ? "" : part);
    }
    boolean isKnown = START.matcher(path).matches() || path.equals("/ops");
    return known + (isKnown ? " " + path : "");
  }

  private static @Nullable String id(ServerWebExchange exchange, String path) {
    String location = exchange.getResponse().getHeaders().getFirst(HttpHeaders.LOCATION);
    if (location != null) {
      Matcher started =
          OPERATION.matcher(location.substring(Math.max(0, location.lastIndexOf("/ops/"))));
      if (started.matches()) {
        return started.group(1);
      }
    }
    Matcher operation = OPERATION.matcher(path);
    return operation.matches() ? operation.group(1) : null;
  }

  /** A name has no control characters; a quote would end its value. */
  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
