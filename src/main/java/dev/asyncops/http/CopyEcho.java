package dev.asyncops.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.asyncops.async.Priority;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import dev.asyncops.operations.CopyRequest.Verify;
import dev.asyncops.registry.Submission.Report;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy as its client is shown what was asked for: with the defaults filled in.
 *
 * @param retryOf the operation of which it copies again what failed; absent if it copies all
 */
record CopyEcho(
    String source,
    String destination,
    OnConflict onConflict,
    boolean parents,
    List<Preserve> preserve,
    Verify verify,
    Durability durability,
    List<String> include,
    List<String> exclude,
    boolean failFast,
    boolean dryRun,
    Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable BigDecimal timeoutSeconds,
    Report report,
    @JsonInclude(Include.NON_NULL) @Nullable String retryOf) {

  static CopyEcho of(CopyRequest request, CommonOptions options, @Nullable String retryOf) {
    return new CopyEcho(
        request.source().toString(),
        request.destination().toString(),
        request.onConflict(),
        request.parents(),
        request.preserve().stream().sorted().toList(),
        request.verify(),
        request.durability(),
        request.include(),
        request.exclude(),
        request.failFast(),
        request.dryRun(),
        options.priority(),
        options.bytesPerSecond(),
        options.timeoutSeconds(),
        options.report(),
        retryOf);
  }
}
