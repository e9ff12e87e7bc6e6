package dev.asyncops.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RootsTests {

  private static final Root DATA = new Root("data", Path.of("/srv/data"), false);
  private static final Root ARCHIVE = new Root("archive", Path.of("/srv/archive"), true);

  private final Roots one = new Roots(List.of(DATA));
  private final Roots two = new Roots(List.of(DATA, ARCHIVE));

  static Stream<Arguments> accepted() {
    return Stream.of(
        arguments("data:in/2026", "data", List.of("in", "2026")),
        arguments("data:in/2026/", "data", List.of("in", "2026")),
        arguments("data:", "data", List.of()),
        arguments("archive:a", "archive", List.of("a")),
        arguments("data:a:b", "data", List.of("a:b")),
        arguments("data:in/a:b", "data", List.of("in", "a:b")),
        arguments("data:...", "data", List.of("...")),
        arguments("data:..a/.b", "data", List.of("..a", ".b")),
        arguments("data: ", "data", List.of(" ")),
        arguments("data:a\\b", "data", List.of("a\\b")),
        arguments("data:\nx", "data", List.of("\nx")),
        arguments("data:grüße/😀", "data", List.of("grüße", "😀")),
        arguments("data:" + "x".repeat(255), "data", List.of("x".repeat(255))),
        arguments("data:" + "ü".repeat(127), "data", List.of("ü".repeat(127))));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void p16_wellFormedPath_isRead(String text, String root, List<String> segments)
      throws OperationException {
    assertThat(two.parse(text)).isEqualTo(new RootPath(root, segments));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("data:/etc/passwd", ErrorCode.PERMISSION_DENIED),
        arguments("/etc/passwd", ErrorCode.PERMISSION_DENIED),
        arguments("//x", ErrorCode.PERMISSION_DENIED),
        arguments("data:/", ErrorCode.PERMISSION_DENIED),
        arguments("data:..", ErrorCode.PERMISSION_DENIED),
        arguments("data:../x", ErrorCode.PERMISSION_DENIED),
        arguments("data:a/../b", ErrorCode.PERMISSION_DENIED),
        arguments("data:a/..", ErrorCode.PERMISSION_DENIED),
        arguments("data:a/../", ErrorCode.PERMISSION_DENIED),
        arguments("data:a//../b", ErrorCode.PERMISSION_DENIED),
        arguments("other:a", ErrorCode.PERMISSION_DENIED),
        arguments(":a", ErrorCode.PERMISSION_DENIED),
        arguments("Data:a", ErrorCode.PERMISSION_DENIED),
        arguments("C:\\Windows", ErrorCode.PERMISSION_DENIED),
        arguments("in/2026", ErrorCode.INVALID_ARGUMENT),
        arguments("", ErrorCode.INVALID_ARGUMENT),
        arguments("data:a\0b", ErrorCode.INVALID_ARGUMENT),
        arguments("data:a//b", ErrorCode.INVALID_ARGUMENT),
        arguments("data:a//", ErrorCode.INVALID_ARGUMENT),
        arguments("data:.", ErrorCode.INVALID_ARGUMENT),
        arguments("data:./a", ErrorCode.INVALID_ARGUMENT),
        arguments("data:a/./b", ErrorCode.INVALID_ARGUMENT),
        arguments("data:a\uD800", ErrorCode.INVALID_ARGUMENT),
        arguments("data:\uDC80", ErrorCode.INVALID_ARGUMENT),
        arguments("data:" + "x".repeat(256), ErrorCode.INVALID_ARGUMENT),
        arguments("data:" + "ü".repeat(128), ErrorCode.INVALID_ARGUMENT),
        arguments("data:" + "😀".repeat(64), ErrorCode.INVALID_ARGUMENT),
        arguments("data:" + "x/".repeat(2048) + "x", ErrorCode.INVALID_ARGUMENT));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void p16_hostilePath_isRefused(String text, ErrorCode code) {
    assertThatThrownBy(() -> two.parse(text))
        .asInstanceOf(InstanceOfAssertFactories.type(OperationException.class))
        .extracting(OperationException::code)
        .isEqualTo(code);
  }

  @Test
  void denial_namesTheRootsAndNoHostPath() {
    assertThatThrownBy(() -> two.parse("etc:passwd"))
        .hasMessage("'etc:passwd' names no root; the roots are: data, archive.");
  }

  @Test
  void refusal_showsNoControlCharacterAndNoEndlessText() {
    String hostile = "data:\u001b[2J\n" + "x".repeat(5000);

    assertThatThrownBy(() -> two.parse(hostile))
        .message()
        .hasSizeLessThan(200)
        .doesNotContain("\u001b", "\n");
  }

  @Test
  void barePath_withOneRoot_isBelowIt() throws OperationException {
    assertThat(one.parse("in/a:b")).hasToString("data:in/a:b");
  }

  @Test
  void longestPath_isAccepted() throws OperationException {
    String longest = "x/".repeat(2047) + "xy";

    assertThat(one.parse("data:" + longest).relative()).hasSize(4096);
  }

  @Test
  void anyText_isEitherRefusedOrSafeAndStable() {
    Random random = new Random(42);
    String[] parts = {"data", ":", "/", ".", "..", "a", "ü", "\0", "\uD83D", "\uDE00", " ", "\\"};
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }

      assertSafeOrRefused(text.toString());
    }
  }

  private void assertSafeOrRefused(String text) {
    RootPath path;
    try {
      path = one.parse(text);
    } catch (OperationException e) {
      assertThat(e.code()).isIn(ErrorCode.PERMISSION_DENIED, ErrorCode.INVALID_ARGUMENT);
      return;
    }
    assertThat(path.root()).isEqualTo("data");
    assertThat(path.segments())
        .noneMatch(s -> s.isEmpty() || s.equals(".") || s.equals("..") || s.contains("/"));
    assertThat(path).extracting(RootPath::toString).satisfies(s -> assertStable(s, path));
  }

  private void assertStable(String shown, RootPath path) throws OperationException {
    assertThat(one.parse(shown)).isEqualTo(path);
  }

  @Test
  void rootsWithOneName_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Roots(List.of(DATA, DATA)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Roots(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new Root("a:b", Path.of("x"), false));
  }

  @Test
  void contains_isBySegments() throws OperationException {
    assertThat(one.parse("data:a").contains(one.parse("data:a/b"))).isTrue();
    assertThat(one.parse("data:a").contains(one.parse("data:a"))).isTrue();
    assertThat(one.parse("data:a").contains(one.parse("data:ab"))).isFalse();
    assertThat(two.parse("data:").contains(two.parse("archive:a"))).isFalse();
  }

  @Test
  void madeByHand_aSegmentMustBeAName() {
    RootPath root = new RootPath("data", List.of());

    assertThatIllegalArgumentException().isThrownBy(() -> root.resolve(".."));
    assertThatIllegalArgumentException().isThrownBy(() -> root.resolve("a/b"));
    assertThatIllegalArgumentException().isThrownBy(() -> root.resolve(""));
  }
}
