package dev.asyncops.async;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIIII_Result;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A task is returned by one thread and delivered by another while a third cancels. Each scenario
 * has two actors, so that a machine with two cores can run it; where three things race, one actor
 * does two of them.
 */
public class TaskRaces {

  private TaskRaces() {}

  // Results: who won, what the callback took, what was released.

  /** Two returns: the first wins, the other's value is released (T1, T10). */
  @JCStressTest
  @Outcome(id = "1, 0, 1, 2", expect = ACCEPTABLE, desc = "The first actor won.")
  @Outcome(id = "0, 1, 2, 1", expect = ACCEPTABLE, desc = "The second actor won.")
  @Outcome(expect = FORBIDDEN, desc = "Not exactly one winner, or a value lost or kept twice.")
  @State
  public static class ReturnAndReturn {

    static {
      Silence.keep();
    }

    private final MainContext context = new MainContext("race");
    private final Delivery delivery = new Delivery();
    private final Task<Integer> task = delivery.task(context, Cancellable.none());

    @Actor
    public void first(IIII_Result r) {
      r.r1 = task.returnValue(1) ? 1 : 0;
    }

    @Actor
    public void second(IIII_Result r) {
      r.r2 = task.returnValue(2) ? 1 : 0;
    }

    @Arbiter
    public void deliver(IIII_Result r) {
      Delivery.drain(context);
      r.r3 = delivery.callbacks == 1 ? delivery.propagated : 100 * delivery.callbacks;
      r.r4 = delivery.released;
    }
  }

  // Results: who won, what the callback took, what was released, how often the callback ran.

  /** Two returns, a cancel and the loop, with the cancellable checked (T10, T13, T14). */
  @JCStressTest
  @Outcome(
      id = "1, 0, 1, 2, 1",
      expect = ACCEPTABLE,
      desc = "First won; delivered, then cancelled.")
  @Outcome(
      id = "1, 0, -1, 12, 1",
      expect = ACCEPTABLE,
      desc = "First won; cancelled before taking.")
  @Outcome(
      id = "1, 0, -1, 21, 1",
      expect = ACCEPTABLE,
      desc = "First won; cancelled before taking.")
  @Outcome(id = "0, 1, -1, 12, 1", expect = ACCEPTABLE, desc = "Second won, after its cancel.")
  @Outcome(id = "0, 1, -1, 21, 1", expect = ACCEPTABLE, desc = "Second won, after its cancel.")
  @Outcome(expect = FORBIDDEN, desc = "A cancel was missed, or a value was lost or released twice.")
  @State
  public static class ReturnAndReturnAndCancel {

    static {
      Silence.keep();
    }

    private final MainContext context = new MainContext("race");
    private final Cancellable cancellable = new Cancellable();
    private final Delivery delivery = new Delivery();
    private final Task<Integer> task = delivery.task(context, cancellable);

    @Actor
    public void returnAndDeliver(IIIII_Result r) {
      r.r1 = task.returnValue(1) ? 1 : 0;
      Delivery.drain(context);
    }

    @Actor
    public void cancelAndReturn(IIIII_Result r) {
      cancellable.cancel();
      r.r2 = task.returnValue(2) ? 1 : 0;
    }

    @Arbiter
    public void deliver(IIIII_Result r) {
      Delivery.drain(context);
      r.r3 = delivery.propagated;
      r.r4 = delivery.released;
      r.r5 = delivery.callbacks;
    }
  }

  // Results: what the callback took, what was released, how often the callback ran, how often the
  // data was released.

  /** A cancel ends the task early while its function is just returning it (R3, T22). */
  @JCStressTest
  @Outcome(
      id = "1, 0, 1, 1",
      expect = ACCEPTABLE,
      desc = "The function ended, then the cancel came.")
  @Outcome(
      id = "-1, 1, 1, 1",
      expect = ACCEPTABLE,
      desc = "Cancelled; the late value was released.")
  @Outcome(expect = FORBIDDEN, desc = "Delivered twice or never, or something was not released.")
  @State
  public static class ReturnOnCancelAndFunctionEnd {

    private final MainContext context = new MainContext("race");
    private final Cancellable cancellable = new Cancellable();
    private final Delivery delivery = new Delivery();
    private final Task<Integer> task = delivery.task(context, cancellable);
    private @Nullable Runnable work;

    /** The function is handed over here and run by an actor. */
    public ReturnOnCancelAndFunctionEnd() {
      task.setReturnOnCancel(true);
      task.runInThread(handed -> work = handed, run -> run.returnValue(1));
    }

