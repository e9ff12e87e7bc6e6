package dev.asyncops.observability;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationListener;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes what happens to operations into the log, one line of keys and values each.
 *
 * <ul>
 *   <li>INFO: an operation was admitted, its cancel was asked for, it ended.
 *   <li>WARN: an item failed, with path and code, the first 100 of an operation; at its end one
 *       line with the number of the rest (P9, K3). An operation that failed as a whole is one WARN
 *       too (S7).
 *   <li>What was cancelled is never more than INFO.
 * </ul>
 *
 * <p>Text that a client chose is {@linkplain LogText#safe neutralised}.
 *
 * <p><b>Threads</b>: main context only.
 */
public final class OperationLog implements OperationListener {

  private static final Logger LOG = LoggerFactory.getLogger(OperationLog.class);

  /** How many failed items of each live operation have a line already. */
  private final Map<OperationId, Long> itemLines = new HashMap<>();

  @Override
  public void published(@Nullable OperationSnapshot before, OperationSnapshot after) {
    if (before == null) {
      line(LOG.atInfo(), after)
          .addKeyValue("state", after.state())
          .addKeyValue("priority", after.priority())
          .addKeyValue("createdBy", LogText.safe(after.createdBy()))
          .log(after.attempt() == 1 ? "Operation admitted" : "Operation recovered");
    }
    if (after.cancelRequestTime() != null
        && (before == null || before.cancelRequestTime() == null)) {
      line(LOG.atInfo(), after)
          .addKeyValue("state", after.state())
          .addKeyValue("pending", after.pending())
          .addKeyValue("total", after.total())
          .log("Operation cancel requested");
    }
    if (after.state().isTerminal() && (before == null || !before.state().isTerminal())) {
      ended(after);
    }
  }

  @Override
  public void itemEnded(OperationSnapshot operation, ItemResult item) {
    if (item.state() != ItemState.FAILED || item.code() == ErrorCode.CANCELLED) {
      return;
    }
    long lines = itemLines.merge(operation.id(), 1L, Long::sum);
    if (lines <= OperationSnapshot.MAX_FIRST_ERRORS) {
      line(LOG.atWarn(), operation)
          .addKeyValue("path", LogText.safe(item.path()))
          .addKeyValue("code", item.code())
          .addKeyValue("detail", LogText.safe(Objects.requireNonNullElse(item.detail(), "")))
          .log("Item failed");
    }
  }

  private void ended(OperationSnapshot after) {
    Long counted = itemLines.remove(after.id());
    long lines = Math.min(counted == null ? 0 : counted, OperationSnapshot.MAX_FIRST_ERRORS);
    if (after.failed() > lines) {
      line(LOG.atWarn(), after)
          .addKeyValue("items", after.failed() - lines)
          .log(lines == 0 ? "Items failed" : "More items failed");
    }
    boolean failedAsAWhole = after.state() == OperationState.FAILED && after.failed() == 0;
    endLine(failedAsAWhole ? LOG.atWarn() : LOG.atInfo(), after).log("Operation ended");
  }

  private static LoggingEventBuilder endLine(LoggingEventBuilder builder, OperationSnapshot after) {
    LoggingEventBuilder line =
        line(builder, after)
            .addKeyValue("state", after.state())
            .addKeyValue("total", after.total())
            .addKeyValue("succeeded", after.succeeded())
            .addKeyValue("failed", after.failed())
            .addKeyValue("skipped", after.skipped())
            .addKeyValue("cancelled", after.cancelled())
            .addKeyValue("bytes", after.progress().bytesDone())
            .addKeyValue("millis", millis(after.createTime(), after.endTime()));
    return after.error() == null ? line : withError(line, after.error());
  }

  private static LoggingEventBuilder withError(LoggingEventBuilder builder, OperationError error) {
    LoggingEventBuilder line =
        error.stage() == null ? builder : builder.addKeyValue("stage", error.stage());
    return line.addKeyValue("code", error.code())
        .addKeyValue("detail", LogText.safe(error.detail()));
  }

  private static LoggingEventBuilder line(
      LoggingEventBuilder builder, OperationSnapshot operation) {
    return builder.addKeyValue("id", operation.id()).addKeyValue("kind", operation.kind());
  }

  private static long millis(Instant from, @Nullable Instant to) {
    return to == null ? 0 : Duration.between(from, to).toMillis();
  }
}
