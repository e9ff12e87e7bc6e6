package dev.asyncops.security;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller who is known, as Spring Security carries it. It keeps no token. */
final class CallerAuthentication extends AbstractAuthenticationToken {

  /** Where an exchange has its caller. */
  static final String ATTRIBUTE = Caller.class.getName();

  private static final long serialVersionUID = 1L;

  private final transient Caller caller;

  CallerAuthentication(Caller caller) {
    super(List.of());
    this.caller = caller;
    setAuthenticated(true);
  }

  Caller caller() {
    return caller;
  }

  @Override
  public Object getPrincipal() {
    return caller;
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public String getName() {
    return caller.name();
  }
}
