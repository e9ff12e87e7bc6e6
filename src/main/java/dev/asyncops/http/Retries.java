package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.registry.ItemBlock;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.registry.Submission;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
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
 *   <li>Of a delete-batch the paths that failed are deleted, and the named ones that had not ended;
 *       with recursive but for those that {@linkplain PathsLeft go with others}. A long list is
 *       written to the store as it is read from there, chunk by chunk.
 * </ul>
 *
 * <p>It works below the roots of the operation, all of which exist for who sees that, and has them
 * also where nothing is left to do: labels and user data are for no other eyes.
 *
 * <p>Nothing is left out silently: where the failures are not all listed, or are more than can be
 * done again, the retry is refused.
 *
 * <p><b>Threads</b>: reads the report, which blocks.
 */
final class Retries {

  /** So many failures can be retried: their paths are in memory. */
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

  private static final int PATHS_AT_ONCE = 1024;

  private static final DeleteBatchMark NOTHING_LEFT = new DeleteBatchMark(0, List.of(), 0, 0);

  private final Roots roots;
  private final CopyStart copies;
  private final DeleteBatchStart deleteBatches;
  private final ConnectStart connects;
  private final StoredSubmissions stored;

  /** What is stored of an operation beside its snapshot. Blocks. */
  interface Kept {

    /** The blocks of its failed items, as {@link OperationRegistry#items} has them. */
    List<ItemBlock> failures(long from, int limit) throws OperationException;

    /** What it was given. */
    OperationStore.Inputs inputs() throws OperationException;
  }

  /** For operations below these roots, made by the factory, with their manifests. */
  Retries(Roots roots, OperationFactory operations, ManifestStore manifests) {
    this.roots = roots;
    copies = new CopyStart(roots, operations);
    deleteBatches = new DeleteBatchStart(roots, operations);
    connects = new ConnectStart(roots, operations);
    stored = new StoredSubmissions(roots, operations, manifests);
  }

  /**
   * The submission; ProblemException as for any start, PENDING if the operation is not over, CLOSED
   * if its failures are not known, MESSAGE_TOO_LARGE if there are too many.
   *
   * @param kept what else is stored of it
   * @param list writes the paths of a long list, which are awaited
   * @throws OperationException STORE_UNAVAILABLE, also from what is returned
   */
  Mono<Submission> submission(OperationSnapshot over, Kept kept, PathWriter list)
      throws OperationException {
    if (!over.state().isTerminal()) {
      throw new ProblemException(ErrorCode.PENDING, "The operation is not over yet.")
          .inFavourOf(over.id());
    }
    Mono<Submission> again =
        switch (over.kind()) {
          case OperationKinds.CONNECT -> Mono.just(connect(over));
          case OperationKinds.COPY -> Mono.just(copy(over, kept));
          case OperationKinds.DELETE_BATCH -> deleteBatch(over, kept, list);
          default ->
              throw new ProblemException(
                  ErrorCode.NOT_SUPPORTED,
                  "There is no kind of operation '%s' any more.".formatted(over.kind()));
        };
    return again.map(
        submission -> submission.with(over.labels(), over.userData()).below(over.roots()));
  }

  private Submission connect(OperationSnapshot over) {
    ConnectBody body = read(over.request(), ConnectBody.class);
    return connects.submission(body, isDone(over) ? RetriedItems.NONE : null);
  }

  private Submission copy(OperationSnapshot over, Kept kept) throws OperationException {
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
    return copies.submission(body, isWhole ? null : RetriedItems.of(over, failed(over, kept)));
  }

  private Mono<Submission> deleteBatch(OperationSnapshot over, Kept kept, PathWriter list)
      throws OperationException {
    ObjectNode options = (ObjectNode) Json.STRICT.readTree(over.request().text());
    options.retain(BATCH_OPTIONS);
    DeleteBatchBody body = read(new JsonText(options.toString()), DeleteBatchBody.class);
    PathsLeft left = left(over, kept, requireNonNullElse(body.recursive(), false));
    return left.atMost() <= DeleteBatchEcho.MAX_PATHS
        ? Mono.just(deleteBatches.submission(body, left.next(DeleteBatchEcho.MAX_PATHS)))
        : write(left, list).map(written -> deleteBatches.submission(body, written));
  }

  private PathsLeft left(OperationSnapshot over, Kept kept, boolean recursive)
      throws OperationException {
    List<RootPath> failed = RetriedItems.of(over, failed(over, kept)).paths(roots);
    deleteBatches.checkRoots(BatchPaths.of(failed));
    DeleteBatchMark mark = mark(over);
    List<BatchPaths> inputs = mark.equals(NOTHING_LEFT) ? List.of() : inputs(over, kept, mark);
    return recursive
        ? PathsLeft.recursive(failed, inputs, mark)
        : PathsLeft.of(failed, inputs, mark);
  }

  private static DeleteBatchMark mark(OperationSnapshot over) {
    return switch (over.mark()) {
      case DeleteBatchMark mark -> mark;
      case JsonText mark -> read(mark, DeleteBatchMark.class);
      case null, default -> {
        if (over.cancelled() > 0) {
          throw new ProblemException(
              ErrorCode.CLOSED, "Which paths this batch has not begun is not known.");
        }
        yield NOTHING_LEFT;
      }
    };
  }

  private List<BatchPaths> inputs(OperationSnapshot over, Kept kept, DeleteBatchMark mark)
      throws OperationException {
    OperationStore.Inputs inputs = kept.inputs();
    JsonText first = requireNonNullElse(inputs.first(), over.request());
    if (inputs.added().size() + 1 < mark.inputs()
        || (inputs.first() == null && isInPart(over.request()))) {
      throw new ProblemException(
          ErrorCode.CLOSED, "The paths of this batch are not remembered any more.");
    }
    return Stream.concat(Stream.of(first), inputs.added().stream()).map(stored::paths).toList();
  }

  /** Whether a request shows some of its paths only. */
  private static boolean isInPart(JsonText request) {
    return Json.STRICT.readTree(request.text()).has("pathCount");
  }

  private static Mono<UploadedPaths> write(PathsLeft left, PathWriter list) {
    return Flux.<List<RootPath>>generate(
            sink -> {
              try {
                List<RootPath> some = left.next(PATHS_AT_ONCE);
                if (some.isEmpty()) {
                  sink.complete();
                } else {
                  sink.next(some);
                }
              } catch (OperationException e) {
                sink.error(e);
              }
            })
        .concatMap(
            some -> {
              some.forEach(list::add);
              return list.writeFull();
            },
            1)
        .then(list.finish(null));
  }

  private static boolean isDone(OperationSnapshot over) {
    return over.state() == OperationState.SUCCEEDED;
  }

  private static List<ItemResult> failed(OperationSnapshot over, Kept kept)
      throws OperationException {
    if (over.failed() > MAX_FAILURES) {
      throw new ProblemException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "%d items failed; at most %d are retried at once."
              .formatted(over.failed(), MAX_FAILURES));
    }
    List<ItemResult> failed = new ArrayList<>();
    long from = 0;
    for (List<ItemBlock> some = kept.failures(from, 8);
        !some.isEmpty();
        some = kept.failures(from, 8)) {
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
