package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContextFixture;
import dev.asyncops.files.FileCopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of copies, and of the service, on a clock that the test moves. */
class BandwidthTests {

  @RegisterExtension final MainContextFixture main = new MainContextFixture();
  private Bandwidth bandwidth;

  @BeforeEach
  void open() {
    assertThat(main.context().acquire()).isTrue();
    bandwidth = bandwidth(null);
  }

  @AfterEach
  void close() {
    main.context().release();
  }

  // ---- The limit of one copy

  @Test
  void withoutALimit_nobodyWaits() {
    Copying copy = copying(null);

    copy.wants(1).wants(Long.MAX_VALUE);

    assertThat(copy.pace.isLimited()).isFalse();
    assertThat(copy.letGo).containsExactly(CopyPace.UNLIMITED, CopyPace.UNLIMITED);
  }

  @Test
  void limitedCopy_letsGoAStepATenthOfASecond_inOrder() {
    Copying copy = copying(1000L);

    copy.wants(500).wants(30).wants(0);

    assertThat(copy.pace.isLimited()).isTrue();
    assertThat(copy.letGo).containsExactly(100L, 0L);
    millis(99);
    assertThat(copy.letGo).hasSize(2);
    millis(1);
    assertThat(copy.letGo).containsExactly(100L, 0L, 30L);
  }

  @Test
  void whatDidNotMove_isFreeForTheNext() {
    Copying copy = copying(1000L);
    copy.wants(100).wants(100);

    copy.pace.moved(100, 40);

    millis(39);
    assertThat(copy.letGo).containsExactly(100L);
    millis(1);
    assertThat(copy.letGo).containsExactly(100L, 100L);
  }

  @Test
  void whatMovedWithoutALimit_isNotBooked() {
    Copying copy = copying(null);
    copy.wants(1000);
    copy.pace.limit(1000L);

    copy.pace.moved(CopyPace.UNLIMITED, 500);
    copy.wants(1000);

    assertThat(copy.letGo).containsExactly(CopyPace.UNLIMITED, 100L);
  }

  @Test
  void liftedLimit_letsGoAllWhoWait() {
    Copying copy = copying(1L);
    copy.wants(10).wants(20L).wants(2 * FileCopy.CHUNK);

    copy.pace.limit(null);

    assertThat(copy.letGo).containsExactly(1L, 20L, FileCopy.CHUNK);
    copy.wants(10);
    assertThat(copy.letGo).endsWith(CopyPace.UNLIMITED);
  }

  @Test
  void raisedLimit_countsForThoseWhoWait() {
    Copying copy = copying(10L);
    copy.wants(1000).wants(1000);

    copy.pace.limit(10_000L);
    millis(0);
    assertThat(copy.letGo).containsExactly(1L);
    main.advance(Duration.ofNanos(100_000));

    assertThat(copy.letGo).containsExactly(1L, 1000L);
  }

  @Test
  void loweredLimit_countsForThoseWhoWait() {
    Copying copy = copying(10_000L);
    copy.wants(1000).wants(1000).wants(1000);

    copy.pace.limit(100L);

    millis(100);
    assertThat(copy.letGo).containsExactly(1000L, 10L);
    millis(99);
    assertThat(copy.letGo).hasSize(2);
    millis(1);
    assertThat(copy.letGo).containsExactly(1000L, 10L, 10L);
  }

  @Test
  void closedPace_sendsAwayAllWhoWait_withNothing() {
    Copying copy = copying(10L);
    copy.wants(5).wants(5).wants(5);

    copy.pace.close();
    millis(10_000);

    assertThat(copy.letGo).containsExactly(1L, 0L, 0L);
  }

  // ---- The limit of the service

  @Test
  void serviceLimit_isSharedEqually_howeverMuchSomebodyWants() {
    bandwidth.limit(1000L);
    Copying greedy = copying(null);
    Copying modest = copying(null);
    for (int i = 0; i < 64; i++) {
      greedy.wants(1_000_000);
    }
    for (int i = 0; i < 8; i++) {
      modest.wants(1_000_000);
    }

    seconds(1);

    assertThat(greedy.sum() + modest.sum()).isBetween(1000L, 1100L);
    assertThat(modest.sum()).isCloseTo(greedy.sum(), byAStep());
  }

  @Test
  void serviceLimit_isSharedByBytes_notByFiles() {
    bandwidth.limit(1000L);
    Copying large = copying(null);
    Copying small = copying(null);
    for (int i = 0; i < 400; i++) {
      large.wants(1_000_000);
      small.wants(2);
    }

    seconds(1);

    assertThat(small.sum()).isCloseTo(large.sum(), byAStep());
    assertThat(small.letGo).allMatch(bytes -> bytes == 2);
  }

