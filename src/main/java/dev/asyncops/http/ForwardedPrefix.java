package dev.asyncops.http;

import java.util.regex.Pattern;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The address of the service as its clients see it: a path, which survives any proxy. */
final class ForwardedPrefix {

  private static final String HEADER = "X-Forwarded-Prefix";
  private static final int MAX_LENGTH = 512;

  /** Segments of unreserved characters (RFC 3986), none of them {@code .} or {@code ..}. */
  private static final Pattern CLEAN = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[\\w.~-]+)*/?");

  private ForwardedPrefix() {}

  /**
   * A path of this service as a client asks for it.
   *
   * <p>What a proxy says it removed goes before it. A value that is anything but a clean path is
   * not believed: it could lead a client to another server.
   */
  static String path(ServerHttpRequest request, String path) {
    String prefix = request.getHeaders().getFirst(HEADER);
    String context = request.getPath().contextPath().value();
    return prefix == null ? context + path : clean(prefix.strip()) + context + path;
  }

  private static String clean(String prefix) {
    if (prefix.length() > MAX_LENGTH || !CLEAN.matcher(prefix).matches()) {
      return "";
    }
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }
}
