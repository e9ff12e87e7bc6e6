package dev.asyncops.config;

import dev.asyncops.config.AsyncopsProperties.AuthMode;
import dev.asyncops.security.AccessRules;
import dev.asyncops.security.AuditLog;
import dev.asyncops.security.BearerSecurity;
import dev.asyncops.security.ManagementPort;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;

/** Spring Security, where somebody has to say who they are; nothing of it is there otherwise. */
@Configuration(proxyBeanMethods = false)
@OnAuthMode({AuthMode.TOKEN, AuthMode.JWT})
@EnableWebFluxSecurity
class BearerConfiguration {

  @Bean
  ManagementPort managementPort() {
    return new ManagementPort();
  }

  /** The actuator's own server, if there is one, starts after the other one. */
  @Bean
  ApplicationListener<WebServerInitializedEvent> managementPortOpened(ManagementPort port) {
    return event -> {
      if ("management".equals(event.getApplicationContext().getServerNamespace())) {
        port.opened(event.getWebServer().getPort());
      }
    };
  }

  @Bean
  AccessRules accessRules(WebEndpointProperties actuator, ManagementPort port) {
    return new AccessRules(actuator.getBasePath(), port);
  }

  @Bean
  SecurityWebFilterChain bearerTokens(
      ServerHttpSecurity http, ReactiveAuthenticationManager authentication, AccessRules rules) {
    return new BearerSecurity(authentication, rules).chain(http);
  }

  /**
   * Malformed addresses are answered the same in every mode; what is let through reads no files.
   */
  @Bean
  ServerWebExchangeFirewall firewall() {
    return ServerWebExchangeFirewall.INSECURE_NOOP;
  }

  /** Our own metrics tell what there is to know. */
  @Bean
  SecurityObservationSettings securityObservations() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  AuditLog auditLog() {
    return new AuditLog();
  }
}
