package dev.asyncops.registry;

import java.util.Objects;

/**
 * What was asked for with a key.
 *
 * @param key the client's name for it
 * @param fingerprint the same for whoever asks for the same, in hexadecimal digits
 */
public record KeyedRequest(IdempotencyKey key, String fingerprint) {

  /** Checks that both are there. */
  public KeyedRequest {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
