package dev.asyncops.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * How long a client would wait: {@code Prefer: wait=N} (RFC 7240).
 *
 * @param seconds 0 to {@value #MAX_SECONDS}; negative if it did not say, or not in a way that can
 *     be understood
 */
record WaitPreference(int seconds) {

  /** A longer wait is cut to this. */
  static final int MAX_SECONDS = 60;

  private static final WaitPreference ABSENT = new WaitPreference(-1);

  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";

  /** One preference with its parameters: everything up to a comma outside quotes, open ones too. */
  private static final Pattern PREFERENCE = Pattern.compile("(?:[^\",]|" + QUOTED + "|\".*)++");

  /** One preference that is about waiting, however malformed. */
  private static final Pattern NAMED = Pattern.compile("wait(?:[\\s=;].*)?");

  private static final Pattern WAIT =
      Pattern.compile("wait[ \t]*=[ \t]*(?:(\\d+)|\"(\\d+)\")[ \t]*(?:;.*)?");

  /** The preference of a request; of several the first counts. */
  static WaitPreference of(ServerWebExchange exchange) {
    return of(exchange.getRequest().getHeaders());
  }

  /** The preference in these headers. */
  static WaitPreference of(HttpHeaders headers) {
    for (String line : headers.getOrEmpty("Prefer")) {
      Matcher preferences = PREFERENCE.matcher(line);
      while (preferences.find()) {
        String preference = preferences.group().strip().toLowerCase(Locale.ROOT);
        if (NAMED.matcher(preference).matches()) {
          return parse(preference);
        }
      }
    }
    return ABSENT;
  }

  /** Whether the client said how long. */
  boolean isPresent() {
    return seconds >= 0;
  }

  /** Tells the client that its preference was honoured, and with which number. */
  void applyTo(ServerWebExchange exchange) {
    if (isPresent()) {
      exchange.getResponse().getHeaders().set("Preference-Applied", "wait=" + seconds);
    }
  }

  private static WaitPreference parse(String preference) {
    Matcher wait = WAIT.matcher(preference);
    if (!wait.matches()) {
      return ABSENT;
    }
    String digits = wait.group(1) == null ? wait.group(2) : wait.group(1);
    return new WaitPreference(Numbers.capped(digits, MAX_SECONDS));
  }
}
