package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operations in parallel: delete many files, and know when the last one is gone.
 *
 * <ul>
 *   <li>Two counts tell: what has not started and what has not finished. The batch is over when
 *       both are zero (P5).
 *   <li>A call while a batch runs joins it: the counts grow, the cancellable is shared (P2).
 *   <li>The counts belong to the batch and not to the deleter, so a batch that is over or cancelled
 *       cannot be confused with the one that follows it (P6, P8).
 * </ul>
 */
class ParallelTests {

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path folder;

  private final Window window = new Window();
  private final Deleter deleter = new Deleter(stage, window);

  private static final class Deleter {

    private final Stage stage;
    private final AsyncFiles files;
    private final Window window;
    private @Nullable Batch deleting;

    Deleter(Stage stage, Window window) {
      this.stage = stage;
      this.window = window;
      files = new AsyncFiles(stage);
    }

    void delete(List<Path> paths) {
      Batch batch = deleting;
      if (batch == null || batch.cancellable.isCancelled()) {
        batch = new Batch();
        deleting = batch;
      }
      batch.total += paths.size();
      batch.pending += paths.size();
      batch.toStart += paths.size(); // added, since the window below may call this again (P4)
      window.showProgress(batch);
      for (Path path : List.copyOf(paths)) {
        start(path, batch);
      }
      Batch joined = batch;
      if (paths.isEmpty()) {
        stage.context.post(() -> announceIfOver(joined)); // nothing else would (P12)
      }
    }

    private void start(Path path, Batch batch) {
      batch.toStart--;
      files.delete(path, batch.cancellable, (_, result) -> onDeleted(path, result, batch));
    }

    private void onDeleted(Path path, Task<@Nullable Void> result, Batch batch) {
      try {
        files.finishDelete(path, result);
        batch.deleted++;
      } catch (OperationException e) {
        batch.count(e);
      }
      batch.pending--;
      window.showProgress(batch);
      announceIfOver(batch);
    }

    /** The deleter is idle before anybody hears of it, so what they start then is new (P6). */
    private void announceIfOver(Batch batch) {
      if (batch.announced || batch.pending != 0 || batch.toStart != 0) {
        return;
      }
      batch.announced = true;
      if (deleting == batch) {
        deleting = null;
      }
      window.showEnd(batch);
    }

    void cancel() {
      if (deleting != null) {
        deleting.cancellable.cancel();
      }
    }

    boolean isDeleting() {
      return deleting != null;
    }
  }

  private static final class Batch {

    private final Cancellable cancellable = new Cancellable();
    private int total;
    private int pending;
    private int toStart;
    private int deleted;
    private int failed;
    private int cancelled;
    private boolean announced;

    void count(OperationException error) {
      if (error.isCancelled()) {
        cancelled++;
      } else {
        failed++;
      }
    }
  }

  /** What the user sees; a test may have it act when progress or an end is shown. */
  private static final class Window {

    private final List<String> progress = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private Runnable onFirstProgress = () -> {};
    private Runnable onFirstEnd = () -> {};

    void showProgress(Batch batch) {
      progress.add(batch.pending + " of " + batch.total);
      Runnable act = onFirstProgress;
      onFirstProgress = () -> {};
      act.run();
    }

    void showEnd(Batch batch) {
      ends.add(
          "%d deleted, %d failed, %d cancelled"
              .formatted(batch.deleted, batch.failed, batch.cancelled));
      Runnable act = onFirstEnd;
      onFirstEnd = () -> {};
      act.run();
    }
  }

