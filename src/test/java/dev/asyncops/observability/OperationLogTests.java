package dev.asyncops.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines an operator reads. */
class OperationLogTests {

  private static final Instant T0 = Snapshots.ADMITTED;

  private final Logger logger = (Logger) LoggerFactory.getLogger(OperationLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final OperationLog log = new OperationLog();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void aLifeWithACancel_isThreeLinesOfInfo() {
    Snapshots operation = new Snapshots("copy", 1);
    OperationSnapshot admitted = operation.admitted(4);
    OperationSnapshot started = operation.started(T0);
    OperationSnapshot cancelling = operation.cancelRequested(T0.plusSeconds(1));
    OperationSnapshot ended =
        operation.ended(
            OperationState.CANCELLED,
            T0.plusSeconds(2),
            new OperationError(ErrorCode.CANCELLED, "The operation was cancelled.", null));

    log.published(null, admitted);
    log.published(admitted, started);
    log.published(started, cancelling);
    log.published(cancelling, ended);

    assertThat(texts())
        .containsExactly(
            "INFO Operation admitted id=%s kind=copy state=QUEUED priority=DEFAULT createdBy=ci"
                .formatted(operation.id()),
            "INFO Operation cancel requested id=%s kind=copy state=CANCELLING pending=4 total=4"
                .formatted(operation.id()),
            ("INFO Operation ended id=%s kind=copy state=CANCELLED total=4 succeeded=0 failed=0"
                    + " skipped=0 cancelled=4 bytes=0 millis=2000 code=CANCELLED"
                    + " detail=The operation was cancelled.")
                .formatted(operation.id()));
  }

  @Test
  void p9_failedItems_areOneWarnEachUpToAHundredAndThenANumber() {
    Snapshots operation = new Snapshots("delete-batch", 1);
    OperationSnapshot running = operation.admitted(150);

    for (int i = 0; i < 130; i++) {
      log.itemEnded(running, failed("data:" + i, ErrorCode.NOT_FOUND));
    }
    OperationSnapshot counted = operation.items(20, 130, 0, 0);
    log.published(counted, operation.ended(OperationState.PARTIAL, T0.plusSeconds(2), null));

    List<String> warnings = texts().stream().filter(line -> line.startsWith("WARN")).toList();
    assertThat(warnings).hasSize(101);
    assertThat(warnings.getFirst())
        .isEqualTo(
            "WARN Item failed id=%s kind=delete-batch path=data:0 code=NOT_FOUND detail=Gone."
                .formatted(operation.id()));
    assertThat(warnings.getLast())
        .isEqualTo(
            "WARN More items failed id=%s kind=delete-batch items=30".formatted(operation.id()));
    assertThat(texts().getLast()).startsWith("INFO Operation ended").contains("state=PARTIAL");
  }

  @Test
  void k3_oneFailedItem_isExactlyOneWarn() {
    Snapshots operation = new Snapshots("copy", 1);
    OperationSnapshot running = operation.admitted(1);

    log.itemEnded(running, failed("data:a", ErrorCode.NO_SPACE));
    OperationSnapshot counted = operation.items(0, 1, 0, 0);
    log.published(
        counted,
        operation.ended(
            OperationState.FAILED, T0, new OperationError(ErrorCode.NO_SPACE, "Full.", null)));

    assertThat(lines.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.INFO);
  }

  @Test
  void s7_anOperationThatFailsAsAWhole_isOneWarnWithStageAndCode() {
    Snapshots operation = new Snapshots("connect", 1);
    OperationSnapshot running = operation.admitted(0);

    log.published(
        running,
        operation.ended(
            OperationState.FAILED,
            T0,
            new OperationError(ErrorCode.CONNECTION_REFUSED, "Refused.", "CONNECT")));

    assertThat(texts())
        .singleElement()
        .asString()
        .startsWith("WARN Operation ended")
        .endsWith("stage=CONNECT code=CONNECTION_REFUSED detail=Refused.");
  }

  @Test
  void failuresThatNobodyReported_areCountedInOneWarn() {
    Snapshots operation = new Snapshots("delete-batch", 1);
    OperationSnapshot running = operation.admitted(3);

    log.published(running, withFailures(operation, 3));

    assertThat(texts().getFirst())
        .isEqualTo("WARN Items failed id=%s kind=delete-batch items=3".formatted(operation.id()));
  }

  @Test
  void k3_cancelledAndDoneItems_areNotLogged() {
    OperationSnapshot running = new Snapshots("delete-batch", 1).admitted(3);

    log.itemEnded(running, ItemResult.of("data:a", ItemState.CANCELLED));
    log.itemEnded(running, ItemResult.of("data:b", ItemState.SUCCEEDED));
    log.itemEnded(running, failed("data:c", ErrorCode.CANCELLED));

    assertThat(lines.list).isEmpty();
  }

  @Test
  void aHostileName_cannotForgeALineOrAField() {
    Snapshots operation = new Snapshots("copy", 1).createdBy("ci\nWARN \"forged\"");
    OperationSnapshot running = operation.admitted(1);

    log.published(null, running);
    log.itemEnded(
        running, failed("data:x\r\n2026 ERROR\u2028\u001b[31m\u202e", ErrorCode.NOT_FOUND));

    assertThat(texts().getFirst()).endsWith("createdBy=ci\\u000aWARN \\\"forged\\\"");
    assertThat(texts().getLast())
        .contains("path=data:x\\u000d\\u000a2026 ERROR\\u2028\\u001b[31m\\u202e code");
  }

  private static OperationSnapshot withFailures(Snapshots operation, int failed) {
    operation.items(0, failed, 0, 0);
    return operation.ended(OperationState.FAILED, T0, null);
  }

  private static ItemResult failed(String path, ErrorCode code) {
    return ItemResult.failed(path, new OperationException(code, "Gone."));
  }

  private List<String> texts() {
    return lines.list.stream().map(OperationLogTests::text).toList();
  }

  private static String text(ILoggingEvent line) {
    String fields =
        line.getKeyValuePairs().stream()
            .map(pair -> " " + pair.key + "=" + pair.value)
            .collect(Collectors.joining());
    return line.getLevel() + " " + line.getFormattedMessage() + fields;
  }
}
