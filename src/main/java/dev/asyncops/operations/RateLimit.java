package dev.asyncops.operations;

import dev.asyncops.files.FileCopy;
import org.jspecify.annotations.Nullable;

/**
 * A number of bytes per second that may change at any time, or none. Bytes are booked as they are
 * let go, and whatever comes next waits until their time is over. What was not used is lost, but
 * for a tenth of a second, so that timers that fire late do not make it slow.
 *
 * <p><b>Threads</b>: main context, but for {@link #isSet}.
 */
final class RateLimit {

  private static final double NANOS = 1e9;
  private static final int STEPS_PER_SECOND = 10;

  /** What may be caught up: a step's worth of time. */
  private static final long STEP_NANOS = (long) (NANOS / STEPS_PER_SECOND);

  private volatile @Nullable Long bytesPerSecond;
  private long freeAtNanos;

  RateLimit(@Nullable Long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    freeAtNanos = nowNanos;
  }

  /** Whether there is a limit at all. Any thread. */
  boolean isSet() {
    return bytesPerSecond != null;
  }

  /** The most that may be let go in one step: a tenth of a second's worth, at most a chunk. */
  long stepBytes() {
    Long rate = bytesPerSecond;
    return rate == null ? FileCopy.CHUNK : Math.clamp(rate / STEPS_PER_SECOND, 1, FileCopy.CHUNK);
  }

  /** How long the next bytes have to wait; 0 for not at all. */
  long waitNanos(long nowNanos) {
    return isSet() ? Math.max(0, freeAtNanos - nowNanos) : 0;
  }

  /** Lets bytes go. */
  void book(long bytes, long nowNanos) {
    Long rate = bytesPerSecond;
    if (rate != null) {
      long from = Math.max(-STEP_NANOS, freeAtNanos - nowNanos);
      freeAtNanos = nowNanos + from + (long) (bytes * NANOS / rate);
    }
  }

  /** Takes back what was let go and did not move. */
  void unbook(long bytes) {
    Long rate = bytesPerSecond;
    if (rate != null) {
      freeAtNanos -= (long) (bytes * NANOS / rate);
    }
  }

  /** Changes it: what was booked is waited for no longer than it would be at the new rate. */
  void change(@Nullable Long newRate, long nowNanos) {
    Long rate = bytesPerSecond;
    long left = waitNanos(nowNanos);
    if (rate != null && newRate != null) {
      left = Math.min(left, (long) (left * (double) rate / (double) newRate));
    }
    freeAtNanos = nowNanos + (newRate == null ? 0 : left);
    bytesPerSecond = newRate;
  }
}
