package dev.asyncops.operations;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/**
 * The networks a connect operation may reach (S14): a service that connects wherever a file says
 * would open everything it can reach itself to whoever can write that file.
 *
 * <ul>
 *   <li>What no listed network contains is refused.
 *   <li>Addresses that are no ordinary destination (link-local, where clouds keep their metadata;
 *       multicast; broadcast; "this host"; translated IPv4) are refused even inside a listed
 *       network, such as {@code 0.0.0.0/0}, unless a listed network names just them, such as {@code
 *       169.254.10.0/24}.
 *   <li>An IPv4-mapped IPv6 address is judged as the IPv4 address.
 * </ul>
 *
 * <p>Immutable; any thread.
 */
public final class NetworkAllowList {

  /** Loopback and the private ranges. */
  public static final List<String> DEFAULT_NETWORKS =
      List.of(
          "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7");

  private static final List<CidrBlock> ONLY_BY_NAME =
      blocks(
          List.of(
              "0.0.0.0/8",
              "169.254.0.0/16",
              "224.0.0.0/4",
              "255.255.255.255/32",
              "::/128",
              "64:ff9b::/96",
              "fe80::/10",
              "ff00::/8"));

  private final List<CidrBlock> listed;

  private NetworkAllowList(List<CidrBlock> listed) {
    this.listed = listed;
  }

  /**
   * A list of networks such as {@code 10.0.0.0/8}, {@code fc00::/7} or {@code 192.168.1.5}; an
   * empty one allows nothing.
   *
   * @throws IllegalArgumentException if one of them is malformed
   */
  public static NetworkAllowList of(Collection<String> networks) {
    return new NetworkAllowList(blocks(networks));
  }

  /** The default list. */
  public static NetworkAllowList defaults() {
    return of(DEFAULT_NETWORKS);
  }

  /** Whether this address may be connected to. */
  boolean allows(InetAddress address) {
    return listed.stream().anyMatch(block -> block.contains(address) && names(block, address));
  }

  private static boolean names(CidrBlock block, InetAddress address) {
    return ONLY_BY_NAME.stream()
        .filter(special -> special.contains(address))
        .allMatch(special -> special.contains(block));
  }

  private static List<CidrBlock> blocks(Collection<String> networks) {
    return networks.stream().map(CidrBlock::parse).toList();
  }
}
