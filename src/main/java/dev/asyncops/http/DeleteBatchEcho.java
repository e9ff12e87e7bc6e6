package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.Priority;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.registry.Submission.Report;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delete-batch as its client is shown what was asked for: with the defaults filled in, and of a
 * long list the first {@value #MAX_PATHS} paths.
 *
 * @param pathCount the number of all paths, where not all are shown, or they were uploaded
 * @param sha256 the digest of the body with the paths, in hex, where they were uploaded
 */
record DeleteBatchEcho(
    List<String> paths,
    @JsonInclude(Include.NON_NULL) @Nullable Long pathCount,
    @JsonInclude(Include.NON_NULL) @Nullable String sha256,
    boolean recursive,
    boolean ignoreMissing,
    boolean failFast,
    @Nullable String batch,
    boolean dryRun,
    Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    Report report) {

  /** How many paths are shown. */
  static final int MAX_PATHS = 100;

  /**
   * Of a list.
   *
   * @param paths the first ones, maybe all
   * @param sha256 the digest of an upload; null if it was none
   */
  static DeleteBatchEcho of(
      List<String> paths,
      @Nullable String sha256,
      DeleteBatchRequest request,
      @Nullable String batch,
      CommonOptions options) {
    long all = request.paths().total();
    return new DeleteBatchEcho(
        paths,
        all > MAX_PATHS || sha256 != null ? all : null,
        sha256,
        request.recursive(),
        request.ignoreMissing(),
        request.failFast(),
        batch,
        request.dryRun(),
        options.priority(),
        options.bytesPerSecond(),
        options.timeoutSeconds(),
        options.report());
  }
}
