package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.files.FileCopy;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTests {

  /** Such that the clock overflows on the way. */
  private static final long T0 = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(150);

  private static final long MILLI = 1_000_000;

  @Test
  void stepsTakeTheirTime_oneAfterAnother() {
    RateLimit limit = new RateLimit(1000L, T0);

    assertThat(limit.stepBytes()).isEqualTo(100);
    assertThat(limit.waitNanos(T0)).isZero();
    limit.book(100, T0);
    assertThat(limit.waitNanos(T0)).isEqualTo(100 * MILLI);
    limit.book(100, T0 + 100 * MILLI);
    assertThat(limit.waitNanos(T0 + 100 * MILLI)).isEqualTo(100 * MILLI);
    assertThat(limit.waitNanos(T0 + 170 * MILLI)).isEqualTo(30 * MILLI);
    assertThat(limit.waitNanos(T0 + 200 * MILLI)).isZero();
  }

  @Test
  void whatWasNotUsed_isLost_butForATenthOfASecond() {
    RateLimit limit = new RateLimit(1000L, T0);
    long later = T0 + TimeUnit.SECONDS.toNanos(50);

    limit.book(100, later);
    assertThat(limit.waitNanos(later)).isZero();
    limit.book(100, later);

    assertThat(limit.waitNanos(later)).isEqualTo(100 * MILLI);
  }

  @Test
  void whatDidNotMove_isTakenBack() {
    RateLimit limit = new RateLimit(1000L, T0);
    limit.book(100, T0);

    limit.unbook(70);

    assertThat(limit.waitNanos(T0)).isEqualTo(30 * MILLI);
  }

  @Test
  void withoutALimit_nothingWaits() {
    RateLimit limit = new RateLimit(null, T0);
    limit.book(Long.MAX_VALUE, T0);
    limit.unbook(1);

    assertThat(limit.isSet()).isFalse();
    assertThat(limit.stepBytes()).isEqualTo(FileCopy.CHUNK);
    assertThat(limit.waitNanos(T0)).isZero();
  }

  @Test
  void extremes_areStepsOfAByte_andOfAChunk() {
    assertThat(new RateLimit(1L, T0).stepBytes()).isEqualTo(1);
    assertThat(new RateLimit(Long.MAX_VALUE, T0).stepBytes()).isEqualTo(FileCopy.CHUNK);
  }

  @Test
  void change_shortensAWait_inProportion() {
    RateLimit limit = new RateLimit(1000L, T0);
    limit.book(100, T0);

    limit.change(10_000L, T0 + 50 * MILLI);

    assertThat(limit.waitNanos(T0 + 50 * MILLI)).isEqualTo(5 * MILLI);
  }

  @Test
  void change_neverLengthensAWait() {
    RateLimit limit = new RateLimit(10_000L, T0);
    limit.book(1000, T0);

    limit.change(1L, T0);

    assertThat(limit.waitNanos(T0)).isEqualTo(100 * MILLI);
    assertThat(limit.stepBytes()).isEqualTo(1);
  }

  @Test
  void change_toNone_endsTheWait_andBackAgainBeginsAnew() {
    RateLimit limit = new RateLimit(1L, T0);
    limit.book(1, T0);

    limit.change(null, T0);
    assertThat(limit.waitNanos(T0)).isZero();
    limit.change(1000L, T0);

    assertThat(limit.waitNanos(T0)).isZero();
    limit.book(100, T0);
    assertThat(limit.waitNanos(T0)).isEqualTo(100 * MILLI);
  }
}
