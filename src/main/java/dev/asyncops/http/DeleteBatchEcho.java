package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.Priority;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.registry.Submission.Report;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delete-batch as its client is shown what was asked for: with the defaults filled in, and of a
 * long list the first {@value #MAX_PATHS} paths.
 *
 * @param pathCount the number of all paths, where not all are shown
 */
record DeleteBatchEcho(
    List<String> paths,
    @JsonInclude(Include.NON_NULL) @Nullable Integer pathCount,
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

  static DeleteBatchEcho of(
      DeleteBatchRequest request, @Nullable String batch, CommonOptions options) {
    List<RootPath> paths = request.paths();
    return new DeleteBatchEcho(
        paths.stream().limit(MAX_PATHS).map(RootPath::toString).toList(),
        paths.size() > MAX_PATHS ? paths.size() : null,
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

  /** Whether all paths are shown. */
  @JsonIgnore
  boolean isWhole() {
    return pathCount == null;
  }

  /** The same with all paths, as a body that starts the whole batch again. */
  DeleteBatchEcho withAll(List<RootPath> all) {
    return new DeleteBatchEcho(
        all.stream().map(RootPath::toString).toList(),
        null,
        recursive,
        ignoreMissing,
        failFast,
        batch,
        dryRun,
        priority,
        bytesPerSecond,
        timeoutSeconds,
        report);
  }
}
