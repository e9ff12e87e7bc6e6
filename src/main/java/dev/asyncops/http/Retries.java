package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.Submission;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the submission of a retry: what failed or was cancelled of an operation that is over, with
 * its options, labels and user data, judged by the same rules as any start.
 *
 * <ul>
 *   <li>Of what succeeded there is nothing to do.
 *   <li>A connect, and a copy that did not get to its end, is done again as a whole. Of such a copy
 *       nothing appeared, or it merged, and its conflicts are decided anew.
 *   <li>Of a copy that got to its end what failed is copied again, with all below it; so it is of
 *       such a retry, unless that was cancelled.
 *   <li>Of a delete-batch the paths that failed are deleted, but for those below another one.
 * </ul>
 *
 * <p>Nothing is left out silently: where the failures are not all listed, or are more than can be
 * done again, the retry is refused.
 *
 * <p><b>Threads</b>: reads the report, which blocks.
 */
final class Retries {

  /** So many failures can be retried: their paths are in memory, and in the request's input. */
  static final int MAX_FAILURES = 100_000;

  /** What a retry of a delete-batch has in common with it; a batch that goes on is not joined. */
  private static final List<String> BATCH_OPTIONS =
      List.of(
          "recursive",
          "ignoreMissing",
          "failFast",
          "dryRun",
          "priority",
          "bytesPerSecond",
          "timeoutSeconds",
          "report");

  private final Roots roots;
  private final CopyStart copies;
  private final DeleteBatchStart deleteBatches;
  private final ConnectStart connects;

  /** For operations below these roots, made by the factory. */
  Retries(Roots roots, OperationFactory operations) {
    this.roots = roots;
    copies = new CopyStart(roots, operations);
    deleteBatches = new DeleteBatchStart(roots, operations);
    connects = new ConnectStart(roots, operations);
  }

  /**
   * The submission; ProblemException as for any start, PENDING if the operation is not over, CLOSED
   * if its failures are not known, MESSAGE_TOO_LARGE if there are too many.
   *
   * @param failures the blocks of its failed items
   * @throws OperationException STORE_UNAVAILABLE
   */
  Submission submission(OperationSnapshot over, ItemPage.Source failures)
      throws OperationException {
    if (!over.state().isTerminal()) {
      throw new ProblemException(ErrorCode.PENDING, "The operation is not over yet.")
          .inFavourOf(over.id());
    }
    Submission again =
        switch (over.kind()) {
          case OperationKinds.CONNECT -> connect(over);
          case OperationKinds.COPY -> copy(over, failures);
          case OperationKinds.DELETE_BATCH -> deleteBatch(over, failures);
          default ->
              throw new ProblemException(
                  ErrorCode.NOT_SUPPORTED,
                  "There is no kind of operation '%s' any more.".formatted(over.kind()));
        };
    return again.with(over.labels(), over.userData());
  }

  private Submission connect(OperationSnapshot over) {
    ConnectBody body = read(over.request(), ConnectBody.class);
    return connects.submission(body, isDone(over) ? RetriedItems.NONE : null);
  }

  private Submission copy(OperationSnapshot over, ItemPage.Source failures)
      throws OperationException {
    CopyBody body = CopyStart.body(over.request());
    if (isDone(over)) {
      return copies.submission(body, RetriedItems.NONE);
    }
    String first = CopyStart.retryOf(over.request());
    if (first != null && over.cancelled() > 0) {
      throw new ProblemException(
          ErrorCode.CLOSED,
          "Which entries this retry has not begun is not known; retry operation %s again."
              .formatted(first));
    }
    boolean isWhole = first == null && over.state() != OperationState.PARTIAL;
    return copies.submission(body, isWhole ? null : RetriedItems.of(over, failed(over, failures)));
  }

  private Submission deleteBatch(OperationSnapshot over, ItemPage.Source failures)
      throws OperationException {
    if (over.cancelled() > 0) {
      throw new ProblemException(
          ErrorCode.NOT_SUPPORTED,
          "Which paths were not begun is not known; only a batch that got to its end is retried.");
    }
    List<ItemResult> failed = failed(over, failures);
    if (failed.stream().anyMatch(item -> item.pathBase64() != null)) {
      throw new ProblemException(
          ErrorCode.NOT_SUPPORTED, "A failed name is not valid UTF-8; such are not retried.");
    }
    ObjectNode options = (ObjectNode) Json.STRICT.readTree(over.request().text());
    options.retain(BATCH_OPTIONS);
    DeleteBatchBody body = read(new JsonText(options.toString()), DeleteBatchBody.class);
    return deleteBatches.submission(body.withPaths(topmost(over, failed)));
  }

  /** The paths without those below others: they go with them, or fail with them. */
  private List<@Nullable String> topmost(OperationSnapshot over, List<ItemResult> failed) {
    List<RootPath> paths = RetriedItems.of(over, failed).paths(roots);
    Set<RootPath> all = new HashSet<>(paths);
    List<@Nullable String> topmost = new ArrayList<@Nullable String>();
    for (RootPath path : paths) {
      if (!isBelowOne(path, all)) {
        topmost.add(path.toString());
      }
    }
    return topmost;
  }

  private static boolean isBelowOne(RootPath path, Set<RootPath> all) {
    RootPath above = path;
    while (!above.isRoot()) {
      above = above.parent();
      if (all.contains(above)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDone(OperationSnapshot over) {
    return over.state() == OperationState.SUCCEEDED;
  }

  private static List<ItemResult> failed(OperationSnapshot over, ItemPage.Source failures)
      throws OperationException {
    if (over.failed() > MAX_FAILURES) {
      throw new ProblemException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "%d items failed; at most %d are retried at once."
              .formatted(over.failed(), MAX_FAILURES));
    }
    List<ItemResult> failed = new ArrayList<>();
    long from = 0;
    for (List<ItemBlock> some = failures.read(from, 8);
        !some.isEmpty();
        some = failures.read(from, 8)) {
      some.forEach(block -> failed.addAll(block.items()));
      from = some.getLast().number() + 1;
    }
    if (failed.size() != over.failed()) {
      throw new ProblemException(
          ErrorCode.CLOSED,
          "%d items failed, and the operation's report lists %d of them."
              .formatted(over.failed(), failed.size()));
    }
    return failed;
  }

  private static <T> T read(JsonText json, Class<T> type) {
    return StrictJson.read(json.text().getBytes(StandardCharsets.UTF_8), type);
  }
}