  @Test
  void newcomer_beginsWhereTheOthersAre_andNeitherStarvesThemNorIsStarved() {
    bandwidth.limit(1000L);
    Copying old = copying(null);
    for (int i = 0; i < 100; i++) {
      old.wants(1_000_000);
    }
    seconds(3);
    long before = old.sum();
    Copying young = copying(null);
    for (int i = 0; i < 100; i++) {
      young.wants(1_000_000);
    }

    seconds(1);

    assertThat(young.sum()).isCloseTo(500, byAStep());
    assertThat(old.sum() - before).isCloseTo(500, byAStep());
  }

  @Test
  void whatOneMayNotUse_theOthersGet() {
    bandwidth.limit(1000L);
    Copying slow = copying(100L);
    Copying free = copying(null);
    for (int i = 0; i < 100; i++) {
      slow.wants(1_000_000);
      free.wants(1_000_000);
    }

    seconds(2);

    assertThat(slow.sum()).isCloseTo(200, byAStep());
    assertThat(free.sum()).isCloseTo(1800, byAStep());
  }

  @Test
  void serviceLimit_thatComes_countsForCopiesWithoutOne() {
    Copying copy = copying(null);
    copy.wants(1000);

    bandwidth.limit(1000L);
    copy.wants(1000).wants(1000);

    assertThat(copy.pace.isLimited()).isTrue();
    assertThat(copy.letGo).containsExactly(CopyPace.UNLIMITED, 100L);
  }

  @Test
  void serviceLimit_thatIsLifted_letsGoAllButThoseWithLimitsOfTheirOwn() {
    bandwidth.limit(10L);
    Copying limited = copying(1000L);
    Copying free = copying(null);
    limited.wants(500).wants(500).wants(500);
    free.wants(500).wants(500);

    bandwidth.limit(null);

    assertThat(limited.letGo).containsExactly(1L);
    assertThat(free.letGo).containsExactly(500L, 500L);
    millis(200);
    assertThat(limited.letGo).containsExactly(1L, 100L, 100L);
  }

  @Test
  void serviceLimit_thatIsLowered_countsForThoseWhoWait() {
    bandwidth.limit(10_000L);
    Copying one = copying(null);
    Copying two = copying(null);
    one.wants(1000).wants(1000);
    two.wants(1000).wants(1000);

    bandwidth.limit(100L);
    seconds(1);

    assertThat(one.letGo.getFirst()).isEqualTo(1000);
    assertThat(one.sum() - 1000 + two.sum()).isCloseTo(100, byAStep());
    assertThat(two.sum()).isPositive();
  }

  @Test
  void whatDidNotMove_isFreeForTheOthers() {
    bandwidth.limit(1000L);
    Copying failing = copying(null);
    Copying other = copying(null);
    failing.wants(100);
    other.wants(100);

    failing.pace.moved(100, 0);

    assertThat(other.letGo).containsExactly(100L);
  }

  @Test
  void closedPace_leavesItsTurnToTheOthers() {
    bandwidth.limit(1000L);
    Copying first = copying(null);
    Copying gone = copying(null);
    Copying other = copying(null);
    first.wants(100);
    gone.wants(100);
    other.wants(100);

    gone.pace.close();
    millis(100);

    assertThat(gone.letGo).containsExactly(0L);
    assertThat(other.letGo).containsExactly(100L);
  }

  @Test
  void somebodyWhoComesBackAtOnce_getsNoMoreThanHisShare() {
    bandwidth.limit(1000L);
    Copying other = copying(null);
    CopyPace again = bandwidth.open(null);
    long[] sum = new long[1];
    again(again, sum);
    for (int i = 0; i < 100; i++) {
      other.wants(1_000_000);
    }

    seconds(1);

    assertThat(sum[0]).isCloseTo(other.sum(), byAStep());
  }

  private static void again(CopyPace pace, long[] sum) {
    pace.await(
        1_000_000,
        bytes -> {
          sum[0] += bytes;
          again(pace, sum);
        });
  }

  // ---- Small words

  private Bandwidth bandwidth(@Nullable Long bytesPerSecond) {
    return new Bandwidth(main.context(), main.ticker(), bytesPerSecond);
  }

  private Copying copying(@Nullable Long bytesPerSecond) {
    return new Copying(bandwidth.open(bytesPerSecond));
  }

  private static Offset<Long> byAStep() {
    return Offset.offset(100L);
  }

  private void millis(long millis) {
    main.advance(Duration.ofMillis(millis));
  }

  private void seconds(int seconds) {
    for (int i = 0; i < 1000 * seconds; i++) {
      millis(1);
    }
  }

  /** A copy that wants to move bytes, and what it was told. */
  private static final class Copying {

    final CopyPace pace;
    final List<Long> letGo = new ArrayList<>();

    Copying(CopyPace pace) {
      this.pace = pace;
    }

    Copying wants(long bytes) {
      pace.await(bytes, letGo::add);
      return this;
    }

    long sum() {
      return letGo.stream().mapToLong(Long::longValue).sum();
    }
  }
}
