package dev.asyncops.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTests {

  private static final int DEFAULT_PORT = 123;

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:123",
    "127.0.0.1:80, 127.0.0.1:80",
    "127.0.0.1:65535, 127.0.0.1:65535",
    "::1, [::1]:123",
    "::1:80, [::1:80]:123",
    "[::1], [::1]:123",
    "[::1]:80, [::1]:80",
    "[::ffff:127.0.0.1]:80, 127.0.0.1:80"
  })
  void s9_addressWithOrWithoutPort(String text, String peer) throws OperationException {
    assertThat(parse(text)).hasToString(peer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:080",
        "127.0.0.1:",
        "127.0.0.1:-1",
        "127.0.0.1:+80",
        "127.0.0.1: 80",
        "127.0.0.1 :80",
        "127.0.0.1:999999999999",
        ":80",
        "80",
        "[127.0.0.1]:80",
        "[::1",
        "::1]",
        "[::1]80",
        "[[::1]]",
        "[]:80",
        "[fe80::1%lo]:80",
        "fe80::1%lo",
        "localhost",
        "localhost:80",
        "http://127.0.0.1",
        "127.0.0.1/8",
        "127.1",
        "127.1:80",
        "0177.0.0.1:80",
        "127.0.0.1 127.0.0.2",
        "127.0.0.1\u0000"
      })
  void s9_everythingElse_isRefused(String text) {
    assertThat(refusal(text).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1\n",
        "127.0.0.1\r\n",
        "\ufeff127.0.0.1",
        "\ufeff\n127.0.0.1\n",
        "  127.0.0.1\t",
        "\n\n  127.0.0.1  \n \n",
        "\u2003127.0.0.1\u2003"
      })
  void s8_orderMark_whiteSpaceAndBlankLines_doNotCount(String text) throws OperationException {
    assertThat(parse(text)).hasToString("127.0.0.1:123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \t\r\n", "\ufeff"})
  void s8_nothingButWhiteSpace_isRefused(String text) {
    assertThat(refusal(text).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal(text).detail()).contains("empty");
  }

  @Test
  void s8_secondLine_isRefused() {
    OperationException refusal = refusal("127.0.0.1\n127.0.0.2\n");

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal.detail()).contains("127.0.0.2");
  }

  @Test
  void s8_malformedUtf8_isRefused() {
    OperationException refusal =
        catchThrowableOfType(
            OperationException.class,
            () -> PeerAddress.parse(new byte[] {'1', (byte) 0xff}, DEFAULT_PORT));

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void s8_offendingText_isEscapedAndShortened() {
    String detail = refusal("\u001b[31m'" + "x".repeat(4000)).detail();

    assertThat(detail).startsWith("'\\u001b[31m\\u0027xxx").hasSizeLessThan(150);
    assertThat(detail).matches("[ -~]*");
  }

  private static PeerAddress parse(String text) throws OperationException {
    return PeerAddress.parse(text.getBytes(UTF_8), DEFAULT_PORT);
  }

  private static OperationException refusal(String text) {
    return catchThrowableOfType(OperationException.class, () -> parse(text));
  }
}
