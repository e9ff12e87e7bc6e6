package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTests {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::1, ::1",
    "::, ::",
    "1::, 1::",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
    "2001:0db8::0001, 2001:db8::1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
    "1::3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
    "64:ff9b::1.2.3.4, 64:ff9b::102:304",
    "::ffff:127.0.0.1, 127.0.0.1",
    "::ffff:7f00:1, 127.0.0.1"
  })
  void s9_literals_areRead_andWrittenInTheUsualForm(String text, String usual) {
    assertThat(IpLiteral.parse(text).map(IpLiteral::format)).contains(usual);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "127.1",
        "1",
        "2130706433",
        "0177.0.0.1",
        "01.2.3.4",
        "1.2.3.4.5",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.-4",
        "+1.2.3.4",
        "1.2.3.",
        ".1.2.3.4",
        "1..2.3",
        "0x7f.0.0.1",
        "١.2.3.4",
        "localhost",
        "example.com",
        "127.0.0.1 ",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "1::2::3",
        "::12345",
        "::g",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "fe80::1%eth0",
        "fe80::1%1",
        "[::1]",
        "::ffff:0177.0.0.1",
        "::127.1",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1/128",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"
      })
  void s9_everythingElse_isNoAddress(String text) {
    assertThat(IpLiteral.parse(text)).isEmpty();
  }

  @Test
  void s9_whatIsWritten_isWhatTheJdkReads() throws Exception {
    Random random = new Random(42);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      for (int j = 0; j < bytes.length; j += 2) { // many zero groups
        bytes[j] = (byte) (random.nextInt(4) * random.nextInt(100));
        bytes[j + 1] = (byte) (random.nextInt(2) * random.nextInt(256));
      }
      InetAddress address = InetAddress.getByAddress(bytes);

      String text = IpLiteral.format(address);

      assertThat(InetAddress.ofLiteral(text)).isEqualTo(address);
      assertThat(IpLiteral.parse(text)).contains(address);
    }
  }

  @Test
  void socketAddress_hasBracketsForIpv6Only() {
    assertThat(formatted("127.0.0.1", 123)).isEqualTo("127.0.0.1:123");
    assertThat(formatted("::1", 123)).isEqualTo("[::1]:123");
  }

  private static String formatted(String address, int port) {
    return IpLiteral.format(new InetSocketAddress(IpLiteral.parse(address).orElseThrow(), port));
  }
}
