package dev.asyncops.config;

import dev.asyncops.config.AsyncopsProperties.AuthMode;
import dev.asyncops.security.TokenAuthentication;
import dev.asyncops.security.TokensFile;
import dev.asyncops.security.TokensFileException;
import dev.asyncops.security.TokensFileWatch;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Callers who say who they are by a token of a file. */
@Configuration(proxyBeanMethods = false)
@OnAuthMode(AuthMode.TOKEN)
class TokenConfiguration {

  @Bean
  TokensFile tokensFile(AsyncopsProperties properties) {
    Path file = Objects.requireNonNull(properties.auth().tokensFile()); // checked there
    try {
      return new TokensFile(file);
    } catch (TokensFileException e) {
      throw new InvalidConfigurationPropertyValueException(
          "asyncops.auth.tokens-file", file, e.getMessage());
    }
  }

  @Bean
  TokensFileWatch tokensFileWatch(TokensFile file) {
    return new TokensFileWatch(file);
  }

  @Bean
  TokenAuthentication tokenAuthentication(TokensFile file) {
    return new TokenAuthentication(file);
  }
}