    @Actor
    public void function() {
      work.run();
      Delivery.drain(context);
    }

    @Actor
    public void cancel() {
      cancellable.cancel();
    }

    @Arbiter
    public void deliver(IIII_Result r) {
      Delivery.drain(context);
      r.r1 = delivery.propagated;
      r.r2 = delivery.released;
      r.r3 = delivery.callbacks;
      r.r4 = delivery.dataReleased;
    }
  }

  /** The same, with the early end delivered while the function still runs (R3, T22). */
  @JCStressTest
  @Outcome(id = "-1, 1, 1, 1", expect = ACCEPTABLE, desc = "Cancelled; the value was released.")
  @Outcome(expect = FORBIDDEN, desc = "Delivered twice or never, or something was not released.")
  @State
  public static class EarlyDeliveryAndFunctionEnd {

    private final MainContext context = new MainContext("race");
    private final Cancellable cancellable = new Cancellable();
    private final Delivery delivery = new Delivery();
    private final Task<Integer> task = delivery.task(context, cancellable);
    private @Nullable Runnable work;

    /** The function is handed over here and run by an actor. */
    public EarlyDeliveryAndFunctionEnd() {
      task.setReturnOnCancel(true);
      task.runInThread(handed -> work = handed, run -> run.returnValue(1));
    }

    @Actor
    public void function() {
      work.run();
    }

    @Actor
    public void cancelAndDeliver() {
      cancellable.cancel();
      Delivery.drain(context);
    }

    @Arbiter
    public void deliver(IIII_Result r) {
      Delivery.drain(context);
      r.r1 = delivery.propagated;
      r.r2 = delivery.released;
      r.r3 = delivery.callbacks;
      r.r4 = delivery.dataReleased;
    }
  }

  // Results: whether the function committed, what the callback took, how often it ran, and whether
  // anything can be seen from outside.

  /** To switch return-on-cancel off is an atomic commit (R4). */
  @JCStressTest
  @Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "Committed first: the cancel is late.")
  @Outcome(id = "0, -1, 1, 0", expect = ACCEPTABLE, desc = "Cancelled first: nothing was done.")
  @Outcome(expect = FORBIDDEN, desc = "What is reported is not what was done.")
  @State
  public static class CommitAndCancel {

    private final MainContext context = new MainContext("race");
    private final Cancellable cancellable = new Cancellable();
    private final Delivery delivery = new Delivery();
    private final Task<Integer> task = delivery.task(context, cancellable);
    private boolean committed;
    private int visible;
    private @Nullable Runnable work;

    /** The function is handed over here and run by an actor. */
    public CommitAndCancel() {
      task.setReturnOnCancel(true);
      task.runInThread(handed -> work = handed, this::commit);
    }

    private void commit(Task<Integer> run) {
      committed = run.setReturnOnCancel(false);
      if (committed) {
        run.setCheckCancellable(false);
        visible = 1;
        run.returnValue(1);
      }
    }

    @Actor
    public void function() {
      work.run();
    }

    @Actor
    public void cancelAndDeliver() {
      cancellable.cancel();
      Delivery.drain(context);
    }

    @Arbiter
    public void deliver(IIII_Result r) {
      Delivery.drain(context);
      r.r1 = committed ? 1 : 0;
      r.r2 = delivery.propagated;
      r.r3 = delivery.callbacks;
      r.r4 = visible;
    }
  }

  // Results: what the callback read of what the returning thread wrote, and the returning thread of
  // what the callback wrote; 0 where it was too early to read.

  /** Returning publishes to the callback, and completion publishes the callback (T11). */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Not delivered yet.")
  @Outcome(id = "42, 0", expect = ACCEPTABLE, desc = "Delivered; not yet seen to be completed.")
  @Outcome(id = "42, 43", expect = ACCEPTABLE, desc = "Delivered, and seen to be completed.")
  @Outcome(expect = FORBIDDEN, desc = "One thread saw the other's step, and not what came before.")
  @State
  public static class Publication {

    private final MainContext context = new MainContext("race");
    private int written;
    private int read;
    private int answered;
    private final Task<Integer> task =
        Task.create(context, null, Cancellable.none(), (_, _) -> answer());

    private void answer() {
      read = written == 0 ? -1 : written;
      answered = 43;
    }

    @Actor
    public void returning(II_Result r) {
      written = 42;
      task.returnValue(1);
      if (task.isCompleted()) {
        r.r2 = answered == 0 ? -1 : answered;
      }
    }

    @Actor
    public void loop(II_Result r) {
      Delivery.drain(context);
      r.r1 = read;
    }
  }
}
