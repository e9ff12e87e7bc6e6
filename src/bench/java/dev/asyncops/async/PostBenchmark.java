package dev.asyncops.async;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From posting a callback to its having run: what every completion costs at least.
 *
 * <p>An operation is one callback. Batches show what it costs when there is enough to do, the ping
 * what it takes when the loop sleeps and has to be woken.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class PostBenchmark {

  /** What runs the callbacks. */
  @Param public SingleThread on;

  private final Batch batch = new Batch(Batch.SIZE);
  private final Batch ping = new Batch(1);
  private final Runnable callback = batch::ran;
  private final Runnable pong = ping::ran;
  private final Runnable postAll = this::postAll;

  private SingleThread.Running running;
  private Executor executor;

  /** Starts the thread. */
  @Setup
  public void start() {
    running = on.start();
    executor = running.executor();
  }

  /** Stops it. */
  @TearDown
  public void stop() throws Exception {
    running.stop().close();
  }

  /** A batch that another thread posts, as workers post their completions. */
  @Benchmark
  @OperationsPerInvocation(Batch.SIZE)
  public void batchFromAnotherThread() {
    postAll();
    batch.await();
  }

  /** A batch that a callback posts, as an operation starts its items. */
  @Benchmark
  @OperationsPerInvocation(Batch.SIZE)
  public void batchFromTheSameThread() {
    executor.execute(postAll);
    batch.await();
  }

  /** One callback from another thread, and the next when it has run. */
  @Benchmark
  public void pingFromAnotherThread() {
    executor.execute(pong);
    ping.await();
  }

  private void postAll() {
    for (int i = 0; i < Batch.SIZE; i++) {
      executor.execute(callback);
    }
  }
}
