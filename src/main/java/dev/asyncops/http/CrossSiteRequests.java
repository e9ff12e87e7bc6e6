package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses what a page of another site would change here: 403 PERMISSION_DENIED. A browser sends
 * some such requests without asking first, and says so in {@code Sec-Fetch-Site} (W3C Fetch
 * Metadata); other clients do not send this header.
 */
public final class CrossSiteRequests implements WebFilter {

  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private static final Set<String> FOREIGN = Set.of("cross-site", "same-site");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return isForeignChange(exchange.getRequest())
        ? Mono.error(
            new ProblemException(
                ErrorCode.PERMISSION_DENIED, "A page of another site may not change anything."))
        : chain.filter(exchange);
  }

  private static boolean isForeignChange(ServerHttpRequest request) {
    String site = request.getHeaders().getFirst("Sec-Fetch-Site");
    return site != null && FOREIGN.contains(site) && !READING.contains(request.getMethod());
  }
}
