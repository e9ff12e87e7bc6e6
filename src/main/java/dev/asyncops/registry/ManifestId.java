package dev.asyncops.registry;

import java.util.UUID;

/** The id of a manifest: made by whoever makes the manifest, and never used again. */
public record ManifestId(UUID value) {

  /** A new one. */
  public static ManifestId next() {
    return new ManifestId(UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
