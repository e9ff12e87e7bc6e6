package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WatchdogTests {

  private static final Duration LIMIT = Duration.ofMillis(50);

  @RegisterExtension final LogCapture log = new LogCapture(MainContextWatchdog.class);
  private final ManualTicker ticker = new ManualTicker();
  private final AtomicInteger slow = new AtomicInteger();
  private final MainContext context =
      new MainContext(
          "watched",
          ticker,
          new MainContextListener() {
            @Override
            public void callbackSlow() {
              slow.incrementAndGet();
            }
          });
  private final MainContextWatchdog watchdog = new MainContextWatchdog(context, LIMIT, ticker);

  @Test
  void m20_callbackOverTheThreshold_isReportedOnceWithNameAndStack() {
    context.post(Priority.DEFAULT, "slow one", this::hold);

    context.iterate(false);

    assertThat(slow).hasValue(1);
    assertThat(log.lines(Level.WARN))
        .singleElement()
        .asString()
        .contains("'slow one'", "'watched'", "50 ms", "WatchdogTests.hold");
  }

  private void hold() {
    OtherThread.run(watchdog::sample);
    ticker.advance(LIMIT);
    OtherThread.run(watchdog::sample);
    ticker.advance(LIMIT);
    OtherThread.run(watchdog::sample);
  }

  @Test
  void m20_manyShortCallbacks_areNotTakenForOneLongOne() {
    for (int i = 0; i < 10; i++) {
      context.post(() -> {
        watchdog.sample();
        ticker.advance(LIMIT.minusNanos(1));
      });
    }

    context.iterate(false);

    assertThat(slow).hasValue(0);
    assertThat(log.records()).isEmpty();
  }

  @Test
  void m20_idleContext_isNotReported() {
    watchdog.sample();
    ticker.advance(LIMIT.multipliedBy(10));
    watchdog.sample();

    assertThat(slow).hasValue(0);
  }

  @Test
  void m20_startedWatchdog_samplesByItselfUntilClosed() throws InterruptedException {
    CountDownLatch reported = new CountDownLatch(1);
    MainContext real =
        new MainContext(
            "real",
            Ticker.system(),
            new MainContextListener() {
              @Override
              public void callbackSlow() {
                reported.countDown();
              }
            });
    try (MainContextWatchdog started =
        new MainContextWatchdog(real, Duration.ofMillis(5), Ticker.system())) {
      started.start();
      real.post(() -> {
        try {
          OtherThread.await(reported);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      });

      real.iterate(false);
    }

    assertThat(reported.getCount()).isZero();
  }

  @Test
  void m20_thresholdBelowOneMillisecond_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MainContextWatchdog(context, Duration.ofNanos(999_999), ticker));
  }
}
