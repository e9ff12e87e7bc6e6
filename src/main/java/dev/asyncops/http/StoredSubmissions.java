package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationStore.Unfinished;
import dev.asyncops.registry.Submission;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  /** For operations below these roots, made by the factory. */
  public StoredSubmissions(Roots roots, OperationFactory operations) {
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
            case OperationKinds.DELETE_BATCH -> deleteBatches.submission(wholeBatch(unfinished));
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

  /** One batch with the paths of the first start and of all that joined it. */
  private static DeleteBatchBody wholeBatch(Unfinished unfinished) {
    JsonText first = requireNonNullElse(unfinished.input(), unfinished.operation().request());
    DeleteBatchBody batch = read(first, DeleteBatchBody.class);
    List<@Nullable String> paths = new ArrayList<@Nullable String>();
    addPaths(batch, paths);
    for (JsonText added : unfinished.added()) {
      addPaths(read(added, DeleteBatchBody.class), paths);
    }
    return batch.withPaths(paths);
  }

  private static void addPaths(DeleteBatchBody batch, List<@Nullable String> paths) {
    if (batch.paths() != null) {
      paths.addAll(batch.paths());
    }
  }

  private static <T> T read(JsonText json, Class<T> type) {
    return StrictJson.read(json.text().getBytes(StandardCharsets.UTF_8), type);
  }
}
