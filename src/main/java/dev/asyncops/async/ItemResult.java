package dev.asyncops.async;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of one item: one path of a batch, one entry of a tree, one step of a series.
 *
 * @param path what the item is, e.g. {@code data:in/a.txt}
 * @param pathBase64 the bytes of the path below its root, where it is not valid UTF-8 and so is
 *     shown with U+FFFD; null otherwise
 * @param destination where it went; null if it goes nowhere
 * @param state how it ended
 * @param code why it failed; null unless it did
 * @param detail the failure for people; null unless it failed
 * @param bytes how many bytes were moved for it
 * @param sha256 the digest of what was written, in hex; null unless asked for
 */
public record ItemResult(
    String path,
    @Nullable String pathBase64,
    @Nullable String destination,
    ItemState state,
    @Nullable ErrorCode code,
    @Nullable String detail,
    long bytes,
    @Nullable String sha256) {

  /** An item that ended without failing and moved nothing. */
  public static ItemResult of(String path, ItemState state) {
    return new ItemResult(path, null, null, state, null, null, 0, null);
  }

  /** An item that failed. */
  public static ItemResult failed(String path, OperationException error) {
    return new ItemResult(
        path, null, null, ItemState.FAILED, error.code(), error.detail(), 0, null);
  }
}
