package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Posting, and the order in which a context dispatches. */
class MainContextTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  private final MainContext context = loop.context();
  private final List<String> ran = new ArrayList<>();

  @Test
  void m5_iteration_dispatchesOnlyTheBestPriority() {
    post(Priority.DEFAULT, "default");
    post(Priority.HIGH, "high 1");
    post(Priority.HIGH, "high 2");

    boolean dispatched = loop.iterate();

    assertThat(dispatched).isTrue();
    assertThat(ran).containsExactly("high 1", "high 2");
  }

  @Test
  void m5_entryPostedDuringBatch_waitsForLaterIterationEvenIfMoreUrgent() {
    context.post(Priority.DEFAULT, "first", () -> post(Priority.HIGH, "high"));
    post(Priority.DEFAULT, "second");

    loop.iterate();
    List<String> afterOne = List.copyOf(ran);
    loop.iterate();

    assertThat(afterOne).containsExactly("second");
    assertThat(ran).containsExactly("second", "high");
  }

  @Test
  void m5_nothingReady_dispatchesNothing() {
    boolean dispatched = loop.iterate();

    assertThat(dispatched).isFalse();
  }

  @Test
  void m6_endlessStreamOfOnePriority_starvesWorseOnesVisibly() {
    post(Priority.LOW, "low");
    AtomicInteger rounds = new AtomicInteger();
    repost(rounds, 1000);

    for (int i = 0; i < 1000; i++) {
      loop.iterate();
      loop.ticker().advance(Duration.ofMillis(1));
    }

    assertThat(rounds).hasValue(1000);
    assertThat(ran).isEmpty();
    assertThat(context.oldestWait(Priority.LOW)).isEqualTo(Duration.ofSeconds(1));
    assertThat(context.oldestWait(Priority.HIGH)).isZero();
  }

  private void repost(AtomicInteger rounds, int limit) {
    context.post(
        Priority.DEFAULT,
        () -> {
          if (rounds.incrementAndGet() < limit) {
            repost(rounds, limit);
          }
        });
  }

  @Test
  void m7_equalPriority_isFirstInFirstOut() {
    IntStream.range(0, 100).forEach(i -> post(Priority.DEFAULT, "entry " + i));

    loop.iterate();

    assertThat(ran).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "entry " + i).toList());
  }

  @Test
  void m7_eachOfManyProducers_keepsItsOwnOrder() {
    int producers = 4;
    int each = 5_000;
    List<List<Integer>> seen = new ArrayList<>();
    List<OtherThread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      List<Integer> mine = new ArrayList<>();
      seen.add(mine);
      threads.add(
          OtherThread.start(
              () -> IntStream.range(0, each).forEach(i -> context.post(() -> mine.add(i)))));
    }

    while (seen.stream().mapToInt(List::size).sum() < producers * each) {
      context.iterate(true);
    }

    threads.forEach(OtherThread::join);
    List<Integer> ordered = IntStream.range(0, each).boxed().toList();
    assertThat(seen).allSatisfy(mine -> assertThat(mine).isEqualTo(ordered));
  }

  @Test
  void m8_callbackThatRepostsItself_letsItsPeersRunFirst() {
    context.post(
        Priority.DEFAULT,
        () -> {
          ran.add("self");
          context.post(Priority.DEFAULT, () -> ran.add("self again"));
        });
    post(Priority.DEFAULT, "peer 1");
    post(Priority.DEFAULT, "peer 2");

    loop.drain();

    assertThat(ran).containsExactly("self", "peer 1", "peer 2", "self again");
  }

  @Test
  void m9_priorities_areThoseOfGlibAndSmallerIsSooner() {
    assertThat(Priority.values())
        .extracting(Priority::value)
        .containsExactly(-100, 0, 100, 200, 300);

    List<Priority> reversed = Arrays.asList(Priority.values()).reversed();
    reversed.forEach(priority -> post(priority, priority.name()));
    loop.drain();

    assertThat(ran).containsExactly("HIGH", "DEFAULT", "HIGH_IDLE", "DEFAULT_IDLE", "LOW");
  }

  @Test
  void m9_defaults_areIdleForPostAndDefaultForTheRest() {
    context.post(() -> ran.add("post"));
    context.after(Duration.ZERO, "timeout", () -> ran.add("timeout"));
    OtherThread.run(() -> context.invoke(() -> ran.add("invoke")));
    post(Priority.HIGH_IDLE, "between");

    assertThat(context.queueDepths())
        .containsEntry(Priority.DEFAULT, 1)
        .containsEntry(Priority.DEFAULT_IDLE, 1);
    loop.drain();

    assertThat(ran).containsExactly("invoke", "timeout", "between", "post");
  }

  @Test
  void m10_invokeByOwner_runsAtOnceEvenInsideCallback() {
    context.post(() -> {
      ran.add("before");
      context.invoke(() -> ran.add("invoked"));
      ran.add("after");
    });

    loop.drain();

    assertThat(ran).containsExactly("before", "invoked", "after");
  }

  @Test
  void m10_invokeByAnotherThread_isPosted() {
    context.acquire();

    OtherThread.run(() -> context.invoke(() -> ran.add("invoked")));
    List<String> beforeIteration = List.copyOf(ran);
    context.release();
    loop.drain();

    assertThat(beforeIteration).isEmpty();
    assertThat(ran).containsExactly("invoked");
  }

  @Test
  void m11_post_neverRunsInlineEvenForTheOwner() {
    context.post(() -> {
      post(Priority.HIGH, "posted");
      ran.add("after the post");
    });

    loop.drain();

    assertThat(ran).containsExactly("after the post", "posted");
  }

  @Test
  void m14_entryRemovedBeforeItsTurn_neverRuns() {
    AtomicInteger released = new AtomicInteger();
    Registration entry =
        context.post(Priority.DEFAULT, "e", () -> ran.add("e"), released::incrementAndGet);

    entry.close();
    entry.close();
    loop.drain();

    assertThat(ran).isEmpty();
    assertThat(released).hasValue(1);
  }

  @Test
  void m14_entryRemovedByAnEarlierOneOfItsBatch_neverRuns() {
    List<Registration> later = new ArrayList<>();
    AtomicInteger released = new AtomicInteger();
    context.post(Priority.DEFAULT, "remover", () -> later.forEach(Registration::close));
    later.add(context.post(Priority.DEFAULT, "e", () -> ran.add("e"), released::incrementAndGet));

    loop.drain();

    assertThat(ran).isEmpty();
    assertThat(released).hasValue(1);
  }

  @Test
  void m14_entryThatRan_isReleasedOnceAlsoIfRemovedInsideAndLater() {
    List<Registration> self = new ArrayList<>();
    Runnable removesItself = () -> self.forEach(Registration::close);
    self.add(context.post(Priority.DEFAULT, "e", removesItself, () -> ran.add("released")));

    loop.drain();
    self.forEach(Registration::close);

    assertThat(ran).containsExactly("released");
  }

  @Test
  void m14_removalFromAnotherThread_eitherLosesOrPreventsTheRunAndReleasesOnce() {
    for (int i = 0; i < 2_000; i++) {
      AtomicInteger runs = new AtomicInteger();
      AtomicInteger released = new AtomicInteger();
      CountDownLatch go = new CountDownLatch(1);
      Registration entry =
          context.post(Priority.DEFAULT, "e", runs::incrementAndGet, released::incrementAndGet);
      OtherThread remover =
          OtherThread.start(() -> {
            OtherThread.await(go);
            entry.close();
          });

      go.countDown();
      boolean dispatched = loop.iterate();

      remover.join();
      assertThat(runs).hasValue(dispatched ? 1 : 0);
      assertThat(released).hasValue(1);
    }
  }

  @Test
  void m22_posting_hasNoLimitAndItsDepthIsKnown() {
    IntStream.range(0, 200_000).forEach(i -> context.post(Priority.LOW, () -> {}));

    assertThat(context.queueDepths()).containsEntry(Priority.LOW, 200_000);
    loop.iterate();

    assertThat(context.queueDepths().values()).containsOnly(0);
  }

  @Test
  void m23_posting_costsTheSameHoweverLongTheQueueIs() {
    long shortQueue = medianNanosOfPosting(10_000);
    post(Priority.LOW, "first");
    IntStream.range(0, 300_000).forEach(i -> context.post(Priority.LOW, () -> {}));

    long longQueue = medianNanosOfPosting(10_000);

    assertThat(longQueue).isLessThan(20 * shortQueue + 1_000);
    loop.drain();
  }

  /** The median of ten rounds, for one post. */
  private long medianNanosOfPosting(int posts) {
    long[] rounds = new long[11];
    for (int round = 0; round < rounds.length; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < posts; i++) {
        context.post(Priority.HIGH, () -> {});
      }
      rounds[round] = (System.nanoTime() - begin) / posts;
      loop.iterate();
    }
    Arrays.sort(rounds);
    return rounds[rounds.length / 2];
  }

  @Test
  void post_refusesWhatIsNull() {
    assertThatNullPointerException().isThrownBy(() -> context.post(Priority.HIGH, nothing()));
  }

  @SuppressWarnings("NullAway") // a caller that is wrong
  private static Runnable nothing() {
    return null;
  }

  private void post(Priority priority, String what) {
    context.post(priority, what, () -> ran.add(what));
  }
}
