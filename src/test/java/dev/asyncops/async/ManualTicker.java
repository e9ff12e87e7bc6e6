package dev.asyncops.async;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until the test moves it. */
public final class ManualTicker implements Ticker {

  /** Begins far from zero, as a real one does. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

  @Override
  public long nanos() {
    return nanos.get();
  }

  /** Moves the clock on. */
  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
