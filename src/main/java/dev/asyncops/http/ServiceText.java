package dev.asyncops.http;

import dev.asyncops.registry.OperationSnapshot;
import java.time.temporal.ChronoUnit;

/** All operations as text: a line for each state that one enters, and for each end. */
final class ServiceText implements EventText {

  @Override
  public String of(StreamEvent event) {
    return switch (event) {
      case OperationEvent entered -> line(entered.operation());
      case SummaryEvent begin -> line(begin.summary());
      case Pulse _ -> "";
    };
  }

  private static String line(OperationSnapshot operation) {
    return "%s %s %-12s %-10s %s%s\n"
        .formatted(
            operation.updateTime().truncatedTo(ChronoUnit.SECONDS),
            operation.id(),
            operation.kind(),
            operation.state(),
            OperationText.counts(operation),
            operation.error() == null ? "" : "  " + OperationText.error(operation.error()));
  }

  private static String line(SummaryBody summary) {
    return "%d queued, %d running, %d of %d items pending\n"
        .formatted(summary.queued(), summary.running(), summary.pending(), summary.total());
  }
}
