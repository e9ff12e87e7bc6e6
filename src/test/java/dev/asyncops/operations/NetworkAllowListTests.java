package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkAllowListTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1", "127.255.255.255", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.0.1", "::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"
      })
  void s14_byDefault_loopbackAndPrivateRangesAreAllowed(String address) {
    assertThat(allows(NetworkAllowList.defaults(), address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::2",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:8.8.8.8",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1"
      })
  void s14_byDefault_nothingElseIsAllowed(String address) {
    assertThat(allows(NetworkAllowList.defaults(), address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "ff02::1",
        "64:ff9b::a9fe:a9fe"
      })
  void s14_whatIsNoOrdinaryDestination_isNotCoveredByALargeNetwork(String address) {
    NetworkAllowList everything = NetworkAllowList.of(List.of("0.0.0.0/0", "::/0"));

    assertThat(allows(everything, address)).isFalse();
    assertThat(allows(everything, "8.8.8.8")).isTrue();
    assertThat(allows(everything, "2001:db8::1")).isTrue();
  }

  @Test
  void s14_linkLocal_isAllowedWhereListedItself() {
    NetworkAllowList listed =
        NetworkAllowList.of(List.of("169.254.10.0/24", "fe80::/10", "0.0.0.0/0"));

    assertThat(allows(listed, "169.254.10.7")).isTrue();
    assertThat(allows(listed, "169.254.169.254")).isFalse();
    assertThat(allows(listed, "fe80::1")).isTrue();
  }

  @Test
  void emptyList_allowsNothing() {
    assertThat(allows(NetworkAllowList.of(List.of()), "127.0.0.1")).isFalse();
  }

  @Test
  void addressAlone_isANetworkOfOne() {
    NetworkAllowList one = NetworkAllowList.of(List.of("192.168.1.5", "2001:db8::5"));

    assertThat(allows(one, "192.168.1.5")).isTrue();
    assertThat(allows(one, "192.168.1.4")).isFalse();
    assertThat(allows(one, "2001:db8::5")).isTrue();
    assertThat(allows(one, "2001:db8::4")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.1/8",
        "10/8",
        "/8",
        "::/129",
        "fc00::1/7",
        "::ffff:10.0.0.0/104",
        "localhost",
        "10.0.0.0/8/8",
        " 10.0.0.0/8"
      })
  void malformedNetwork_isRefusedByName(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkAllowList.of(List.of(text)))
        .withMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/8", "1.2.3.4/32", "::/0", "fc00::/7", "::1/128"})
  void network_isWrittenAsItIsRead(String text) {
    assertThat(CidrBlock.parse(text)).hasToString(text);
  }

  @Test
  void settings_checkThePort() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConnectSettings(NetworkAllowList.defaults(), 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConnectSettings(NetworkAllowList.defaults(), 65536));
  }

  private static boolean allows(NetworkAllowList list, String address) {
    return list.allows(IpLiteral.parse(address).orElseThrow());
  }
}
