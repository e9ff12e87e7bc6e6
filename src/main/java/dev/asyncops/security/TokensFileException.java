package dev.asyncops.security;

/**
 * A tokens file that is not accepted. The message says where and why, and nothing that is in it.
 */
public final class TokensFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TokensFileException(String message) {
    super(message, null, false, false);
  }
}
