package dev.asyncops.async;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Handlers come and go while somebody cancels. */
public class CancellableRaces {

  private CancellableRaces() {}

  // Results: how often each of the two cancels won, how often the handler ran in all.

  /** Two cancels: one of them wins and runs the handler (C1, C3). */
  @JCStressTest
  @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "The first was first.")
  @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "The second was first.")
  @Outcome(expect = FORBIDDEN, desc = "Two winners or none, or not one run.")
  @State
  public static class CancelAndCancel {

    private final Cancellable cancellable = new Cancellable();
    private int runs;

    /** The handler is there from the beginning. */
    public CancelAndCancel() {
      cancellable.connect(() -> runs++);
    }

    @Actor
    public void first(ZZI_Result r) {
      r.r1 = cancellable.cancel();
    }

    @Actor
    public void second(ZZI_Result r) {
      r.r2 = cancellable.cancel();
    }

    @Arbiter
    public void count(ZZI_Result r) {
      r.r3 = runs;
    }
  }

  // Results: how often the handler ran, how often its hook.

  /** A handler that connects while somebody cancels runs once all the same (C7, C8, C14). */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Run once, by whichever thread.")
  @Outcome(expect = FORBIDDEN, desc = "Never run, run twice, or not released once.")
  @State
  public static class ConnectAndCancel {

    private final Cancellable cancellable = new Cancellable();
    private int runs;
    private int releases;

    @Actor
    public void connect() {
      cancellable.connect(() -> runs++, () -> releases++);
    }

    @Actor
    public void cancel() {
      cancellable.cancel();
    }

    @Arbiter
    public void count(II_Result r) {
      r.r1 = runs;
      r.r2 = releases;
    }
  }

  // Results: how often the handler had begun and ended when disconnecting returned, how often it
  // ran in all, how often its hook.

  /** Once disconnecting returns, the handler is not running and never will be (C11, C14). */
  @JCStressTest
  @Outcome(id = "0, 0, 0, 1", expect = ACCEPTABLE, desc = "Taken back before its turn.")
  @Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "Run, and disconnecting waited for it.")
  @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "Still running after disconnecting.")
  @Outcome(id = "0, 0, 1, .*", expect = FORBIDDEN, desc = "Run after disconnecting.")
  @Outcome(expect = FORBIDDEN, desc = "Run twice, or not released once.")
  @State
  public static class ConnectAndDisconnectAndCancel {

    private final Cancellable cancellable = new Cancellable();
    private int begun;
    private int ended;
    private int releases;

    private void handle() {
      begun++;
      Thread.onSpinWait();
      ended++;
    }

    @Actor
    public void connectAndDisconnect(IIII_Result r) {
      Registration registration = cancellable.connect(this::handle, () -> releases++);
      registration.close();
      r.r1 = begun;
      r.r2 = ended;
    }

    @Actor
    public void cancel() {
      cancellable.cancel();
    }

    @Arbiter
    public void count(IIII_Result r) {
      r.r3 = begun;
      r.r4 = releases;
    }
  }

  // Results: whether the child was cancelled when closing it returned, and at the end; how many
  // handlers its parent has left.

  /** A closed child is not cancelled any more and leaves nothing in its parent (C23). */
  @JCStressTest
  @Outcome(id = "false, false, 0", expect = ACCEPTABLE, desc = "Closed first.")
  @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "Cancelled first.")
  @Outcome(id = "false, true, .*", expect = FORBIDDEN, desc = "Cancelled after it was closed.")
  @Outcome(expect = FORBIDDEN, desc = "A handler was left behind.")
  @State
  public static class CloseChildAndCancelParent {

    private final Cancellable parent = new Cancellable();
    private final LinkedCancellable child = parent.linked();

    @Actor
    public void close(ZZI_Result r) {
      child.close();
      r.r1 = child.isCancelled();
    }

    @Actor
    public void cancel() {
      parent.cancel();
    }

    @Arbiter
    public void count(ZZI_Result r) {
      r.r2 = child.isCancelled();
      r.r3 = parent.handlerCount();
    }
  }
}
