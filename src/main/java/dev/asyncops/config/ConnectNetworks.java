package dev.asyncops.config;

import dev.asyncops.operations.NetworkAllowList;
import java.util.List;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Reads the networks that connect operations may reach, at the start. */
final class ConnectNetworks {

  private ConnectNetworks() {}

  /**
   * The list.
   *
   * @throws InvalidConfigurationPropertyValueException if one of them is malformed
   */
  static NetworkAllowList read(List<String> networks) {
    try {
      return NetworkAllowList.of(networks);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigurationPropertyValueException(
          "asyncops.connect.allow", networks, e.getMessage());
    }
  }
}
