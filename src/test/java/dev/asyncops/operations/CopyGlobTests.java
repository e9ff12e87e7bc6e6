package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.asyncops.async.OperationException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyGlobTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "**/*.csv a.csv true",
        "**/*.csv a/b/c.csv true",
        "**/*.csv a/b/c.txt false",
        "*.csv a.csv true",
        "*.csv a/b.csv false",
        "a/** a true",
        "a/** a/b/c true",
        "a/** ab false",
        "a/**/z a/z true",
        "a/**/z a/b/c/z true",
        "a/**/z a/b/c false",
        "** anything/at/all true",
        "?.txt a.txt true",
        "?.txt ab.txt false",
        "? 😀 true",
        "[a-c]x bx true",
        "[a-c]x dx false",
        "[!a-c]x dx true",
        "[^a-c]x ax false",
        "[]]x ]x true",
        "[a-]x -x true",
        "*.{csv,txt} a.txt true",
        "*.{csv,txt} a.pdf false",
        "{a,b{c,d}}/x bd/x true",
        "{a,b{c,d}}/x b/x false",
        "{a} a true",
        "{,x}a a true",
        "\\*a *a true",
        "\\*a ba false",
        "\\{a {a true",
        "a*b*c aXbYbZc true",
        "a*b*c aXbY false",
        "A a false",
        "** .hidden true",
        "*x* .x true",
      })
  void pattern_matchesByWholePath(String pattern, String path, boolean expected)
      throws OperationException {
    assertThat(CopyGlob.parse(pattern).matches(List.of(path.split("/")))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a//b", "a/", "../a", "a/.", "[a", "a{b", "{a,{b}", "a\\"})
  void malformedPattern_isRefused(String pattern) {
    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(() -> CopyGlob.parse(pattern))
        .withMessageContaining("The pattern '");
  }

  @Test
  void patternThatExplodes_isRefused() {
    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(() -> CopyGlob.parse("{a,b}".repeat(30)));
  }

  @Test
  void hostilePattern_costsNoMoreThanItsLength() throws OperationException {
    CopyGlob deep = CopyGlob.parse("**/a/".repeat(400) + "b");
    CopyGlob wide = CopyGlob.parse("*a".repeat(1000) + "b");
    List<String> deepPath = Collections.nCopies(1000, "a");
    List<String> widePath = List.of("a".repeat(255));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(deep.matches(deepPath)).isFalse();
          assertThat(wide.matches(widePath)).isFalse();
        });
  }
}
