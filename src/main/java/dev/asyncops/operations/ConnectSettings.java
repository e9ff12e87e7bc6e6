package dev.asyncops.operations;

import java.util.Objects;

/**
 * What holds for all connect operations.
 *
 * @param allowed the networks they may reach
 * @param defaultPort the port where the address file names none, 1 to 65535
 */
public record ConnectSettings(NetworkAllowList allowed, int defaultPort) {

  /** Checks the port. */
  public ConnectSettings {
    Objects.requireNonNull(allowed, "allowed");
    if (defaultPort < 1 || defaultPort > 65535) {
      throw new IllegalArgumentException("The default port is 1 to 65535, not " + defaultPort);
    }
  }
}
