package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CopyChoiceTests {

  private static final RootPath SOURCE = path("src");

  @Test
  void childrenComeOnce_inOrder_withWhatIsBelowThem() {
    CopyChoice choice = choice("src/b/y", "src/c", "src/a/x/1", "src/b/x", "src/a/x/2");

    assertThat(told(choice.below())).containsExactly("a:[x:[1, 2]]", "b:[x, y]", "c");
    assertThat(choice.size()).isEqualTo(5);
  }

  @Test
  void namesThatBeginAlike_areNotBelowEachOther() {
    CopyChoice choice = choice("src/a-b/f", "src/a", "src/ab", "src/a.c/f");

    assertThat(told(choice.below())).containsExactly("a", "a-b:[f]", "a.c:[f]", "ab");
  }

  @Test
  void whatIsNamedTwice_orLiesBelowAnother_countsOnce() {
    CopyChoice choice = choice("src/a/b/c", "src/d", "src/a", "src/d", "src/a/b");

    assertThat(told(choice.below())).containsExactly("a", "d");
    assertThat(choice.size()).isEqualTo(2);
  }

  @Test
  void theSourceItself_isAllThereIs() {
    assertThat(CopyChoice.of(SOURCE, List.of(path("src/a"), path("src")))).isNull();
  }

  @Test
  void nothing_isNothing() {
    CopyChoice choice = choice();

    assertThat(choice.size()).isZero();
    assertThat(choice.below().hasNext()).isFalse();
  }

  @Test
  void whatIsNotBelowTheSource_isRefused() {
    assertThatThrownBy(() -> choice("src/a", "srcs/a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CopyChoice.of(SOURCE, List.of(new RootPath("other", List.of("src")))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void entries_areToldOneByOne_howeverDeep() {
    CopyChoice.Below below = choice("src/b/y", "src/a/x/1", "src/c").below();
    List<String> entries = new ArrayList<>();
    while (below.hasNext()) {
      entries.add(below.nextEntry().relative());
    }

    assertThat(entries).containsExactly("src/a/x/1", "src/b/y", "src/c");
  }

  @Test
  void manyEntries_areAllTold() {
    String[] entries =
        IntStream.range(0, 5000)
            .mapToObj(i -> "src/%d/%d".formatted(i % 70, i))
            .toArray(String[]::new);

    CopyChoice.Below below = choice(entries).below();

    int directories = 0;
    int files = 0;
    while (below.hasNext()) {
      CopyChoice.Below child = Objects.requireNonNull(below.nextChild().below());
      directories++;
      while (child.hasNext()) {
        child.nextChild();
        files++;
      }
    }
    assertThat(directories).isEqualTo(70);
    assertThat(files).isEqualTo(5000);
  }

  private static CopyChoice choice(String... entries) {
    List<RootPath> paths = Stream.of(entries).map(CopyChoiceTests::path).toList();
    return Objects.requireNonNull(CopyChoice.of(SOURCE, paths));
  }

  private static RootPath path(String path) {
    return new RootPath("data", Arrays.asList(path.split("/")));
  }

  private static List<String> told(CopyChoice.Below below) {
    List<String> told = new ArrayList<>();
    while (below.hasNext()) {
      CopyChoice.Child child = below.nextChild();
      CopyChoice.Below deeper = child.below();
      told.add(child.name() + (deeper == null ? "" : ":" + told(deeper)));
    }
    return told;
  }
}
