package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.OperationError;
import dev.asyncops.registry.OperationId;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationSnapshot.Progress;
import dev.asyncops.registry.OperationState;
import dev.asyncops.registry.RootSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see in a terminal. */
class EventTextTests {

  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");

  @Test
  void bar_showsWhatIsDone_howFastItIs_andWhatIsLeft() {
    String bar = new ProgressText(80).of(progress(running(25, 100, 2_500_000L)));

    assertThat(bar)
        .isEqualTo(
            "\rcopy RUNNING [########--------------------------]  25% 25/100 2.5 MB/s ETA 1:15");
  }

  @Test
  void barOfWhatMovesNoBytes_showsItems() {
    assertThat(new ProgressText(80).of(progress(running(50, 100, null))))
        .endsWith("]  50% 50/100 5 items/s ETA 1:15");
  }

  @Test
  void shorterBar_blanksTheLongerOneOut() {
    ProgressText text = new ProgressText(200);
    String longer = text.of(progress(running(9, 10, 2_500_000L)));
    String shorter = text.of(progress(running(9, 10, null).withoutEta()));

    assertThat(shorter.length()).isEqualTo(longer.length());
    assertThat(shorter).endsWith(" ");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 45, 60, 80, 200, 500})
  void bar_fitsIntoOneLine(int columns) {
    OperationSnapshot large = running(1_234_567, 99_999_999, 999_900_000_000L).now();

    String bar = new ProgressText(columns).of(new OperationEvent(EventName.PROGRESS, 1, "", large));

    assertThat(bar.length() - 1).isLessThan(columns);
    assertThat(bar).contains("1234567/99999999");
  }

  @Test
  void narrowOutput_isALineForEachStateAndPercent() {
    ProgressText text = new ProgressText(39);

    String first = text.of(progress(running(1, 1000, null)));
    String same = text.of(progress(running(2, 1000, null)));
    String next = text.of(progress(running(10, 1000, null)));

    assertThat(first).isEqualTo("copy RUNNING 0% 1/1000 0 items/s ETA 1:15\n");
    assertThat(same).isEmpty();
    assertThat(next).isEqualTo("copy RUNNING 1% 10/1000 1 items/s ETA 1:15\n");
    assertThat(text.of(Pulse.HEARTBEAT)).isEmpty();
  }

  @Test
  void end_staysWithWhatWentWrongBelowIt() {
    ProgressText text = new ProgressText(80);
    OperationError error =
        new OperationError(ErrorCode.NOT_FOUND, "'data:\u001b[2J' is gone.", null);

    String end = text.of(new OperationEvent(EventName.END, 1, "", failed(error)));

    assertThat(end)
        .startsWith("\rcopy FAILED [")
        .contains(" in 0:10\n")
        .contains("NOT_FOUND: 'data:\uFFFD[2J' is gone.\n")
        .endsWith("1 failed, first data:a\uFFFDb\uFFFD: NOT_FOUND\n");
  }

  @Test
  void heartbeat_drawsTheBarAgain() {
    ProgressText text = new ProgressText(80);
    String bar = text.of(progress(running(1, 2, null)));

    assertThat(text.of(Pulse.OPENING)).isEmpty();
    assertThat(text.of(Pulse.HEARTBEAT)).isEqualTo(bar);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b", "\u009b", "\r", "\n", "\u202e", "\u2028", "\u200b", "\ud800"})
  void whatControlsATerminal_isReplaced(String character) {
    assertThat(OperationText.harmless("a" + character + "é")).isEqualTo("a\uFFFDé");
  }

  private static OperationEvent progress(Running running) {
    return new OperationEvent(EventName.PROGRESS, 1, "", running.now());
  }

  private static Running running(long done, long total, @Nullable Long bytesPerSecond) {
    return new Running(done, total, bytesPerSecond, 75L);
  }

  private record Running(long done, long total, @Nullable Long bytesPerSecond, @Nullable Long eta) {

    Running withoutEta() {
      return new Running(done, total, bytesPerSecond, null);
    }

    OperationSnapshot now() {
      return snapshot(this, OperationState.RUNNING, null, List.of());
    }
  }

  private static OperationSnapshot failed(OperationError error) {
    ItemResult item =
        ItemResult.failed(
            "data:a\nb\u202e", new OperationException(ErrorCode.NOT_FOUND, "It is gone."));
    return snapshot(running(1, 1, null), OperationState.FAILED, error, List.of(item));
  }

  private static OperationSnapshot snapshot(
      Running running,
      OperationState state,
      @Nullable OperationError error,
      List<ItemResult> failures) {
    double fraction = (double) running.done() / running.total();
    return new OperationSnapshot(
        new OperationId(new UUID(0x0193_0000_0000_7000L, 0x8000_0000_0000_0000L)),
        "copy",
        state,
        null,
        1,
        running.total() - running.done(),
        0,
        running.total(),
        true,
        running.done() - failures.size(),
        failures.size(),
        0,
        0,
        new Progress(0, null, running.bytesPerSecond(), fraction, running.eta()),
        Priority.DEFAULT,
        null,
        false,
        null,
        1,
        START,
        START,
        START.plusSeconds(10),
        null,
        null,
        null,
        new JsonText("{}"),
        Map.of(),
        null,
        "ci",
        RootSet.of(List.of("data")),
        null,
        error,
        failures,
        null);
  }
}
