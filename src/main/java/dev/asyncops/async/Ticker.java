package dev.asyncops.async;

/**
 * A monotonic clock in nanoseconds with an arbitrary origin; only differences mean something.
 *
 * <p>Injected wherever time decides, so that a test can move it by hand.
 */
@FunctionalInterface
public interface Ticker {

  /** The current reading, in nanoseconds. */
  long nanos();

  /** The JVM's own monotonic clock. */
  static Ticker system() {
    return System::nanoTime;
  }
}
