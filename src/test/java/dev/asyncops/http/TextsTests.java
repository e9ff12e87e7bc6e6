package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextsTests {

  @Test
  void wellFormed_isWhatUtf8CanWrite() {
    assertThat(Texts.isWellFormed("")).isTrue();
    assertThat(Texts.isWellFormed("a\u00e9\ud83d\ude00z")).isTrue();
    assertThat(Texts.isWellFormed("\ud83d")).isFalse();
    assertThat(Texts.isWellFormed("a\ude00")).isFalse();
    assertThat(Texts.isWellFormed("\ude00\ud83d")).isFalse();
    assertThat(Texts.isWellFormed("\ud83d\ud83d\ude00")).isFalse();
  }

  @Test
  void printable_hasNoControlCharacters() {
    assertThat(Texts.isPrintable("a b")).isTrue();
    assertThat(Texts.isPrintable("a\nb")).isFalse();
    assertThat(Texts.isPrintable("\u001b[31m")).isFalse();
    assertThat(Texts.isPrintable("\ud83d")).isFalse();
  }

  @Test
  void shown_isSafeAndShort() {
    assertThat(Texts.shown("plain")).isEqualTo("plain");
    assertThat(Texts.shown("a\r\nb\ud83dc")).isEqualTo("a\uFFFD\uFFFDb\uFFFDc");
    assertThat(Texts.shown("x".repeat(1_000))).isEqualTo("x".repeat(300) + "…");
    assertThat(Texts.shown("\ud83d\ude00".repeat(200))).isEqualTo("\ud83d\ude00".repeat(200));
  }
}
