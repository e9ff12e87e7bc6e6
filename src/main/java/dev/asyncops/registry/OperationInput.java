package dev.asyncops.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation has to be given to do all of its work, where its request does not say it all.
 *
 * @param json as its kind writes and reads it
 * @param manifest the manifest that it refers to, which belongs to the operation from its admission
 *     on; null if there is none
 * @param chunks what the manifest consists of, if that is to be written with the admission; empty
 *     if it was written before
 */
public record OperationInput(
    JsonText json, @Nullable ManifestId manifest, List<ManifestChunk> chunks) {

  /** Copies the list. */
  public OperationInput {
    chunks = List.copyOf(chunks);
  }

  /** One without a manifest. */
  public static OperationInput of(JsonText json) {
    return new OperationInput(json, null, List.of());
  }
}
