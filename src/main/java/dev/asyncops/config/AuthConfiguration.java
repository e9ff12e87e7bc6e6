package dev.asyncops.config;

import dev.asyncops.config.AsyncopsProperties.AuthMode;
import dev.asyncops.security.Callers;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who may use the service, where nobody has to say who they are and where somebody has to. */
@Configuration(proxyBeanMethods = false)
class AuthConfiguration {

  @Bean
  Callers callers(AsyncopsProperties properties, ServerProperties server) {
    if (properties.auth().mode() != AuthMode.NONE) {
      return Callers.authenticated();
    }
    checkAddress(server.getAddress(), properties.auth().allowAnonymous());
    return Callers.anonymous();
  }

  /** Where everybody may do everything, everybody must be on this machine. */
  private static void checkAddress(@Nullable InetAddress address, boolean allowAnonymous) {
    if (!allowAnonymous && (address == null || !address.isLoopbackAddress())) {
      throw new InvalidConfigurationPropertyValueException(
          "server.address",
          address == null ? "" : address.getHostAddress(),
          "Nobody has to say who they are (asyncops.auth.mode=none), so it must be a loopback"
              + " address. Set asyncops.auth.mode to token or jwt; or, if other machines may do"
              + " everything, asyncops.auth.allow-anonymous=true.");
    }
  }
}
