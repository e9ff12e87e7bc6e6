package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathRangesTests {

  @Test
  void whatIsTakenOutInOrder_leavesOneRange() {
    PathRanges ranges = all(10);

    ranges.remove(0, 4);
    ranges.remove(4, 5);

    assertThat(read(ranges)).containsExactly(5L, 10L);
  }

  @Test
  void whatIsTakenOutInTheMiddle_splitsARange() {
    PathRanges ranges = all(10);

    ranges.remove(3, 5);
    ranges.remove(7, 8);
    ranges.remove(4, 4);

    assertThat(read(ranges)).containsExactly(0L, 3L, 5L, 7L, 8L, 10L);
  }

  @Test
  void whatIsTakenOutAcrossRanges_takesAllBetween() {
    PathRanges ranges = all(10);
    ranges.remove(2, 3);
    ranges.remove(5, 6);

    ranges.remove(1, 9);

    assertThat(read(ranges)).containsExactly(0L, 1L, 9L, 10L);
    ranges.remove(0, 10);
    assertThat(ranges.isEmpty()).isTrue();
  }

  @Test
  void atRandom_isASetOfPositions() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      PathRanges ranges = all(64);
      BitSet expected = new BitSet();
      expected.set(0, 64);
      for (int i = 0; i < 12; i++) {
        int from = random.nextInt(64);
        int to = from + random.nextInt(65 - from);
        ranges.remove(from, to);
        expected.clear(from, to);
        BitSet seen = new BitSet();
        ranges.forEach((first, end) -> seen.set(first.intValue(), end.intValue()));
        assertThat(seen).isEqualTo(expected);
      }
    }
  }

  private static PathRanges all(long size) {
    PathRanges ranges = new PathRanges();
    ranges.add(0, size);
    return ranges;
  }

  private static List<Long> read(PathRanges ranges) {
    List<Long> read = new ArrayList<>();
    ranges.forEach((from, to) -> {
      read.add(from);
      read.add(to);
    });
    return read;
  }
}
