package dev.asyncops.http;

import dev.asyncops.async.Priority;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import dev.asyncops.operations.CopyRequest.Verify;
import dev.asyncops.registry.Submission.Report;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /ops/copy}. */
record CopyBody(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String source,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String destination,
    @Nullable OnConflict onConflict,
    @Nullable Boolean parents,
    @Nullable List<@Nullable Preserve> preserve,
    @Nullable Verify verify,
    @Nullable Durability durability,
    @Nullable List<@Nullable String> include,
    @Nullable List<@Nullable String> exclude,
    @Nullable Boolean failFast,
    @Nullable Boolean dryRun,
    @Nullable Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    @Nullable Map<String, @Nullable String> labels,
    @Nullable JsonNode userData,
    @Nullable Report report)
    implements StartBody {}
