package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.registry.Submission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges the body of a delete-batch and makes a submission of it. Touches no file. */
final class DeleteBatchStart {

  private static final int MAX_NAME = 128;

  private final PathRules paths;
  private final OperationFactory operations;

  DeleteBatchStart(Roots roots, OperationFactory operations) {
    this.paths = new PathRules(roots);
    this.operations = operations;
  }

  /** The submission; ProblemException with everything that is wrong. */
  Submission submission(DeleteBatchBody body) {
    Violations violations = new Violations();
    checkName(body.batch(), violations);
    CommonOptions options = CommonOptions.of(body, violations);
    DeleteBatchRequest request =
        new DeleteBatchRequest(
            paths(body.paths(), violations),
            requireNonNullElse(body.recursive(), false),
            requireNonNullElse(body.ignoreMissing(), false),
            requireNonNullElse(body.failFast(), false),
            requireNonNullElse(body.dryRun(), false));
    violations.throwIfAny();
    DeleteBatchEcho shown = DeleteBatchEcho.of(request, body.batch(), options);
    return options.submission(
        OperationKinds.DELETE_BATCH,
        operations.deleteBatch(request, options.forOperation()),
        shown,
        shown.isWhole() ? null : Json.text(shown.withAll(request.paths())),
        List.of(),
        join(body.batch(), request));
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
