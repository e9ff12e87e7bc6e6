package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporaryNameTests {

  private static final String ID = CopyFixture.ID;
  private static final String OTHER_ID = "01930000-0000-7000-8000-000000000002";

  @Test
  void name_isThatOfItsOperation_andFits() {
    String name = TemporaryName.of(ID, "x".repeat(255));

    assertThat(name).startsWith(".asyncops-" + ID + "-").endsWith(".tmp");
    assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSize(83);
    assertThat(TemporaryName.matches(name)).isTrue();
    assertThat(TemporaryName.isOf(ID, name)).isTrue();
    assertThat(TemporaryName.isOf(OTHER_ID, name)).isFalse();
  }

  @Test
  void name_followsFromIdAndName_alone() {
    assertThat(TemporaryName.of(ID, "x")).isEqualTo(TemporaryName.of(ID, "x"));
    assertThat(TemporaryName.of(ID, "x")).isNotEqualTo(TemporaryName.of(ID, "y"));
    assertThat(TemporaryName.of(ID, "x")).isNotEqualTo(TemporaryName.of(OTHER_ID, "x"));
  }

  /** As the names of files that are not valid UTF-8 are read: U+DC00 plus the byte. */
  @Test
  void namesThatAreNotValid_haveDifferentNames() {
    assertThat(TemporaryName.of(ID, "\udcff")).isNotEqualTo(TemporaryName.of(ID, "\udcfe"));
    assertThat(TemporaryName.of(ID, "\udcff")).isNotEqualTo(TemporaryName.of(ID, "?"));
    assertThat(TemporaryName.of(ID, "\u0131")).isNotEqualTo(TemporaryName.of(ID, "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".tmp",
        ".asyncops-",
        ".asyncops-x.tmp",
        ".asyncops-01930000-0000-7000-8000-000000000001",
        ".asyncops-01930000-0000-7000-8000-000000000001-.tmp",
        ".asyncops-01930000-0000-7000-8000-000000000001-0123456789abcdef.tmp",
        ".asyncops-01930000-0000-7000-8000-000000000001-0123456789abcdef0123456789abcdef",
        ".asyncops-01930000-0000-7000-8000-000000000001-0123456789ABCDEF0123456789ABCDEF.tmp",
        ".asyncops-01930000-0000-7000-8000-000000000001-0123456789abcdef0123456789abcdef.tmp~",
        "x.asyncops-01930000-0000-7000-8000-000000000001-0123456789abcdef0123456789abcdef.tmp"
      })
  void similarNames_areSomebodyElses(String name) {
    assertThat(TemporaryName.matches(name)).isFalse();
    assertThat(TemporaryName.isOf(ID, name)).isFalse();
  }
}
