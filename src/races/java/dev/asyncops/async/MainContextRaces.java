package dev.asyncops.async;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Entries are posted and taken back while the loop parks, dispatches or closes. */
public class MainContextRaces {

  private MainContextRaces() {}

  // Result: whether the entry ran.

  /** An entry that is posted while the loop is going to sleep wakes it (M3). */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "Dispatched without anything else happening.")
  @Outcome(
      id = "false",
      expect = FORBIDDEN,
      desc = "The wake-up was lost, and a timeout came to help.")
  @State
  public static class PostAndPark {

    private static final Duration FAR_TOO_LATE = Duration.ofSeconds(20);

    private final MainContext context = new MainContext("race");
    private boolean ran;
    private boolean late;

    @Actor
    public void park(Z_Result r) {
      context.after(FAR_TOO_LATE, "too late", () -> late = true);
      while (!ran && !late) {
        context.iterate(true);
      }
      r.r1 = !late;
    }

    @Actor
    public void post() {
      context.post(() -> ran = true);
    }
  }

  // Results: whether it was accepted, how often it ran, how often its hook.

  /** What a closing context accepts it runs, and what it refuses it releases (M14, M21). */
  @JCStressTest
  @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "Accepted, and drained.")
  @Outcome(id = "false, 0, 1", expect = ACCEPTABLE, desc = "Refused, and released.")
  @Outcome(expect = FORBIDDEN, desc = "Dropped silently, or run although refused, or kept.")
  @State
  public static class PostAndClose {

    private final MainContext context = new MainContext("race");
    private int runs;
    private int releases;

    @Actor
    public void post(ZII_Result r) {
      try {
        context.post(Priority.DEFAULT, "entry", () -> runs++, () -> releases++);
        r.r1 = true;
      } catch (RejectedExecutionException e) {
        r.r1 = false;
      }
    }

    @Actor
    public void close() {
      context.close();
    }

    @Arbiter
    public void count(ZII_Result r) {
      r.r2 = runs;
      r.r3 = releases;
    }
  }

  /** The same, with a loop that is running and drains itself (M14, M21). */
  @JCStressTest
  @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "Accepted, and run or drained.")
  @Outcome(id = "false, 0, 1", expect = ACCEPTABLE, desc = "Refused, and released.")
  @Outcome(expect = FORBIDDEN, desc = "Dropped silently, or run although refused, or kept.")
  @State
  public static class PostAndCloseWhileRunning {

    private final MainContext context = new MainContext("race");
    private int runs;
    private int releases;

    @Actor
    public void run() {
      try {
        context.run();
      } catch (IllegalStateException e) {
        // It was closed before this thread came, and the closing thread is draining it (M19).
      }
    }

    @Actor
    public void postAndClose(ZII_Result r) {
      try {
        context.post(Priority.DEFAULT, "entry", () -> runs++, () -> releases++);
        r.r1 = true;
      } catch (RejectedExecutionException e) {
        r.r1 = false;
      }
      context.close();
    }

    @Arbiter
    public void count(ZII_Result r) {
      r.r2 = runs;
      r.r3 = releases;
    }
  }

  // Results: how often the entry ran, how often its hook.

  /** An entry that is taken back while it is dispatched runs or not, and is released once (M14). */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Taken back before its turn.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Dispatched first.")
  @Outcome(expect = FORBIDDEN, desc = "Run twice, or not released once.")
  @State
  public static class TakeBackAndDispatch {

    private final MainContext context = new MainContext("race");
    private int runs;
    private int releases;
    private final Registration entry =
        context.post(Priority.DEFAULT, "entry", () -> runs++, () -> releases++);

    @Actor
    public void takeBack() {
      entry.close();
    }

    @Actor
    public void dispatch() {
      context.iterate(false);
    }

    @Arbiter
    public void count(II_Result r) {
      r.r1 = runs;
      r.r2 = releases;
    }
  }
}
