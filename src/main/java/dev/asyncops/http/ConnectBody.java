package dev.asyncops.http;

import dev.asyncops.async.Priority;
import dev.asyncops.registry.Submission.Report;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /ops/connect}. */
record ConnectBody(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String addressFile,
    @Nullable BigDecimal connectTimeoutSeconds,
    @Nullable BigDecimal readTimeoutSeconds,
    @Nullable Integer maxBytes,
    @Nullable Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    @Nullable Map<String, @Nullable String> labels,
    @Nullable JsonNode userData,
    @Nullable Report report)
    implements StartBody {}
