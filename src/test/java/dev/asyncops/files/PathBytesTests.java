package dev.asyncops.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathBytesTests {

  private static final Roots ROOTS =
      new Roots(
          List.of(
              new Root("data", Path.of("/data"), false), new Root("more", Path.of("/m"), false)));

  @Test
  void paths_comeBackAsTheyWere_alsoWithNamesThatAreNotUtf8() throws OperationException {
    List<RootPath> paths =
        List.of(
            ROOTS.parse("data:a"),
            ROOTS.parse("data:in/2026/ä€😀"),
            ROOTS.parse("data:in/2026/b"),
            ROOTS.parse("data:in/20/b"),
            ROOTS.parse("data:x", new byte[] {'i', 'n', '/', (byte) 0xFF, '/', (byte) 0xC3}),
            ROOTS.parse("data:c"));
    PathBytes bytes = new PathBytes();
    paths.forEach(bytes::add);

    assertThat(bytes.paths()).isEqualTo(6);
    List<RootPath> read = PathBytes.read("data", bytes.take());

    assertThat(read).isEqualTo(paths);
    assertThat(read.get(1).parent()).isSameAs(read.get(2).parent());
    assertThat(bytes.paths() + bytes.size()).isZero();
  }

  @Test
  void whatIsNoList_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathBytes.read("data", new byte[] {'a', 0, 'b'}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathBytes.read("data", new byte[] {'a', '/', '/', 'b', 0}));
  }

  @Test
  void aPathInBytes_isJudgedLikeOneInText() throws OperationException {
    RootPath odd = ROOTS.parse("more:\uFFFD", new byte[] {(byte) 0xFE});

    assertThat(odd.root()).isEqualTo("more");
    assertThat(odd.toString()).isEqualTo("more:\uFFFD");
    assertThat(refusal("data:x", "a/../b")).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(refusal("data:x", "/b")).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(refusal("none:x", "b")).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(refusal("x", "b")).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal("data:x", "a\0b")).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal("data:x", "a//b")).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal("data:x", "a".repeat(256))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal("data:x", "a/".repeat(2049))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void theLongestOddName_isTaken() throws OperationException {
    byte[] name = new byte[255];
    Arrays.fill(name, (byte) 0xFF);

    assertThat(ROOTS.parse("data:", name).name()).hasSize(255);
  }

  private static ErrorCode refusal(String text, String below) {
    OperationException[] refusal = new OperationException[1];
    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(() -> ROOTS.parse(text, below.getBytes(StandardCharsets.UTF_8)))
        .satisfies(e -> refusal[0] = e);
    return refusal[0].code();
  }
}
