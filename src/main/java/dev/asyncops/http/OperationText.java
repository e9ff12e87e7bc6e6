package dev.asyncops.http;

import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/** What is told of an operation in words that fit on a line. */
final class OperationText {

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private OperationText() {}

  /** How many items are finished, of how many; with a plus while more may be found. */
  static String counts(OperationSnapshot operation) {
    return "%d/%d%s"
        .formatted(finished(operation), operation.total(), operation.totalExact() ? "" : "+");
  }

  /** How much is done, in four characters. */
  static String percent(OperationSnapshot operation) {
    Double fraction = operation.progress().fraction();
    return fraction == null ? "  ?%" : "%3d%%".formatted((int) (100 * fraction));
  }

  /** How fast it is: the bytes recently, or else the items since the start; maybe empty. */
  static String rate(OperationSnapshot operation) {
    Long bytes = operation.progress().bytesPerSecond();
    if (bytes != null) {
      return bytes(bytes) + "/s";
    }
    double seconds = elapsed(operation).toMillis() / 1000.0;
    return seconds > 0 ? "%.0f items/s".formatted(finished(operation) / seconds) : "";
  }

  /** The time that is left, or that it took; maybe empty. */
  static String time(OperationSnapshot operation) {
    if (operation.state().isTerminal()) {
      return "in " + clock(elapsed(operation));
    }
    Long eta = operation.progress().etaSeconds();
    return eta == null ? "" : "ETA " + clock(Duration.ofSeconds(eta));
  }

  /** An error, with what could do something to a terminal replaced. */
  static String error(OperationError error) {
    return "%s: %s".formatted(error.code(), harmless(error.detail()));
  }

  /** A text without characters that control a terminal or turn what follows around. */
  static String harmless(String text) {
    StringBuilder harmless = new StringBuilder();
    Texts.shown(text).codePoints().map(OperationText::harmless).forEach(harmless::appendCodePoint);
    return harmless.toString();
  }

  private static int harmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          '\uFFFD';
      default -> codePoint;
    };
  }

  private static long finished(OperationSnapshot operation) {
    return operation.total() - operation.pending();
  }

  private static Duration elapsed(OperationSnapshot operation) {
    Instant start = Objects.requireNonNullElse(operation.startTime(), operation.updateTime());
    return Duration.between(start, operation.updateTime());
  }

  private static String bytes(long number) {
    double value = number;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  private static String clock(Duration time) {
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
