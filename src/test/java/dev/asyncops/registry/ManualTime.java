package dev.asyncops.registry;

import dev.asyncops.async.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock and a ticker that go on together, when a test says so. Main context only. */
public final class ManualTime implements Ticker, InstantSource {

  /** When every test begins. */
  public static final Instant START = Instant.parse("2026-11-01T12:00:00Z");

  private Instant now = START;
  private long nanos = 42;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Both go on. */
  public void advance(Duration duration) {
    nanos += duration.toNanos();
    now = now.plus(duration);
  }

  /** Somebody sets the clock; the ticker does not care. */
  public void setClock(Instant time) {
    now = time;
  }
}
