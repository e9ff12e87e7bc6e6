package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateMeterTests {

  private static final long ORIGIN = Long.MAX_VALUE - 1000; // a ticker may overflow

  private final RateMeter meter = new RateMeter(ORIGIN);

  @Test
  void perSecond_beforeEnoughWasSeen_isEmpty() {
    meter.sample(1000, at(Duration.ofMillis(100)));

    assertThat(meter.perSecond()).isEmpty();
  }

  @Test
  void perSecond_atASteadyPace_isThatPace() {
    for (int i = 1; i <= 20; i++) {
      meter.sample(i * 500L, at(Duration.ofMillis(500L * i)));
    }

    assertThat(meter.perSecond().orElseThrow()).isCloseTo(1000, within(1e-6));
  }

  @Test
  void perSecond_afterAChangeOfPace_followsWithinSeconds() {
    meter.sample(1000, at(Duration.ofSeconds(1)));

    meter.sample(1100, at(Duration.ofSeconds(2)));
    double soon = meter.perSecond().orElseThrow();
    for (int i = 3; i <= 20; i++) {
      meter.sample(1000 + 100L * (i - 1), at(Duration.ofSeconds(i)));
    }

    assertThat(soon).isBetween(500.0, 900.0);
    assertThat(meter.perSecond().orElseThrow()).isCloseTo(100, within(5.0));
  }

  private static long at(Duration since) {
    return ORIGIN + since.toNanos();
  }
}
