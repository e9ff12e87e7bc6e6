package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.async.Operation;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.registry.ManifestId;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.Submission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges the body of a delete-batch and makes a submission of it. Touches no file. */
final class DeleteBatchStart {

  static final int MAX_NAME = 128;

  private final Roots roots;
  private final PathRules paths;
  private final OperationFactory operations;

  DeleteBatchStart(Roots roots, OperationFactory operations) {
    this.roots = roots;
    this.paths = new PathRules(roots);
    this.operations = operations;
  }

  /** The same for who reaches these roots: others do not exist. */
  DeleteBatchStart within(Reach reach) {
    Roots reached = roots.only(reach::has);
    return reached.equals(roots) ? this : new DeleteBatchStart(reached, operations);
  }

  /** The rules for its paths. */
  PathRules paths() {
    return paths;
  }

  /** The submission; ProblemException with everything that is wrong. */
  Submission submission(DeleteBatchBody body) {
    Violations violations = new Violations();
    checkName(body.batch(), violations);
    CommonOptions options = CommonOptions.of(body, violations);
    List<RootPath> named = paths(body.paths(), violations);
    violations.throwIfAny();
    DeleteBatchRequest request = request(BatchPaths.of(named), body);
    return submission(body, options, request, shown(named), null, input(body, named));
  }

  /** The submission for paths in memory, of any names; the body has none. */
  Submission submission(DeleteBatchBody body, List<RootPath> named) {
    Violations violations = new Violations();
    CommonOptions options = CommonOptions.of(body, violations);
    violations.throwIfAny();
    DeleteBatchRequest request = request(BatchPaths.of(named), body);
    return submission(body, options, request, shown(named), null, input(body, named));
  }

  /** The submission for paths that are in the store; the body has none. */
  Submission submission(DeleteBatchBody body, UploadedPaths uploaded) {
    Violations violations = new Violations();
    CommonOptions options = CommonOptions.of(body, violations);
    violations.throwIfAny();
    DeleteBatchRequest request = request(uploaded.paths(), body);
    OperationInput input = uploaded.input(body);
    return submission(body, options, request, uploaded.first(), uploaded.sha256(), input);
  }

  /** Refuses options without paths if anything is wrong with them. */
  void check(DeleteBatchBody body) {
    Violations violations = new Violations();
    checkName(body.batch(), violations);
    CommonOptions.of(body, violations);
    violations.throwIfAny();
  }

  /**
   * The submission of a batch that goes on after a restart; what the client was shown of it stays
   * as it is.
   *
   * @param joined the paths that had joined it
   * @param mark its last one
   */
  Submission again(
      DeleteBatchBody body,
      BatchPaths first,
      List<BatchPaths> joined,
      @Nullable DeleteBatchMark mark) {
    CommonOptions options = CommonOptions.of(body, new Violations());
    DeleteBatchRequest request = request(first, body);
    return options.submission(
        OperationKinds.DELETE_BATCH,
        operations.deleteBatchAgain(request, joined, mark, options.forOperation()),
        List.of(),
        roots(request),
        null,
        List.of(),
        join(body.batch(), request));
  }

  /** The paths of a body with all of them; ProblemException if they would be refused. */
  BatchPaths judged(DeleteBatchBody body) {
    Violations violations = new Violations();
    List<RootPath> named = paths(body.paths(), violations);
    violations.throwIfAny();
    return BatchPaths.of(named);
  }

  /** Refuses paths below roots where nothing may be deleted. */
  void checkRoots(BatchPaths judged) {
    Violations violations = new Violations();
    paths.checkDeletable(judged.sizes().keySet(), "/paths", violations);
    violations.throwIfAny();
  }

  private Submission submission(
      DeleteBatchBody body,
      CommonOptions options,
      DeleteBatchRequest request,
      List<String> shown,
      @Nullable String sha256,
      @Nullable OperationInput input) {
    Operation<?> operation = operations.deleteBatch(request, options.forOperation());
    return options.submission(
        OperationKinds.DELETE_BATCH,
        operation,
        DeleteBatchEcho.of(shown, sha256, request, body.batch(), options),
        roots(request),
        input,
        List.of(),
        join(body.batch(), request));
  }

  private static DeleteBatchRequest request(BatchPaths paths, DeleteBatchBody body) {
    return new DeleteBatchRequest(
        paths,
        requireNonNullElse(body.recursive(), false),
        requireNonNullElse(body.ignoreMissing(), false),
        requireNonNullElse(body.failFast(), false),
        requireNonNullElse(body.dryRun(), false));
  }

  private static RootSet roots(DeleteBatchRequest request) {
    return RootSet.of(request.paths().sizes().keySet());
  }

  private static List<String> shown(List<RootPath> named) {
    return named.stream().limit(DeleteBatchEcho.MAX_PATHS).map(RootPath::toString).toList();
  }

  /**
   * A long list is stored as a manifest, so that nobody has to read it but the operation; and one
   * with names that are not valid UTF-8, which the request does not tell.
   */
  private static @Nullable OperationInput input(DeleteBatchBody body, List<RootPath> named) {
    if (named.size() <= DeleteBatchEcho.MAX_PATHS
        && named.stream().allMatch(path -> path.oddBytes() == null)) {
      return null;
    }
    ManifestId id = ManifestId.next();
    ManifestBuilder manifest = ManifestBuilder.of(named);
    return new OperationInput(
        Json.text(ManifestInput.of(id, manifest.sizes(), body)), id, manifest.takeAll());
  }

  private static Submission.@Nullable Join join(
      @Nullable String batch, DeleteBatchRequest request) {
    return batch == null
        ? null
        : new Submission.Join(
            batch,
            List.of(
                request.recursive(),
                request.ignoreMissing(),
                request.failFast(),
                request.dryRun()));
  }

  private List<RootPath> paths(@Nullable List<@Nullable String> given, Violations violations) {
    if (given == null) {
      violations.invalid("/paths", "A list of paths is needed here; it may be empty.");
      return List.of();
    }
    return paths.deletable(given, "/paths", violations);
  }

  private static void checkName(@Nullable String batch, Violations violations) {
    if (batch != null
        && (batch.isEmpty() || batch.length() > MAX_NAME || !Texts.isPrintable(batch))) {
      violations.invalid("/batch", "A name has 1 to %d characters.".formatted(MAX_NAME));
    }
  }
}
