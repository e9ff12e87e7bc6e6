package dev.asyncops.http;

import dev.asyncops.registry.ManifestId;
import java.util.Map;
import java.util.UUID;

/**
 * What is stored of a delete-batch whose paths are in a manifest.
 *
 * @param manifest the manifest
 * @param sizes how many paths it has below each root
 * @param options the body that would ask for the same, without paths
 */
record ManifestInput(UUID manifest, Map<String, Long> sizes, DeleteBatchBody options) {

  private static final String START = "{\"manifest\":";

  static ManifestInput of(ManifestId id, Map<String, Long> sizes, DeleteBatchBody options) {
    return new ManifestInput(id.value(), sizes, options.withPaths(null));
  }

  /** Whether a stored input is one of these, and not a body with paths. */
  static boolean isOne(String json) {
    return json.startsWith(START);
  }

  ManifestId id() {
    return new ManifestId(manifest);
  }
}
