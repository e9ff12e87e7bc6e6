package dev.asyncops.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Time-outs as clients give them: seconds, fractions too, from a millisecond to a day. */
final class Timeouts {

  static final BigDecimal MIN = new BigDecimal("0.001");
  static final BigDecimal MAX = BigDecimal.valueOf(Duration.ofDays(1).toSeconds());

  private Timeouts() {}

  /** Notes a time-out that is out of range. */
  static void check(@Nullable BigDecimal seconds, String pointer, Violations violations) {
    if (seconds != null && (seconds.compareTo(MIN) < 0 || seconds.compareTo(MAX) > 0)) {
      violations.invalid(
          pointer, "A time-out is %s to %s seconds.".formatted(MIN, MAX.toPlainString()));
    }
  }

  /** A time-out in range, to the millisecond, rounded up. */
  static Duration duration(BigDecimal seconds) {
    return Duration.ofMillis(
        seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact());
  }
}
