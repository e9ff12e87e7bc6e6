package dev.asyncops.tutorial;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An address as people write it into a file: {@code 127.0.0.1:4711} or {@code [::1]:4711}. */
final class ServerAddress {

  private static final int DEFAULT_PORT = 123;

  /** Strict, because the JDK's own parser also takes {@code 1} for an address (S9). */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "((?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})|\\[[0-9A-Fa-f:]+])(?::(\\d{1,5}))?");

  private ServerAddress() {}

  /** An editor ends the last line, so white space around the address is nothing (S8). */
  static InetSocketAddress parse(String text) throws OperationException {
    Matcher address = ADDRESS.matcher(text.strip());
    if (!address.matches()) {
      throw invalid(text);
    }
    try {
      return new InetSocketAddress(
          InetAddress.ofLiteral(address.group(1)), portOf(address.group(2)));
    } catch (IllegalArgumentException e) {
      throw invalid(text);
    }
  }

  private static int portOf(@Nullable String digits) {
    return digits == null ? DEFAULT_PORT : Integer.parseInt(digits);
  }

  private static OperationException invalid(String text) {
    return new OperationException(
        ErrorCode.INVALID_ARGUMENT, "Not an address: '%.40s'.".formatted(text.strip()));
  }
}
