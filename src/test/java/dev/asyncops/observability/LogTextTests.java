package dev.asyncops.observability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTests {

  @Test
  void ordinaryTextInAnyScript_staysAsItIs() {
    String text = "data:Grüße/日本語/naïve 😀.txt";

    assertThat(LogText.safe(text)).isEqualTo(text);
  }

  @Test
  void whatCouldBreakALine_isEscaped() {
    assertThat(LogText.safe("a\u0000\t\u007f\u0085\u200e\ufeff\ud800z"))
        .isEqualTo("a\\u0000\\u0009\\u007f\\u0085\\u200e\\ufeff\\ud800z");
  }

  @Test
  void whatCouldEndAQuotedValue_isEscaped() {
    assertThat(LogText.safe("a\" level=\"b\\")).isEqualTo("a\\\" level=\\\"b\\\\");
  }

  @Test
  void aLongText_isCutBetweenCharacters() {
    assertThat(LogText.safe("😀".repeat(1_024))).isEqualTo("😀".repeat(1_024));
    assertThat(LogText.safe("😀".repeat(1_025))).isEqualTo("😀".repeat(1_024) + "...");
  }
}
