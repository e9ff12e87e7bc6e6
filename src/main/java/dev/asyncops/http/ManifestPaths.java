package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.PathBytes;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.ManifestStore;
import java.util.List;
import java.util.Map;

/** The paths of a manifest, read chunk by chunk. */
record ManifestPaths(ManifestStore store, ManifestId manifest, Map<String, Long> sizes)
    implements BatchPaths {

  @Override
  public List<RootPath> read(String root, long position) throws OperationException {
    ManifestChunk chunk = store.read(manifest, root, position);
    List<RootPath> paths = PathBytes.read(root, chunk.paths());
    long skipped = position - chunk.first();
    if (skipped >= paths.size()) {
      throw new OperationException(
          ErrorCode.STORE_UNAVAILABLE, "A part of the list of paths is missing.");
    }
    return paths.subList(Math.toIntExact(skipped), paths.size());
  }

  @Override
  public boolean isAtHand() {
    return false;
  }
}
