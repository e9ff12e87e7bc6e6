package dev.asyncops.http;

import dev.asyncops.async.Priority;
import dev.asyncops.registry.Submission.Report;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A connect operation as its client is shown what was asked for: with the defaults filled in. */
record ConnectEcho(
    String addressFile,
    BigDecimal connectTimeoutSeconds,
    BigDecimal readTimeoutSeconds,
    int maxBytes,
    Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    Report report) {}
