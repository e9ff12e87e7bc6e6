package dev.asyncops.security;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Spring Security's filters, for bearer tokens in the header of each request: no session and no
 * cookie, so nothing that another site could ride on; no login, no default user. What is refused is
 * an {@link AccessRefusedException}.
 */
public final class BearerSecurity {

  private static final Logger LOG = System.getLogger(BearerSecurity.class.getName());

  private final ServerBearerTokenAuthenticationConverter tokens =
      new ServerBearerTokenAuthenticationConverter();

  private final ReactiveAuthenticationManager authentication;
  private final AccessRules rules;

  /** With somebody who believes tokens or not, and by these rules. */
  public BearerSecurity(ReactiveAuthenticationManager authentication, AccessRules rules) {
    this.authentication = authentication;
    this.rules = rules;
  }

  /** The filters. */
  public SecurityWebFilterChain chain(ServerHttpSecurity http) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .cors(ServerHttpSecurity.CorsSpec::disable)
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
        .headers(ServerHttpSecurity.HeaderSpec::disable) // each answer has its own
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .addFilterAt(bearer(), SecurityWebFiltersOrder.AUTHENTICATION)
        .authorizeExchange(exchanges -> exchanges.anyExchange().access(this::authorize))
        .build();
  }

  /** What is open is so whatever token comes along. */
  private AuthenticationWebFilter bearer() {
    AuthenticationWebFilter filter = new AuthenticationWebFilter(authentication);
    filter.setRequiresAuthenticationMatcher(
        exchange -> isOpen(exchange) ? MatchResult.notMatch() : MatchResult.match());
    filter.setServerAuthenticationConverter(this::token);
    filter.setAuthenticationSuccessHandler(BearerSecurity::known);
    filter.setAuthenticationFailureHandler((_, error) -> Mono.error(refusal(error)));
    return filter;
  }

  /** Of several headers one proxy could judge the first, and another one the last. */
  private Mono<Authentication> token(ServerWebExchange exchange) {
    return exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION).size() > 1
        ? Mono.error(new InvalidBearerTokenException("several headers"))
        : tokens.convert(exchange);
  }

  private boolean isOpen(ServerWebExchange exchange) {
    return rules.needOf(exchange.getRequest()) instanceof AccessRules.Need.Nothing;
  }

  private static Mono<Void> known(WebFilterExchange filtered, Authentication authentication) {
    ServerWebExchange exchange = filtered.getExchange();
    Caller caller = ((CallerAuthentication) authentication).caller();
    exchange.getAttributes().put(CallerAuthentication.ATTRIBUTE, caller);
    return filtered.getChain().filter(exchange);
  }

  private static AccessRefusedException refusal(AuthenticationException error) {
    if (error instanceof AuthenticationServiceException) {
      LOG.log(Level.WARNING, "A token could not be judged.", error);
      return AccessRefusedException.unable();
    }
    return AccessRefusedException.wrongToken();
  }

  private Mono<AuthorizationResult> authorize(
      Mono<Authentication> ignored, AuthorizationContext context) {
    return Mono.fromSupplier(() -> {
      ServerWebExchange exchange = context.getExchange();
      rules.check(exchange.getRequest(), exchange.getAttribute(CallerAuthentication.ATTRIBUTE));
      return new AuthorizationDecision(true);
    });
  }
}
