package dev.asyncops.http;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Snapshots;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import reactor.core.publisher.Flux;

/** Streams are opened while what they are about is published. */
public class EventHubRaces {

  private static final OperationSnapshot QUEUED =
      Snapshots.of(new OperationId(new UUID(0x7000L, 0x8000_0000_0000_0000L)), "copy");
  private static final OperationSnapshot RUNNING = Snapshots.with(QUEUED, OperationState.RUNNING);
  private static final OperationSnapshot OVER = Snapshots.with(RUNNING, OperationState.SUCCEEDED);

  private EventHubRaces() {}

  /** A hub, and a life that is published as the registry does it: first shown, then told. */
  private static class Life {

    final EventHub hub = new EventHub(2, 7, new AtOnce());
    private volatile OperationSnapshot newest = QUEUED;

    /** What the client was told, in the order in which it was; not guarded, on purpose. */
    private String told = "";

    void live() {
      publish(RUNNING);
      publish(OVER);
    }

    private void publish(OperationSnapshot after) {
      OperationSnapshot before = newest;
      newest = after;
      hub.published(before, after);
    }

    Flux<StreamEvent> events(@Nullable String lastEventId) {
      return hub.operation(QUEUED, lastEventId, () -> newest);
    }

    void listen(Flux<StreamEvent> events) {
      events.subscribe(this::hear, error -> told += error, () -> told += "over");
    }

    void await() {
      hub.next(QUEUED, () -> newest)
          .subscribe(operation -> told += operation.revision() + " ", error -> told += error);
    }

    private void hear(StreamEvent event) {
      if (event instanceof OperationEvent one) {
        told += one.name().text() + " " + one.position() + " ";
      }
    }

    void tell(LI_Result r) {
      r.r1 = told.strip();
      r.r2 = hub.subscribers();
    }
  }

  // Results: what the client was told, and how many streams are left.

  /** Whoever comes sees each state once, in order, and the end, from where he came in. */
  @JCStressTest
  @Outcome(id = "snapshot 1 state 2 end 3 over, 0", expect = ACCEPTABLE, desc = "Came first.")
  @Outcome(id = "snapshot 2 end 3 over, 0", expect = ACCEPTABLE, desc = "Came in the middle.")
  @Outcome(id = "snapshot 3 end 3 over, 0", expect = ACCEPTABLE, desc = "Came last.")
  @Outcome(expect = FORBIDDEN, desc = "Something was left out, or told twice, or too late.")
  @State
  public static class SubscribeAndPublish extends Life {

    @Actor
    public void publish() {
      live();
    }

    @Actor
    public void subscribe() {
      listen(events(null));
    }

    @Arbiter
    public void read(LI_Result r) {
      tell(r);
    }
  }

  /** Whoever comes back while somebody else listens is told all that he missed. */
  @JCStressTest
  @Outcome(id = "state 2 end 3 over, 0", expect = ACCEPTABLE, desc = "Each once, in order.")
  @Outcome(expect = FORBIDDEN, desc = "Something was left out, or told twice, or too late.")
  @State
  public static class ComeBackAndPublish extends Life {

    private static final String LAST = EventIds.ofOperation(7, QUEUED.id()).at(1);

    /** Somebody else. */
    public ComeBackAndPublish() {
      events(null).subscribe();
    }

    @Actor
    public void publish() {
      live();
    }

    @Actor
    public void comeBack() {
      listen(events(LAST));
    }

    @Arbiter
    public void read(LI_Result r) {
      tell(r);
    }
  }

  /** Whoever waits for a change hears of one. */
  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "The first.")
  @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "The end: the first had been before.")
  @Outcome(expect = FORBIDDEN, desc = "He was not told, or more than once.")
  @State
  public static class AwaitAndPublish extends Life {

    @Actor
    public void publish() {
      live();
    }

    @Actor
    public void awaitChange() {
      await();
    }

    @Arbiter
    public void read(LI_Result r) {
      tell(r);
    }
  }
}
