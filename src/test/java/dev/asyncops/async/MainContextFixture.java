package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A main context that the test drives by hand, on a clock that the test moves.
 *
 * <p>After each test it dispatches what is left and checks that no callback threw, unless the test
 * expected it, and that every task made here was completed.
 */
public final class MainContextFixture implements AfterEachCallback {

  private static final int MANY_ITERATIONS = 1_000_000;

  private final AtomicInteger unreturned = new AtomicInteger();
  private final ManualTicker ticker = new ManualTicker();
  private final MainContext context =
      new MainContext(
          "test",
          ticker,
          new MainContextListener() {
            @Override
            public void taskUnreturned() {
              unreturned.incrementAndGet();
            }
          });
  private final List<Task<?>> tasks = new ArrayList<>();
  private long expectedFailures;
  private @Nullable OtherThread loop;

  /** The context. */
  public MainContext context() {
    return context;
  }

  /** Its clock. */
  public ManualTicker ticker() {
    return ticker;
  }

  /** One iteration that does not block; whether anything was dispatched. */
  public boolean iterate() {
    return context.iterate(false);
  }

  /** Iterates until nothing is ready. */
  public void drain() {
    for (int i = 0; iterate(); i++) {
      assertThat(i).as("iterations until nothing is ready").isLessThan(MANY_ITERATIONS);
    }
  }

  /** Moves the clock on and dispatches all that is due then. */
  public void advance(Duration by) {
    ticker.advance(by);
    drain();
  }

  /** Has a thread of its own run the loop until the test ends. */
  public OtherThread runLoop() {
    OtherThread started = OtherThread.start(context::run);
    loop = started;
    return started;
  }

  /** Makes a task that the test has to bring to its end. */
  public <R extends @Nullable Object> Task<R> task(
      @Nullable Object owner, Cancellable cancellable, @Nullable TaskCallback<R> callback) {
    Task<R> task = Task.create(context, owner, cancellable, callback);
    tasks.add(task);
    return task;
  }

  /** Says that so many more callbacks throw on purpose. */
  public void expectFailures(long more) {
    expectedFailures += more;
  }

  @Override
  public void afterEach(ExtensionContext test) {
    OtherThread running = loop;
    if (running != null) {
      context.quit();
      running.join();
    }
    drain();
    assertThat(context.failureCount()).as("callbacks that threw").isEqualTo(expectedFailures);
    assertThat(unreturned).as("tasks dropped without a return").hasValue(0);
    assertThat(tasks).as("tasks made").allMatch(Task::isCompleted);
  }
}
