package dev.asyncops.store;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.ManifestChunk;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationStore.SaveCallback;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Keeps manifests in the database of the operations, written by the same thread. */
final class SqlManifestStore implements ManifestStore {

  private final MainContext context;
  private final WriteQueue queue;
  private final StoreReader reader;
  private final Removals removals;

  SqlManifestStore(MainContext context, WriteQueue queue, StoreReader reader, Removals removals) {
    this.context = context;
    this.queue = queue;
    this.reader = reader;
    this.removals = removals;
  }

  @Override
  public void addChunk(ManifestId manifest, ManifestChunk chunk, SaveCallback callback) {
    context.checkOwner();
    queue.putInTurn(new Chunk(manifest, chunk, removals.hold(manifest), callback));
  }

  @Override
  public void release(ManifestId manifest) {
    context.checkOwner();
    removals.release(manifest);
  }

  @Override
  public ManifestChunk read(ManifestId manifest, String root, long position)
      throws OperationException {
    return reader.chunk(manifest, root, position);
  }

  private record Chunk(
      ManifestId manifest, ManifestChunk chunk, boolean isFirst, SaveCallback callback)
      implements Write {

    @Override
    public void write(Statements statements) throws SQLException {
      statements.manifests().addChunk(manifest, chunk, isFirst);
    }

    @Override
    public void ended(@Nullable OperationException failure) {
      callback.ended(failure);
    }
  }
}
