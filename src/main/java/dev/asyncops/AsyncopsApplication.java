package dev.asyncops;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.reactive.ReactiveOAuth2ResourceServerWebSecurityAutoConfiguration;

/**
 * Starts the service.
 *
 * <p>Only {@code dev.asyncops.config} is scanned: every bean is made by a {@code @Bean} method
 * there, so the wiring can be read in one place. Security is wired there, too: Boot's own would be
 * on without being asked for, with a user and a password that it makes up.
 */
@SpringBootApplication(
    scanBasePackages = "dev.asyncops.config",
    exclude = {
      ReactiveWebSecurityAutoConfiguration.class,
      ReactiveUserDetailsServiceAutoConfiguration.class,
      ReactiveManagementWebSecurityAutoConfiguration.class,
      ReactiveOAuth2ResourceServerWebSecurityAutoConfiguration.class
    })
public class AsyncopsApplication {

  /** Runs the service until the process is told to end. */
  public static void main(String[] args) {
    SpringApplication.run(AsyncopsApplication.class, args);
  }
}
