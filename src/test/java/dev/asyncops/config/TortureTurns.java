package dev.asyncops.config;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The service as clients have it: there for a turn, then gone, then there again.
 *
 * <p><b>Threads</b>: any.
 */
final class TortureTurns {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  // Guarded by this.
  private @Nullable ServiceProcess service;
  private int left;
  private boolean last;

  /** A service is there, and clients may do so many things. */
  synchronized void begin(ServiceProcess begun, int actions) {
    service = begun;
    left = actions;
    notifyAll();
  }

  /** There is none any more. */
  synchronized void end() {
    service = null;
  }

  /** The last one is there: clients end what they have begun, and nothing more. */
  synchronized void beginLast(ServiceProcess begun) {
    last = true;
    begin(begun, 0);
  }

  /** Waits until there is something to do; false if there never will be. */
  synchronized boolean next() throws InterruptedException {
    while (!last && (service == null || left == 0)) {
      await();
    }
    left--;
    return !last;
  }

  /** Asks until there is an answer, whatever becomes of the service meanwhile. */
  <T> T ask(Function<ServiceProcess, T> question) throws InterruptedException {
    @Nullable ServiceProcess lost = null;
    while (true) {
      ServiceProcess asked = other(lost);
      try {
        return question.apply(asked);
      } catch (RuntimeException e) { // no answer
        lost = asked;
      }
    }
  }

  private synchronized ServiceProcess other(@Nullable ServiceProcess lost)
      throws InterruptedException {
    while (true) {
      ServiceProcess now = service;
      if (now != null && now != lost) {
        return now;
      }
      await();
    }
  }

  private void await() throws InterruptedException {
    long begin = System.nanoTime();
    wait(PATIENCE.toMillis());
    if (System.nanoTime() - begin >= PATIENCE.toNanos()) {
      throw new AssertionError("The service does not come back.");
    }
  }
}
