package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeletePiece.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeletePieceTests {

  private static final DeleteBatchOptions PLAIN =
      new DeleteBatchOptions(false, false, false, false, false, false);
  private static final DeleteBatchOptions FAIL_FAST =
      new DeleteBatchOptions(false, false, true, false, false, false);

  private final Cancellable stop = new Cancellable();
  private final Recorder recorder = new Recorder();

  @Test
  void allSucceed_oneOutcomeTellsTheNumber() {
    piece(5, _ -> {}, PLAIN, false).run();

    assertThat(recorder.over).isEqualTo(new Outcome(5, List.of(), List.of(), 0, null));
    assertThat(recorder.slices).isEmpty();
  }

  @Test
  void p10_cancelledOnTheWay_theRestIsNotTouched() {
    List<RootPath> touched = new ArrayList<>();

    piece(
            5,
            path -> {
              touched.add(path);
              if (touched.size() == 2) {
                stop.cancel();
              }
            },
            PLAIN,
            false)
        .run();

    assertThat(touched).hasSize(2);
    assertThat(recorder.over).isEqualTo(new Outcome(2, List.of(), List.of(), 3, null));
  }

  @Test
  void failFast_firstFailureStopsAll_andIsTold() {
    OperationException failure = new OperationException(ErrorCode.BUSY, "In use.");

    piece(5, failAt("p1", failure), FAIL_FAST, false).run();

    assertThat(stop.isCancelled()).isTrue();
    assertThat(recorder.over)
        .isEqualTo(
            new Outcome(1, List.of(ItemResult.failed("data:p1", failure)), List.of(), 3, failure));
  }

  @Test
  void failFast_failureAfterTheStop_isNotTheOneThatStopped() {
    OperationException failure = new OperationException(ErrorCode.BUSY, "In use.");

    piece(
            1,
            _ -> {
              stop.cancel();
              throw failure;
            },
            FAIL_FAST,
            false)
        .run();

    assertThat(recorder.over.stoppedBy()).isNull();
    assertThat(recorder.over.reported()).hasSize(1);
  }

  @Test
  void directoryWithEntries_isToldWhereItWillBeWalked_andFailsElsewhere() {
    OperationException notEmpty = new OperationException(ErrorCode.NOT_EMPTY, "Not empty.");

    piece(2, failAt("p1", notEmpty), PLAIN, true).run();
    Outcome walked = recorder.over;
    piece(2, failAt("p1", notEmpty), PLAIN, false).run();
    Outcome plain = recorder.over;

    assertThat(walked).isEqualTo(new Outcome(1, List.of(), List.of(path(1)), 0, null));
    assertThat(plain.reported()).containsExactly(ItemResult.failed("data:p1", notEmpty));
  }

  @Test
  void overASlice_tellsWhatIsDone_andGivesWay() {
    DeletePiece piece = piece(3, path -> spinIf(path.equals(path(1))), PLAIN, false);

    piece.run();
    boolean overAfterOneTurn = !recorder.over.equals(Recorder.NOT_OVER);
    piece.run();

    assertThat(overAfterOneTurn).isFalse();
    assertThat(recorder.slices).containsExactly(new Outcome(2, List.of(), List.of(), 0, null));
    assertThat(recorder.over).isEqualTo(new Outcome(1, List.of(), List.of(), 0, null));
  }

  private DeletePiece piece(
      int paths, DeletePiece.Deletion deletion, DeleteBatchOptions options, boolean walks) {
    List<RootPath> all = IntStream.range(0, paths).mapToObj(DeletePieceTests::path).toList();
    return new DeletePiece(all, deletion, options, walks, stop, recorder);
  }

  private static RootPath path(int number) {
    return new RootPath("data", List.of("p" + number));
  }

  private static DeletePiece.Deletion failAt(String name, OperationException failure) {
    return path -> {
      if (path.name().equals(name)) {
        throw failure;
      }
    };
  }

  /** As long as a slice, of real time: the piece looks at the real clock. */
  private static void spinIf(boolean condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(condition ? 25 : 0);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static final class Recorder implements DeletePiece.Listener {

    private static final Outcome NOT_OVER = new Outcome(-1, List.of(), List.of(), 0, null);

    private final List<Outcome> slices = new ArrayList<>();
    private Outcome over = NOT_OVER;

    @Override
    public void sliceOver(DeletePiece piece, Outcome outcome) {
      slices.add(outcome);
    }

    @Override
    public void pieceOver(Outcome outcome) {
      over = outcome;
    }
  }
}
