package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.asyncops.async.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTests {

  @Test
  void splitAtEveryByte_theLinesAreTheSame() {
    byte[] bytes = utf8("\uFEFFdata:a\r\ndata:ä€😀/b\n \u2028x\ndata:\uFFFD\r\n");

    for (int i = 0; i <= bytes.length; i++) {
      for (int j = i; j <= bytes.length; j++) {
        assertThat(lines(bytes, i, j))
            .containsExactly("data:a", "data:ä€😀/b", " \u2028x", "data:\uFFFD");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\nb\n", "a\r\nb\r\n", "a\nb\n\n", "a\nb\n\r\n", "a\nb\r"})
  void theEndOfTheLastLine_mayBeThereOrNot(String text) {
    assertThat(lines(utf8(text), 1, 2)).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\uFEFF", "\uFEFF\n"})
  void nothing_isNoLine(String text) {
    assertThat(lines(utf8(text), 0, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n\nb", "a\n\r\nb\n", "a\n\n\n", "a\n\n\nb"})
  void aBlankLine_isRefused_unlessItIsTheLast(String text) {
    assertThat(refusal(utf8(text))).isEqualTo("Line 2: It is blank.");
  }

  @Test
  void whatIsNotUtf8_isRefusedByItsNumber() {
    byte[] bytes = utf8("a\nb\nc?\nd");
    bytes[5] = (byte) 0xC3;

    assertThat(refusal(bytes)).isEqualTo("Line 3: It is not UTF-8.");
    assertThat(refusal(new byte[] {'a', (byte) 0xE2, (byte) 0x82})).contains("Line 1: It is not");
  }

  @Test
  void theLongestLine_isTaken_andALongerOneIsRefusedBeforeItEnds() {
    byte[] longest = new byte[Lines.MAX_BYTES];
    Arrays.fill(longest, (byte) 'a');
    byte[] longer = Arrays.copyOf(longest, longest.length + 1);
    longer[longest.length] = 'a';

    assertThat(lines(longest, 10, 20_000)).hasSize(1);
    assertThat(refusal(longer)).startsWith("Line 1: It is longer than 25600 bytes.");
    longer[longest.length] = '\n';
    assertThat(lines(longer, 0, 0)).hasSize(1);
  }

  private static List<String> lines(byte[] bytes, int firstCut, int secondCut) {
    List<String> taken = new ArrayList<>();
    Lines lines = new Lines(taken::add);
    lines.feed(Arrays.copyOfRange(bytes, 0, firstCut));
    lines.feed(Arrays.copyOfRange(bytes, firstCut, secondCut));
    lines.feed(Arrays.copyOfRange(bytes, secondCut, bytes.length));
    lines.finish();
    return taken;
  }

  private static String refusal(byte[] bytes) {
    String[] detail = new String[1];
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> lines(bytes, 0, 1))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA);
          detail[0] = e.detail();
        });
    return detail[0];
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
