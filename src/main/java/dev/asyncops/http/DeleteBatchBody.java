package dev.asyncops.http;

import dev.asyncops.async.Priority;
import dev.asyncops.registry.Submission.Report;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /ops/delete-batch}. */
record DeleteBatchBody(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<@Nullable String> paths,
    @Nullable Boolean recursive,
    @Nullable Boolean ignoreMissing,
    @Nullable Boolean failFast,
    @Nullable String batch,
    @Nullable Boolean dryRun,
    @Nullable Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    @Nullable Map<String, @Nullable String> labels,
    @Nullable JsonNode userData,
    @Nullable Report report)
    implements StartBody {

  /** The same for other paths. */
  DeleteBatchBody withPaths(@Nullable List<@Nullable String> others) {
    return new DeleteBatchBody(
        others,
        recursive,
        ignoreMissing,
        failFast,
        batch,
        dryRun,
        priority,
        bytesPerSecond,
        timeoutSeconds,
        labels,
        userData,
        report);
  }
}
