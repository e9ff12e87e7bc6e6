package dev.asyncops.http;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of a change: a JSON merge patch (RFC 7396). A member that is absent stays as it is, one
 * that is null gets its default. {@link OperationPatch} judges them.
 */
record PatchBody(
    @Nullable JsonNode priority,
    @Nullable JsonNode bytesPerSecond,
    @Nullable JsonNode paused,
    @Nullable JsonNode labels)
    implements JsonBody {

  /** What it is called. */
  static final String MERGE_PATCH = "application/merge-patch+json";
}
