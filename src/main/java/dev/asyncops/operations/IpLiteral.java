package dev.asyncops.operations;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text: read strictly, written in the form of RFC 5952.
 *
 * <p>The JDK's own reader takes {@code 127.1}, {@code 1} and {@code 0177.0.0.1} for addresses; this
 * one takes a dotted quad of plain decimals, or eight groups of up to four hex digits with at most
 * one {@code ::} and maybe a dotted quad at the end, and nothing else (S9). It never asks a name
 * service. An IPv4-mapped address is the IPv4 address.
 */
final class IpLiteral {

  private static final Pattern IPV4_PART =
      Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]");
  private static final Pattern IPV6_GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int MAX_LENGTH = 45;
  private static final int IPV6_BYTES = 16;

  private IpLiteral() {}

  /** The address a text stands for; empty if it is anything but an address. */
  static Optional<InetAddress> parse(String text) {
    byte[] bytes =
        text.length() > MAX_LENGTH ? null : text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
    return Optional.ofNullable(bytes).map(IpLiteral::address);
  }

  /** The shortest usual form: {@code 127.0.0.1}, {@code ::1}. */
  static String format(InetAddress address) {
    return address instanceof Inet4Address ? address.getHostAddress() : ipv6(address.getAddress());
  }

  /** An address with its port: {@code 127.0.0.1:123}, {@code [::1]:123}. */
  static String format(InetSocketAddress socket) {
    InetAddress address = socket.getAddress();
    String text = format(address);
    return (address instanceof Inet4Address ? text : "[" + text + "]") + ":" + socket.getPort();
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("An address has 4 or 16 bytes.", e);
    }
  }

  private static byte @Nullable [] ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < bytes.length; i++) {
      if (!IPV4_PART.matcher(parts[i]).matches()) {
        return null;
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte @Nullable [] ipv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = groups(text, true);
      return all != null && all.length == IPV6_BYTES ? all : null;
    }
    byte[] head = groups(text.substring(0, gap), false);
    byte[] tail = groups(text.substring(gap + 2), true);
    if (head == null || tail == null || head.length + tail.length > IPV6_BYTES - 2) {
      return null;
    }
    return ByteBuffer.allocate(IPV6_BYTES).put(head).put(IPV6_BYTES - tail.length, tail).array();
  }

  /** Groups between single colons, none for an empty text; null if one of them is malformed. */
  private static byte @Nullable [] groups(String text, boolean mayEndInIpv4) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", -1);
    ByteBuffer bytes = ByteBuffer.allocate(2 * parts.length + 2);
    for (int i = 0; i < parts.length; i++) {
      byte[] quad = mayEndInIpv4 && i == parts.length - 1 ? ipv4(parts[i]) : null;
      if (quad != null) {
        bytes.put(quad);
      } else if (IPV6_GROUP.matcher(parts[i]).matches()) {
        bytes.putShort((short) Integer.parseInt(parts[i], 16));
      } else {
        return null;
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static String ipv6(byte[] bytes) {
    int[] groups = new int[IPV6_BYTES / 2];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int gap = 0;
    int gapLength = 0;
    for (int i = 0; i < groups.length; i++) {
      int zeros = zerosFrom(groups, i);
      if (zeros > gapLength) {
        gap = i;
        gapLength = zeros;
      }
    }
    return gapLength < 2
        ? hex(groups, 0, groups.length)
        : hex(groups, 0, gap) + "::" + hex(groups, gap + gapLength, groups.length);
  }

  private static int zerosFrom(int[] groups, int from) {
    int end = from;
    while (end < groups.length && groups[end] == 0) {
      end++;
    }
    return end - from;
  }

  private static String hex(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
