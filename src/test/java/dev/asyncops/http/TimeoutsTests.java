package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutsTests {

  @ParameterizedTest
  @CsvSource({"0.001, 1", "5, 5000", "0.5, 500", "1.0001, 1001", "1e1, 10000", "86400, 86400000"})
  void seconds_areReadToTheMillisecond_roundedUp(BigDecimal seconds, long millis) {
    Violations violations = new Violations();

    Timeouts.check(seconds, "/t", violations);
    violations.throwIfAny();

    assertThat(Timeouts.duration(seconds)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "0.0009", "86400.001", "1e999999999", "1e-999999999", "-0.0"})
  void whatIsOutOfRange_isNoted(BigDecimal seconds) {
    Violations violations = new Violations();

    Timeouts.check(seconds, "/t", violations);

    assertThat(catchThrowable(violations::throwIfAny)).isInstanceOf(ProblemException.class);
  }
}
