package dev.asyncops.registry;

import java.util.OptionalDouble;

/**
 * How fast something grows: an average in which what was seen longer ago weighs exponentially less.
 */
final class RateMeter {

  /** After this time a past rate weighs 1/e. */
  private static final double WINDOW_NANOS = 3e9;

  /** What comes sooner after the last sample waits for the next one: it would be mostly noise. */
  private static final long MIN_SAMPLE_NANOS = 200_000_000;

  private static final double NANOS_PER_SECOND = 1e9;

  private long sampledAtNanos;
  private long sampledAmount;
  private OptionalDouble perSecond = OptionalDouble.empty();

  RateMeter(long nowNanos) {
    sampledAtNanos = nowNanos;
  }

  /** The amount has come so far by now. */
  void sample(long amount, long nowNanos) {
    long elapsed = nowNanos - sampledAtNanos;
    if (elapsed >= MIN_SAMPLE_NANOS) {
      double latest = (amount - sampledAmount) * NANOS_PER_SECOND / elapsed;
      perSecond = OptionalDouble.of(blend(latest, elapsed));
      sampledAmount = amount;
      sampledAtNanos = nowNanos;
    }
  }

  /** Nothing came in the time before. */
  void goOn(long nowNanos) {
    sampledAtNanos = nowNanos;
  }

  /** The rate; empty until enough was seen. */
  OptionalDouble perSecond() {
    return perSecond;
  }

  private double blend(double latest, long elapsed) {
    double weight = -Math.expm1(-elapsed / WINDOW_NANOS);
    return perSecond.isEmpty()
        ? latest
        : perSecond.getAsDouble() + weight * (latest - perSecond.getAsDouble());
  }
}
