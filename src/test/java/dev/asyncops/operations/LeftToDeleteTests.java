package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeftToDeleteTests {

  @Test
  void workersGetDifferentDirectories() {
    LeftToDelete.Paths left = new LeftToDelete.Paths(entries("a", 700, "b", 700));

    List<Integer> sizes = sizes(left, 1);

    assertThat(sizes).containsExactly(700, 700);
  }

  @Test
  void smallDirectories_goTogether() {
    List<RootPath> paths =
        IntStream.range(0, 100).boxed().flatMap(d -> entries("d" + d, 2).stream()).toList();

    assertThat(sizes(new LeftToDelete.Paths(paths), 1)).containsExactly(64, 64, 64, 8);
  }

  @Test
  void largeDirectory_isDividedFairly_andNothingIsLeftOut() {
    List<RootPath> paths = entries("a", 10_000);
    LeftToDelete.Paths left = new LeftToDelete.Paths(paths);
    List<RootPath> taken = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    while (!left.isEmpty()) {
      List<RootPath> some = left.take(4);
      sizes.add(some.size());
      taken.addAll(some);
    }

    assertThat(taken).isEqualTo(paths);
    assertThat(sizes).startsWith(1024, 1024).endsWith(1, 1, 1, 1);
  }

  private static List<Integer> sizes(LeftToDelete<?> left, int workers) {
    return Stream.iterate(left, one -> !one.isEmpty(), one -> one)
        .map(one -> one.take(workers).size())
        .toList();
  }

  private static List<RootPath> entries(String directory, int number) {
    RootPath parent = new RootPath("data", List.of(directory));
    return IntStream.range(0, number).mapToObj(i -> parent.resolve("f" + i)).toList();
  }

  private static List<RootPath> entries(String one, int ones, String other, int others) {
    return Stream.of(entries(one, ones), entries(other, others)).flatMap(List::stream).toList();
  }
}
