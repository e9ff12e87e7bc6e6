package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Entries that are dispatched when a cancellable is cancelled. */
class CancelledEntryTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  private final MainContext context = loop.context();
  private final Cancellable cancellable = new Cancellable();
  private final List<String> ran = new ArrayList<>();

  @Test
  void c20_cancel_dispatchesTheEntryInTheContextNotInTheCancellingThread() {
    context.onCancelled(
        cancellable, Priority.DEFAULT, "c", () -> ran.add(context.isOwner() ? "owner" : "other"));

    OtherThread.run(cancellable::cancel);
    List<String> afterCancel = List.copyOf(ran);
    loop.drain();

    assertThat(afterCancel).isEmpty();
    assertThat(ran).containsExactly("owner");
    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void c20_cancelledBefore_dispatchesToo() {
    cancellable.cancel();

    attach(cancellable);
    List<String> afterAttaching = List.copyOf(ran);
    loop.drain();

    assertThat(afterAttaching).isEmpty();
    assertThat(ran).containsExactly("cancelled");
  }

  @Test
  void c20_none_neverDispatches() {
    Registration registration = attach(Cancellable.none());

    Cancellable.none().cancel();
    loop.drain();
    registration.close();

    assertThat(ran).isEmpty();
  }

  @Test
  void c20_closedEntry_neverRunsAndLeavesNoHandler() {
    Registration before = attach(cancellable);
    Registration between = attach(cancellable);

    before.close();
    cancellable.cancel();
    between.close();
    loop.drain();

    assertThat(ran).isEmpty();
    assertThat(cancellable.handlerCount()).isZero();
  }

  @Test
  void c20_closingWhileAnotherThreadCancels_isSafe() {
    for (int i = 0; i < 2_000; i++) {
      Cancellable raced = new Cancellable();
      AtomicInteger runs = new AtomicInteger();
      Registration registration =
          context.onCancelled(raced, Priority.DEFAULT, "c", runs::incrementAndGet);
      OtherThread canceller = OtherThread.start(raced::cancel);

      registration.close();
      int whenClosed = runs.get();
      canceller.join();
      loop.drain();

      assertThat(runs).hasValue(whenClosed);
    }
  }

  private Registration attach(Cancellable source) {
    return context.onCancelled(source, Priority.DEFAULT, "c", () -> ran.add("cancelled"));
  }
}
