package dev.asyncops.operations;

import dev.asyncops.async.Ticker;
import dev.asyncops.files.FileCopy;
import org.jspecify.annotations.Nullable;

/**
 * The bandwidth of one copy: each step books its bytes and is told how long to wait for its turn.
 * Main context only.
 */
final class CopyPace {

  private static final double NANOS = 1e9;
  private static final int STEPS_PER_SECOND = 10;

  private final Ticker ticker;
  private final @Nullable Long bytesPerSecond;
  private long freeAt;

  CopyPace(Ticker ticker, @Nullable Long bytesPerSecond) {
    this.ticker = ticker;
    this.bytesPerSecond = bytesPerSecond;
    freeAt = ticker.nanos();
  }

  /** Whether there is a limit at all. */
  boolean isLimited() {
    return bytesPerSecond != null;
  }

  /** The most that one step may move: a tenth of a second's worth, at most a chunk. */
  long stepBytes() {
    return bytesPerSecond == null
        ? FileCopy.CHUNK
        : Math.clamp(bytesPerSecond / STEPS_PER_SECOND, 1, FileCopy.CHUNK);
  }

  /** Books so many bytes and gives the wait until they may be moved, in nanoseconds; none for 0. */
  long book(long bytes) {
    if (bytesPerSecond == null || bytes == 0) {
      return 0;
    }
    long now = ticker.nanos();
    long turn = Math.max(0, freeAt - now);
    freeAt = now + turn + (long) (bytes * NANOS / bytesPerSecond);
    return turn;
  }
}
