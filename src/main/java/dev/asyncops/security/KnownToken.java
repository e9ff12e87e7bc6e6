package dev.asyncops.security;

import java.security.MessageDigest;

/** A token that is accepted, by its digest, and who has it. Does not show the digest. */
final class KnownToken {

  private final byte[] sha256;
  private final Caller caller;

  KnownToken(byte[] sha256, Caller caller) {
    this.sha256 = sha256.clone();
    this.caller = caller;
  }

  Caller caller() {
    return caller;
  }

  /** Whether it has this digest; takes the same time wherever that differs. */
  boolean is(byte[] digest) {
    return MessageDigest.isEqual(sha256, digest);
  }

  @Override
  public String toString() {
    return caller.toString();
  }
}
