package dev.asyncops.operations;

import dev.asyncops.async.Registration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bandwidth of one copy: its own limit, and its share in that of the service. What wants to
 * move bytes waits here until it may, first come first served, and books what it moves.
 *
 * <p>Both limits may change at any time, and count at once for what waits.
 *
 * <p><b>Threads</b>: main context, but for {@link #isLimited} and {@link #nowNanos}.
 */
final class CopyPace implements AutoCloseable {

  /** What is let go when there is no limit: as much as there is. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private record Wanted(long bytes, LongConsumer go) {}

  private final Bandwidth bandwidth;
  private final long number;
  private final RateLimit own;
  private final Deque<Wanted> waiting = new ArrayDeque<>();
  private Registration timer = Registration.inert();
  private boolean inLine;
  private long served;

  /**
   * A pace.
   *
   * @param number decides between two that had the same share
   */
  CopyPace(Bandwidth bandwidth, long number, @Nullable Long bytesPerSecond) {
    this.bandwidth = bandwidth;
    this.number = number;
    own = new RateLimit(bytesPerSecond, bandwidth.nowNanos());
  }

  /** The time it is measured by. Any thread. */
  long nowNanos() {
    return bandwidth.nowNanos();
  }

  /** Whether there is a limit, of the copy or of the service. Any thread. */
  boolean isLimited() {
    return own.isSet() || bandwidth.isLimited();
  }

  /** Limits the copy from now on; null for not at all. */
  void limit(@Nullable Long bytesPerSecond) {
    own.change(bytesPerSecond, bandwidth.nowNanos());
    goOn();
  }

  /**
   * Lets somebody move bytes as soon as he may; what moves nothing waits for nobody.
   *
   * @param bytes how many he would
   * @param go hears how many he may, in this call or later; {@link #UNLIMITED} if there is no limit
   */
  void await(long bytes, LongConsumer go) {
    if (!isLimited()) {
      go.accept(UNLIMITED);
    } else if (bytes == 0) {
      go.accept(0);
    } else {
      waiting.add(new Wanted(bytes, go));
      goOn();
    }
  }

  /** Tells what became of bytes that were let go; those that did not move are free again. */
  void moved(long letGo, long bytes) {
    if (letGo != UNLIMITED && bytes < letGo) {
      own.unbook(letGo - bytes);
      bandwidth.unbook(letGo - bytes);
      goOn();
    }
  }

  /** Sends all who wait away, with nothing. */
  @Override
  public void close() {
    timer.close();
    if (inLine) {
      inLine = false;
      bandwidth.leave(this);
    }
    Deque<Wanted> sent = new ArrayDeque<>(waiting);
    waiting.clear();
    sent.forEach(wanted -> wanted.go.accept(0));
  }

  private void goOn() {
    if (isReady()) {
      bandwidth.await(this);
    }
  }

  // ---- For the bandwidth

  long number() {
    return number;
  }

  /** How many bytes it had; of one that was idle meanwhile, as many as the others. */
  long served() {
    return served;
  }

  void atLeastServed(long bytes) {
    inLine = true;
    served = Math.max(served, bytes);
  }

  /** Whether it has to enter; if only its own limit is in the way, it comes by itself later. */
  boolean isReady() {
    timer.close();
    if (waiting.isEmpty() || inLine) {
      return false;
    }
    long wait = own.waitNanos(bandwidth.nowNanos());
    if (wait > 0) {
      timer = bandwidth.after(wait, this::goOn);
    }
    return wait == 0;
  }

  /** Its turn: returns how many bytes the first one who waits may move. */
  long book(long atMost) {
    long wanted = waiting.getFirst().bytes;
    long bytes = Math.min(wanted, Math.min(atMost, own.stepBytes()));
    own.book(bytes, bandwidth.nowNanos());
    served += bytes;
    inLine = false;
    return bytes;
  }

  /** Lets that one go. */
  void letGo(long bytes) {
    waiting.remove().go.accept(bytes);
  }
}
