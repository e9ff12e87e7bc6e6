package dev.asyncops.async;

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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * From making a task to its callback's having taken the value: the whole life of an operation that
 * does nothing.
 *
 * <p>An operation is one task. Batches and pings as in {@link PostBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class TaskBenchmark {

  /** What stands for the result. */
  @Param public Completion by;

  private final Runnable completeAll = this::completeAll;

  private Batch batch;
  private Completion.Running running;
  private Runnable complete;

  /** Starts the thread. */
  @Setup
  public void start(BenchmarkParams params) {
    batch = new Batch(params.getOpsPerInvocation());
    running = by.start(batch::ran);
    complete = running.complete();
  }

  /** Stops it. */
  @TearDown
  public void stop() throws Exception {
    running.stop().close();
  }

  /** A batch that another thread makes and returns. */
  @Benchmark
  @OperationsPerInvocation(Batch.SIZE)
  public void batchFromAnotherThread() {
    completeAll();
    batch.await();
  }

  /** A batch that a callback makes and returns. */
  @Benchmark
  @OperationsPerInvocation(Batch.SIZE)
  public void batchFromTheSameThread() {
    running.executor().execute(completeAll);
    batch.await();
  }

  /** One task from another thread, and the next when its callback has run. */
  @Benchmark
  public void pingFromAnotherThread() {
    complete.run();
    batch.await();
  }

  private void completeAll() {
    for (int i = 0; i < Batch.SIZE; i++) {
      complete.run();
    }
  }
}
