package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A thread of a test; what it throws fails the test when it is joined. */
public final class OtherThread {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** What a thread of a test does. */
  @FunctionalInterface
  public interface Body {
    /** Does it. */
    void run() throws Exception;
  }

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;

  private OtherThread(Body body) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                body.run();
              } catch (Throwable e) {
                failure.set(e);
              }
            });
  }

  /** Starts a thread. */
  public static OtherThread start(Body body) {
    return new OtherThread(body);
  }

  /** Runs something in a thread of its own and waits for it. */
  public static void run(Body body) {
    start(body).join();
  }

  /** Waits for a latch, though not for ever. */
  public static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).as("signal came").isTrue();
  }

  /** Waits until the thread has parked, blocked or ended. */
  public void awaitWaiting() {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.NEW) {
      assertThat(System.nanoTime()).as("time-out").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  public Thread thread() {
    return thread;
  }

  /** Waits for its end; fails if it failed. */
  public void join() {
    try {
      assertThat(thread.join(LIMIT)).as("thread ended").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("The other thread failed.", thrown);
    }
  }
}
