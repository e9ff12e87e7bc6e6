package dev.asyncops.http;

import dev.asyncops.async.ItemResult;
import dev.asyncops.registry.OperationSnapshot;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One operation as a progress bar: one line that is drawn again and again, and stays when the
 * operation is over, with what went wrong below it.
 *
 * <p>On less than {@value #LEAST_COLUMNS} columns, or on what is no terminal, it is a line for each
 * state and each percent.
 */
final class ProgressText implements EventText {

  static final int LEAST_COLUMNS = 40;
  private static final int LEAST_BAR = 10;
  private static final int MOST_BAR = 50;

  private final int columns;
  private String shown = "";

  /** On so many columns. */
  ProgressText(int columns) {
    this.columns = columns;
  }

  @Override
  public String of(StreamEvent event) {
    return switch (event) {
      case OperationEvent now -> of(now);
      case SummaryEvent _ -> "";
      case Pulse pulse -> of(pulse);
    };
  }

  /** A bar that is drawn again changes nothing, and what is in between sees that it is alive. */
  private String of(Pulse pulse) {
    return pulse == Pulse.HEARTBEAT && isTerminal() ? "\r" + shown : "";
  }

  private String of(OperationEvent event) {
    OperationSnapshot operation = event.operation();
    if (event.name() == EventName.END) {
      return (isTerminal() ? bar(operation) + "\n" : lineIfNew(operation)) + errors(operation);
    }
    return isTerminal() ? bar(operation) : lineIfNew(operation);
  }

  private boolean isTerminal() {
    return columns >= LEAST_COLUMNS;
  }

  private String lineIfNew(OperationSnapshot operation) {
    String key = operation.state() + OperationText.percent(operation);
    if (key.equals(shown)) {
      return "";
    }
    shown = key;
    return joined(
            head(operation),
            OperationText.percent(operation).strip(),
            OperationText.counts(operation),
            OperationText.rate(operation),
            OperationText.time(operation))
        + "\n";
  }

  private String bar(OperationSnapshot operation) {
    String head = head(operation) + " ";
    String counts = " " + OperationText.percent(operation) + " " + OperationText.counts(operation);
    String tail = joined(counts, OperationText.rate(operation), OperationText.time(operation));
    if (room(head, tail) < LEAST_BAR) {
      tail = counts;
    }
    String line = head + cells(operation, room(head, tail)) + tail;
    return redrawn(line.substring(0, Math.min(line.length(), columns - 1)));
  }

  /** The last column stays free: a terminal may go to the next line when it is written. */
  private int room(String head, String tail) {
    return Math.min(MOST_BAR, columns - 1 - head.length() - tail.length() - 2);
  }

  private static String cells(OperationSnapshot operation, int room) {
    if (room < LEAST_BAR) {
      return "";
    }
    double fraction = Objects.requireNonNullElse(operation.progress().fraction(), 0.0);
    int done = (int) (room * Math.min(1, fraction));
    return "[" + "#".repeat(done) + "-".repeat(room - done) + "]";
  }

  /** Over what is there, with blanks where that was longer. */
  private String redrawn(String line) {
    String blanks = " ".repeat(Math.max(0, shown.length() - line.length()));
    shown = line;
    return "\r" + line + blanks;
  }

  private static String errors(OperationSnapshot operation) {
    StringBuilder lines = new StringBuilder();
    if (operation.error() != null) {
      lines.append(OperationText.error(operation.error())).append('\n');
    }
    List<ItemResult> failures = operation.firstErrors();
    if (!failures.isEmpty()) {
      ItemResult first = failures.getFirst();
      lines.append(
          "%d failed, first %s: %s\n"
              .formatted(operation.failed(), OperationText.harmless(first.path()), first.code()));
    }
    return lines.toString();
  }

  private static String head(OperationSnapshot operation) {
    return operation.kind() + " " + operation.state();
  }

  private static String joined(String... parts) {
    return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
  }
}
