package dev.asyncops.security;

import org.jspecify.annotations.Nullable;

/** A request that is not let through: nothing of it was done. */
public final class AccessRefusedException extends RuntimeException {

  /** Why a request is not let through. */
  public enum Reason {
    /** Nobody says who they are, or in a way that is not believed. */
    UNKNOWN_CALLER,
    /** The caller is known, and may not do this. */
    NOT_ALLOWED,
    /** It cannot be found out now who calls. */
    UNABLE
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final @Nullable String challenge;

  private AccessRefusedException(Reason reason, String detail, @Nullable String challenge) {
    super(detail, null, false, false);
    this.reason = reason;
    this.challenge = challenge;
  }

  /** Nobody said who they are. */
  static AccessRefusedException unauthenticated() {
    return new AccessRefusedException(
        Reason.UNKNOWN_CALLER, "A token is needed: 'Authorization: Bearer …'.", "Bearer");
  }

  /** Somebody said so in a way that is not believed. */
  static AccessRefusedException wrongToken() {
    return new AccessRefusedException(
        Reason.UNKNOWN_CALLER, "The token is not accepted.", "Bearer error=\"invalid_token\"");
  }

  /** It may not do this. */
  static AccessRefusedException without(Scope scope) {
    return new AccessRefusedException(
        Reason.NOT_ALLOWED,
        "This needs the scope '%s'.".formatted(scope.word()),
        "Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(scope.word()));
  }

  /** Nobody can say now whether a token is a good one. */
  static AccessRefusedException unable() {
    return new AccessRefusedException(
        Reason.UNABLE, "Tokens cannot be judged now; the log of the service says why.", null);
  }

  /** Why it is not let through. */
  public Reason reason() {
    return reason;
  }

  /** What the client is told. */
  public String detail() {
    String detail = getMessage();
    return detail == null ? "" : detail;
  }

  /** The {@code WWW-Authenticate} of the answer (RFC 6750); null for none. */
  public @Nullable String challenge() {
    return challenge;
  }
}
