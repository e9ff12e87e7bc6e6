package dev.asyncops.security;

import org.springframework.web.server.ServerWebExchange;

/** Knows who sends a request. <b>Threads</b>: any; never blocks. */
@FunctionalInterface
public interface Callers {

  /**
   * Who sent it.
   *
   * @throws IllegalStateException if somebody has to say who they are, and nobody did; such a
   *     request gets no answer but a refusal before this is asked
   */
  Caller of(ServerWebExchange exchange);

  /** Where nobody has to say who they are. */
  static Callers anonymous() {
    return _ -> Caller.ANONYMOUS;
  }

  /** Where somebody has to: whom the request was let through for. */
  static Callers authenticated() {
    return exchange -> {
      Caller caller = exchange.getAttribute(CallerAuthentication.ATTRIBUTE);
      if (caller == null) {
        throw new IllegalStateException("Nobody said who they are.");
      }
      return caller;
    };
  }
}