  @Test
  void p1_p5_p11_batch_countsDown_andEndsOnce() throws Exception {
    List<Path> paths = List.of(file("a"), file("b"), file("c"));

    deleter.delete(paths);
    stage.turn();

    assertThat(window.progress).containsExactly("3 of 3", "2 of 3", "1 of 3", "0 of 3");
    assertThat(window.ends).containsExactly("3 deleted, 0 failed, 0 cancelled");
    assertThat(deleter.isDeleting()).isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void p2_secondCall_joinsTheRunningBatch() throws Exception {
    deleter.delete(List.of(file("a")));
    deleter.delete(List.of(file("b"), file("c")));
    stage.turn();

    assertThat(window.progress).startsWith("1 of 1", "3 of 3").endsWith("0 of 3");
    assertThat(window.ends).containsExactly("3 deleted, 0 failed, 0 cancelled");
  }

  @Test
  void p4_d6_d7_joinBeforeTheFirstHasStarted_isAddedToTheCounts() throws Exception {
    Path late = file("late");
    window.onFirstProgress = () -> deleter.delete(List.of(late));

    deleter.delete(List.of(file("a"), file("b")));
    stage.turn();

    assertThat(window.ends).containsExactly("3 deleted, 0 failed, 0 cancelled");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void p6_p7_d8_callFromTheAnnouncement_beginsANewBatch() throws Exception {
    Path late = file("late");
    window.onFirstEnd = () -> deleter.delete(List.of(late));

    deleter.delete(List.of(file("a")));
    stage.turnToTheEnd();

    assertThat(window.progress).containsExactly("1 of 1", "0 of 1", "1 of 1", "0 of 1");
    assertThat(window.ends)
        .containsExactly("1 deleted, 0 failed, 0 cancelled", "1 deleted, 0 failed, 0 cancelled");
  }

  @Test
  void p8_d10_callAfterTheCancel_isNotCancelledWithTheOldBatch() throws Exception {
    Path kept = file("kept");

    deleter.delete(List.of(kept));
    deleter.cancel();
    deleter.delete(List.of(file("a")));
    stage.turn();

    assertThat(window.ends)
        .containsExactly("0 deleted, 0 failed, 1 cancelled", "1 deleted, 0 failed, 0 cancelled");
    assertThat(kept).exists();
    assertThat(deleter.isDeleting()).isFalse();
  }

  @Test
  void p9_failedFile_doesNotStopTheOthers() throws Exception {
    deleter.delete(List.of(folder.resolve("missing"), file("a")));
    stage.turn();

    assertThat(window.ends).containsExactly("1 deleted, 1 failed, 0 cancelled");
  }

  @Test
  void p10_cancel_leavesTheFilesWhoseTurnHasNotCome() throws Exception {
    Path kept = file("kept");

    deleter.delete(List.of(file("a")));
    stage.workers.run();
    deleter.delete(List.of(kept));
    deleter.cancel();
    stage.turn();

    assertThat(kept).exists();
    assertThat(folder.resolve("a")).doesNotExist();
    assertThat(window.ends).containsExactly("1 deleted, 0 failed, 1 cancelled");
  }

  @Test
  void p12_d9_emptyList_endsLater_andLeavesTheDeleterIdle() {
    deleter.delete(List.of());
    assertThat(window.ends).isEmpty();
    stage.callbacks();

    assertThat(window.ends).containsExactly("0 deleted, 0 failed, 0 cancelled");
    assertThat(deleter.isDeleting()).isFalse();
  }

  @Test
  void p12_emptyListThatJoins_announcesNothingOfItsOwn() throws Exception {
    deleter.delete(List.of(file("a")));
    deleter.delete(List.of());
    stage.callbacks();
    assertThat(window.ends).isEmpty();
    stage.turn();

    assertThat(window.ends).containsExactly("1 deleted, 0 failed, 0 cancelled");
  }

  @Test
  void p15_changingTheListAfterwards_changesNothing() throws Exception {
    List<Path> paths = new ArrayList<>(List.of(file("a")));

    deleter.delete(paths);
    paths.add(file("kept"));
    stage.turn();

    assertThat(folder.resolve("kept")).exists();
    assertThat(window.ends).containsExactly("1 deleted, 0 failed, 0 cancelled");
  }

  private Path file(String name) throws IOException {
    return Files.createFile(folder.resolve(name));
  }
}
