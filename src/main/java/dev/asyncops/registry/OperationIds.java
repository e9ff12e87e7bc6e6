package dev.asyncops.registry;

import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes ids: each is greater than the one before, also within a millisecond and when the clock goes
 * back.
 *
 * <p>After the time comes a counter of 12 bits that begins anywhere in its lower half (RFC 9562,
 * section 6.2, method 1); when it is used up the next millisecond is begun early. The other 62 bits
 * are random, so that an id cannot be guessed from another.
 *
 * <p><b>Threads</b>: one at a time; the registry's is the main context.
 */
public final class OperationIds {

  private static final long VERSION = 0x7000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final int COUNTER_BITS = 12;

  private final InstantSource clock;
  private final RandomGenerator random;
  private long millis = -1;
  private int counter;

  /** Ids of that clock's time; the random source should be a secure one. */
  public OperationIds(InstantSource clock, RandomGenerator random) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
  }

  /** The next id. */
  public OperationId next() {
    long now = clock.millis();
    if (now > millis) {
      begin(now);
    } else if (++counter == 1 << COUNTER_BITS) {
      begin(millis + 1);
    }
    return new OperationId(
        new UUID(millis << 16 | VERSION | counter, VARIANT | random.nextLong() >>> 2));
  }

  private void begin(long newMillis) {
    millis = newMillis;
    counter = random.nextInt(1 << (COUNTER_BITS - 1));
  }
}
