package dev.asyncops.operations;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import org.jspecify.annotations.Nullable;

/** Makes the outcomes of items that are paths. */
final class PathResults {

  private PathResults() {}

  /** A path that did not fail. */
  static ItemResult of(RootPath path, ItemState state) {
    return of(path, null, state, 0, null);
  }

  /** The same, with where it went, and what was moved. */
  static ItemResult of(
      RootPath path,
      @Nullable RootPath destination,
      ItemState state,
      long bytes,
      @Nullable String sha256) {
    return new ItemResult(
        path.toString(), path.oddBytes(), shown(destination), state, null, null, bytes, sha256);
  }

  /** A path that failed. */
  static ItemResult failed(
      RootPath path, @Nullable RootPath destination, OperationException error) {
    return new ItemResult(
        path.toString(),
        path.oddBytes(),
        shown(destination),
        ItemState.FAILED,
        error.code(),
        error.detail(),
        0,
        null);
  }

  private static @Nullable String shown(@Nullable RootPath path) {
    return path == null ? null : path.toString();
  }
}
