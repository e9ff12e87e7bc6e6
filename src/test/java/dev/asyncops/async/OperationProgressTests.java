package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OperationProgressTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  private final List<String> heard = new ArrayList<>();
  private final OperationProgress progress =
      new OperationProgress(
          loop.context(),
          new OperationProgress.Listener() {
            @Override
            public void progressChanged() {
              heard.add("changed");
            }

            @Override
            public void itemEnded(ItemResult item) {
              heard.add(item.path());
            }
          });

  @BeforeEach
  void own() {
    loop.context().acquire();
  }

  @AfterEach
  void disown() {
    loop.context().release();
  }

  @Test
  void p1_counts_addUpAtEveryStep() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    long endedBefore = 0;
    for (int i = 0; i < 10_000; i++) {
      step(random.nextInt(4));

      long ended = 0;
      for (ItemState state : ItemState.values()) {
        ended += progress.ended(state);
      }
      assertThat(ended).isGreaterThanOrEqualTo(endedBefore);
      assertThat(progress.total()).isEqualTo(progress.pending() + ended);
      assertThat(progress.toStart()).isBetween(0L, progress.pending());
      endedBefore = ended;
    }
  }

  private void step(int kind) {
    boolean running = progress.pending() > progress.toStart();
    switch (kind) {
      case 0 -> progress.found(2, 10);
      case 1 -> progress.started(Math.min(1, progress.toStart()));
      case 2 -> progress.ended(ItemState.FAILED, running ? 1 : 0);
      default -> progress.ended(ItemState.SUCCEEDED, running ? 1 : 0);
    }
  }

  @Test
  void p3_p5_work_isOverWhenNothingIsLeftToFindToStartOrToWaitFor() {
    progress.found(1, 0);
    boolean found = progress.isOver();
    progress.started(1);
    boolean started = progress.isOver();
    progress.ended(ItemResult.of("data:a", ItemState.SUCCEEDED));
    boolean unscanned = progress.isOver();
    progress.scanned();

    assertThat(List.of(found, started, unscanned)).containsOnly(false);
    assertThat(progress.isOver()).isTrue();
  }

  @Test
  void p12_nothingToDo_isOverOnceScanned() {
    progress.found(0, 0);
    progress.scanned();

    assertThat(progress.isOver()).isTrue();
    assertThat(progress.total()).isZero();
  }

  @Test
  void p2_p4_join_addsToTheCounts() {
    progress.found(2, 0);
    progress.started(1);
    progress.scanned();

    progress.reopen();
    progress.found(3, 0);
    progress.scanned();

    assertThat(progress.total()).isEqualTo(5);
    assertThat(progress.pending()).isEqualTo(5);
    assertThat(progress.toStart()).isEqualTo(4);
  }

  @Test
  void p10_cancel_countsWhatWasNotStartedAndWaitsForTheRest() {
    progress.found(5, 0);
    progress.scanned();
    progress.started(2);

    progress.cancelUnstarted();
    boolean over = progress.isOver();
    progress.ended(ItemState.SUCCEEDED, 2);

    assertThat(over).isFalse();
    assertThat(progress.isOver()).isTrue();
    assertThat(progress.ended(ItemState.CANCELLED)).isEqualTo(3);
    assertThat(progress.ended(ItemState.SUCCEEDED)).isEqualTo(2);
  }

  @Test
  void p11_everyChange_isHeardOfAndAnItemBeforeItsChange() {
    progress.found(2, 8);
    progress.scanned();
    progress.scanned();
    progress.phase("DELETING");
    progress.phase("DELETING");
    progress.started(2);
    progress.movedBytes(4);
    progress.ended(ItemResult.of("data:a", ItemState.SUCCEEDED));
    progress.ended(
        ItemResult.failed("data:b", new OperationException(ErrorCode.NOT_FOUND, "Gone.")));

    assertThat(heard)
        .containsExactly(
            "changed", "changed", "changed", "changed", "changed", "data:a", "changed", "data:b",
            "changed");
    assertThat(progress.phase()).isEqualTo("DELETING");
    assertThat(progress.isScanned()).isTrue();
  }

  @Test
  void k7_bytes_neverExceedTheirTotalNorOverflow() {
    progress.found(1, 10);
    progress.movedBytes(15);
    long grown = progress.bytesTotal();

    progress.found(2, Long.MAX_VALUE);
    progress.movedBytes(Long.MAX_VALUE);

    assertThat(grown).isEqualTo(15);
    assertThat(progress.bytesTotal()).isEqualTo(Long.MAX_VALUE);
    assertThat(progress.bytesDone()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void p1_countsThatCannotBe_areRefusedAndChangeNothing() {
    progress.found(2, 0);
    progress.started(1);

    assertThatIllegalStateException().isThrownBy(() -> progress.started(2));
    assertThatIllegalStateException().isThrownBy(() -> progress.started(-1));
    assertThatIllegalStateException().isThrownBy(() -> progress.ended(ItemState.FAILED, 2));
    assertThatIllegalStateException().isThrownBy(() -> progress.found(-1, 0));
    assertThatIllegalStateException().isThrownBy(() -> progress.movedBytes(-1));
    progress.scanned();
    assertThatIllegalStateException().isThrownBy(() -> progress.found(1, 0));

    assertThat(progress.total()).isEqualTo(2);
    assertThat(progress.pending()).isEqualTo(2);
    assertThat(progress.toStart()).isEqualTo(1);
  }

  @Test
  void m2_anotherThread_mayNotEvenRead() {
    OtherThread.run(() -> {
      assertThatIllegalStateException().isThrownBy(progress::total);
      assertThatIllegalStateException().isThrownBy(() -> progress.found(1, 1));
      assertThatIllegalStateException().isThrownBy(() -> progress.phase("X"));
    });
  }
}
