package dev.asyncops.operations;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A network: all addresses that begin with the same bits.
 *
 * @param network its first address
 * @param prefix how many leading bits count: 0 to 32, or 128 for IPv6
 */
record CidrBlock(InetAddress network, int prefix) {

  /**
   * Reads {@code 10.0.0.0/8}, {@code fc00::/7}, or an address alone for a network of one.
   *
   * @throws IllegalArgumentException if it is anything else, also if bits behind the prefix are
   *     set: such a line hides a typing error
   */
  static CidrBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network =
        IpLiteral.parse(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(() -> malformed(text, "no IP address"));
    int bits = 8 * network.getAddress().length;
    if (bits == 32 && text.indexOf(':') >= 0) {
      throw malformed(text, "an IPv4-mapped address; write the IPv4 address");
    }
    int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits).orElse(-1);
    if (prefix < 0) {
      throw malformed(text, "no prefix length from 0 to " + bits);
    }
    CidrBlock block = new CidrBlock(network, prefix);
    if (!block.hasNoHostBits()) {
      throw malformed(text, "bits set behind the prefix");
    }
    return block;
  }

  /** Whether an address is in it; an address of the other family never is. */
  boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      if (isSet(ours, bit) != isSet(theirs, bit)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every address of the other is in this one too. */
  boolean contains(CidrBlock other) {
    return prefix <= other.prefix && contains(other.network);
  }

  @Override
  public String toString() {
    return IpLiteral.format(network) + "/" + prefix;
  }

  private boolean hasNoHostBits() {
    byte[] bytes = network.getAddress();
    for (int bit = prefix; bit < 8 * bytes.length; bit++) {
      if (isSet(bytes, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSet(byte[] bytes, int bit) {
    return (bytes[bit / 8] & 0x80 >> bit % 8) != 0;
  }

  private static Optional<Integer> prefix(String text, int max) {
    if (!text.matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int prefix = Integer.parseInt(text);
    return prefix <= max ? Optional.of(prefix) : Optional.empty();
  }

  private static IllegalArgumentException malformed(String text, String why) {
    return new IllegalArgumentException("'%s' is not a network: %s.".formatted(text, why));
  }
}
