package dev.asyncops.registry;

import java.util.Objects;

/**
 * What a client calls one start of its own, so that asking again does nothing again.
 *
 * @param createdBy who starts it
 * @param path where: the same key means another start at each path
 * @param value the client's own word
 */
public record IdempotencyKey(String createdBy, String path, String value) {

  /** Checks that all of it is there. */
  public IdempotencyKey {
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(value, "value");
  }
}
