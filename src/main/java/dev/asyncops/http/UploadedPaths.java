package dev.asyncops.http;

import dev.asyncops.operations.BatchPaths;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationInput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths that were uploaded, or written by the service itself, and are in the store.
 *
 * @param id their manifest
 * @param sizes how many there are below each root
 * @param paths all of them
 * @param first the first of them, to be shown
 * @param sha256 the digest of the body they came in, in hex; null if they came in none
 */
record UploadedPaths(
    ManifestId id,
    Map<String, Long> sizes,
    BatchPaths paths,
    List<String> first,
    @Nullable String sha256) {

  /** What is stored with the operation. */
  OperationInput input(DeleteBatchBody options) {
    return new OperationInput(Json.text(ManifestInput.of(id, sizes, options)), id, List.of());
  }
}
