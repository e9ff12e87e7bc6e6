package dev.asyncops.security;

import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import reactor.core.publisher.Mono;

/** Believes the tokens of a {@linkplain TokensFile file}. */
public final class TokenAuthentication implements ReactiveAuthenticationManager {

  private final TokensFile tokens;

  /** By these tokens. */
  public TokenAuthentication(TokensFile tokens) {
    this.tokens = tokens;
  }

  @Override
  public Mono<Authentication> authenticate(Authentication asked) {
    String token = ((BearerTokenAuthenticationToken) asked).getToken();
    return tokens
        .callerWith(token)
        .<Mono<Authentication>>map(caller -> Mono.just(new CallerAuthentication(caller)))
        .orElseGet(() -> Mono.error(new InvalidBearerTokenException("unknown token")));
  }
}
