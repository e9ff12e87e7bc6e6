package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.util.regex.Pattern;
import org.springframework.web.server.ServerWebExchange;

/** How wide a client's terminal is: the query parameter {@code columns}. */
final class Columns {

  static final int DEFAULT = 80;

  /** A wider one is not filled. */
  static final int MOST = 500;

  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private Columns() {}

  /** The width, from 0 on; ProblemException INVALID_ARGUMENT. */
  static int of(ServerWebExchange exchange) {
    String given = exchange.getRequest().getQueryParams().getFirst("columns");
    if (given == null) {
      return DEFAULT;
    }
    if (!DIGITS.matcher(given).matches()) {
      throw new ProblemException(ErrorCode.INVALID_ARGUMENT, "columns is not a number from 0 on.");
    }
    return Numbers.capped(given, MOST);
  }
}
