package dev.asyncops.config;

import dev.asyncops.config.AsyncopsProperties.AuthMode;
import dev.asyncops.security.JwtAuthentication;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * Callers who say who they are by a JWT. How it is checked is set by Boot's own properties, {@code
 * spring.security.oauth2.resourceserver.jwt.*}.
 */
@Configuration(proxyBeanMethods = false)
@OnAuthMode(AuthMode.JWT)
class JwtConfiguration {

  @Bean
  JwtAuthentication jwtAuthentication(ObjectProvider<ReactiveJwtDecoder> decoder) {
    ReactiveJwtDecoder known = decoder.getIfAvailable();
    if (known == null) {
      throw new InvalidConfigurationPropertyValueException(
          "spring.security.oauth2.resourceserver.jwt.issuer-uri",
          "",
          "With asyncops.auth.mode=jwt there must be an issuer-uri, a jwk-set-uri or a"
              + " public-key-location.");
    }
    return new JwtAuthentication(known);
  }
}
