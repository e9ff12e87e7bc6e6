package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class WaitPreferenceTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=0|0",
        "wait=5|5",
        "WAIT=5|5",
        "wait = 5|5",
        "wait=\"5\"|5",
        "wait=005|5",
        "wait=60|60",
        "wait=61|60",
        "wait=99999999999999999999999|60",
        "respond-async, wait=7|7",
        "wait=7;foo=bar, respond-async|7",
        "foo=\"a, wait=1\", wait=2|2",
        "foo=\"a\\\", wait=1\", wait=2|2",
        "waiting=1, wait=3|3",
        "wait=3, wait=9|3",
      })
  void seconds_areRead_andCapped(String header, int seconds) {
    assertThat(preference(header)).isEqualTo(new WaitPreference(seconds));
    assertThat(preference(header).isPresent()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wait",
        "wait=",
        "wait=x",
        "wait=-1",
        "wait=1.5",
        "wait=+1",
        "wait=5s",
        "wait=٣",
        "wait 5",
        "waiting=5",
        "await=5",
        "foo=\"wait=5",
        "\"wait=5\"",
        ",,;=",
        "wait=x, wait=5"
      })
  void whatIsMalformed_isIgnored(String header) {
    assertThat(preference(header).isPresent()).isFalse();
  }

  @Test
  void severalLines_areOneList() {
    assertThat(preference("respond-async", "wait=4")).isEqualTo(new WaitPreference(4));
  }

  @Test
  void noHeader_isNoPreference() {
    assertThat(preference().isPresent()).isFalse();
  }

  @Test
  void aLongHostileHeader_isReadInLinearTime() {
    String header = "\"\\".repeat(4_000) + "a,;=\"".repeat(4_000);

    assertThat(preference(header).isPresent()).isFalse();
  }

  private static WaitPreference preference(String... lines) {
    HttpHeaders headers = new HttpHeaders();
    for (String line : lines) {
      headers.add("Prefer", line);
    }
    return WaitPreference.of(headers);
  }
}
