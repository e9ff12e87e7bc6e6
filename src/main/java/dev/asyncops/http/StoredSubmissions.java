package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.Submission;
import org.jspecify.annotations.Nullable;

/**
 * Makes the submission of an operation again from what is stored of it, by the same strict rules as
 * when it came: what the client is shown of a request is a body that asks for the same.
 *
 * <p><b>Threads</b>: any; touches no file.
 */
public final class StoredSubmissions {

  private final CopyStart copies;
  private final DeleteBatchStart deleteBatches;
  private final ConnectStart connects;

  private final ManifestStore manifests;

  /** For operations below these roots, made by the factory, with their manifests. */
  public StoredSubmissions(Roots roots, OperationFactory operations, ManifestStore manifests) {
    this.manifests = manifests;
    copies = new CopyStart(roots, operations);
    deleteBatches = new DeleteBatchStart(roots, operations);
    connects = new ConnectStart(roots, operations);
  }

  /**
   * All of the work of an operation again.
   *
   * @throws OperationException if it would be refused today: its root is gone or read-only, say;
   *     NOT_SUPPORTED if the service does not know its kind
   */
  public Submission again(Unfinished unfinished) throws OperationException {
    OperationSnapshot operation = unfinished.operation();
    try {
      Submission submission =
          switch (operation.kind()) {
            case OperationKinds.COPY -> copyAgain(unfinished);
            case OperationKinds.CONNECT ->
                connects.submission(read(operation.request(), ConnectBody.class), only(unfinished));
            case OperationKinds.DELETE_BATCH -> wholeBatch(unfinished);
            default ->
                throw new OperationException(
                    ErrorCode.NOT_SUPPORTED,
                    "There is no kind of operation '%s' any more.".formatted(operation.kind()));
          };
      return submission.as(operation);
    } catch (ProblemException e) {
      throw new OperationException(
          e.code(), "The operation cannot go on after a restart: " + e.detail(), e);
    }
  }

  private Submission copyAgain(Unfinished unfinished) {
    OperationSnapshot operation = unfinished.operation();
    return copies.again(
        CopyStart.body(operation.request()),
        only(unfinished),
        operation.mark() instanceof JsonText mark ? read(mark, CopyMark.class) : null);
  }

  /** Which items a retry does; null for what is no retry, or does all. */
  private static @Nullable RetriedItems only(Unfinished unfinished) {
    return unfinished.input() == null ? null : read(unfinished.input(), RetriedItems.class);
  }

  /** One batch with the paths of the first start and of all that joined it; reads no manifest. */
  private Submission wholeBatch(Unfinished unfinished) {
    OperationSnapshot operation = unfinished.operation();
    JsonText first = requireNonNullElse(unfinished.input(), operation.request());
    DeleteBatchBody options =
        ManifestInput.isOne(first.text())
            ? read(first, ManifestInput.class).options()
            : readBody(first);
    return deleteBatches.again(
        options,
        paths(first),
        unfinished.added().stream().map(this::paths).toList(),
        operation.mark() instanceof JsonText mark ? read(mark, DeleteBatchMark.class) : null);
  }

  /**
   * The paths of an input of a delete-batch; ProblemException if they would be refused today. Reads
   * no manifest.
   */
  BatchPaths paths(JsonText input) {
    if (!ManifestInput.isOne(input.text())) {
      return deleteBatches.judged(readBody(input));
    }
    ManifestInput stored = read(input, ManifestInput.class);
    BatchPaths paths = new ManifestPaths(manifests, stored.id(), stored.sizes());
    deleteBatches.checkRoots(paths);
    return paths;
  }

  private static DeleteBatchBody readBody(JsonText input) {
    return read(input, DeleteBatchBody.class);
  }

  private static <T> T read(JsonText json, Class<T> type) {
    return StrictJson.read(json.text(), type);
  }
}
