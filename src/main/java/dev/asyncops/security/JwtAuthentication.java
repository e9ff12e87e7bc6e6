package dev.asyncops.security;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import reactor.core.publisher.Mono;

/**
 * Believes JWTs that their issuer has signed: {@code sub} says who calls, {@code scope} has words,
 * {@code roots} a list of names, or {@code *}. Scopes of others are passed over; a claim that is
 * missing gives nothing, one of another form makes the token a wrong one.
 */
public final class JwtAuthentication implements ReactiveAuthenticationManager {

  private final JwtReactiveAuthenticationManager signed;

  /** With this one to check signatures and times. */
  public JwtAuthentication(ReactiveJwtDecoder decoder) {
    signed = new JwtReactiveAuthenticationManager(decoder);
    signed.setJwtAuthenticationConverter(jwt -> Mono.fromSupplier(() -> authentication(jwt)));
  }

  @Override
  public Mono<Authentication> authenticate(Authentication asked) {
    return signed.authenticate(asked);
  }

  private static CallerAuthentication authentication(Jwt jwt) {
    Object subject = jwt.getClaims().get("sub");
    if (!(subject instanceof String name) || !Caller.isName(name)) {
      throw new InvalidBearerTokenException("sub is not a name");
    }
    return new CallerAuthentication(
        Caller.of(name, scopes(jwt.getClaims().get("scope")), roots(jwt.getClaims().get("roots"))));
  }

  private static Set<Scope> scopes(@Nullable Object claim) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    switch (claim) {
      case null -> {}
      case String words ->
          Arrays.stream(words.split(" ", -1))
              .forEach(word -> Scope.of(word).ifPresent(scopes::add));
      default -> throw new InvalidBearerTokenException("scope is not a text");
    }
    return scopes;
  }

  private static Set<String> roots(@Nullable Object claim) {
    Set<String> roots = new LinkedHashSet<>();
    switch (claim) {
      case null -> {}
      case Collection<?> names -> names.forEach(name -> roots.add(root(name)));
      default -> throw new InvalidBearerTokenException("roots is not a list");
    }
    return roots;
  }

  private static String root(@Nullable Object name) {
    if (name instanceof String text) {
      return text;
    }
    throw new InvalidBearerTokenException("roots is not a list of texts");
  }
}
