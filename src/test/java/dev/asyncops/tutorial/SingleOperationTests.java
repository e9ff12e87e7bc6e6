package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * One operation: a button that starts a copy and a button that cancels it.
 *
 * <ul>
 *   <li>The two halves stand in the order in which they happen: {@code onCopyPressed}, {@code
 *       onCopied}.
 *   <li>The cancellable is there exactly while a copy runs; no flag can disagree with it (A9).
 *   <li>The cancel button only cancels. Everything that has to change is changed by the callback,
 *       which comes whatever happens (K4).
 * </ul>
 */
class SingleOperationTests {

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path folder;

  private final Copier copier = new Copier(stage);
  private final Heard heard = new Heard();
  private Path source;
  private Path destination;

  private static final class Copier {

    private final Stage stage;
    private final AsyncFiles files;
    private final List<String> warnings = new ArrayList<>();
    private @Nullable Cancellable copying;

    Copier(Stage stage) {
      this.stage = stage;
      files = new AsyncFiles(stage);
    }

    void onCopyPressed(Path source, Path destination, Ended callback) {
      if (copying != null) {
        refuse(callback);
        return;
      }
      copying = new Cancellable();
      files.copy(source, destination, copying, (_, result) -> onCopied(source, result, callback));
    }

    private void onCopied(Path source, Task<Long> result, Ended callback) {
      // First of all, so that no way out can miss it, and the callback may copy again (K2).
      copying = null;
      OperationException error = null;
      try {
        files.finishCopy(source, result);
      } catch (OperationException e) {
        error = e;
        warnUnlessCancelled(e);
      }
      callback.ended(error);
    }

    void onCancelPressed() {
      if (copying != null) {
        copying.cancel();
      }
    }

    boolean isCopying() {
      return copying != null;
    }

    /** Also a refusal comes through the callback, and later (A3). */
    private void refuse(Ended callback) {
      OperationException pending =
          new OperationException(ErrorCode.PENDING, "A copy is going on already.");
      stage.context.post(Priority.DEFAULT, () -> callback.ended(pending));
    }

    /** To be cancelled is an ending, not a failure (K3). */
    private void warnUnlessCancelled(OperationException error) {
      if (!error.isCancelled()) {
        warnings.add("The copy failed: " + error.detail());
      }
    }
  }

  @BeforeEach
  void writeSource() throws IOException {
    source = Files.writeString(folder.resolve("source"), "roses");
    destination = folder.resolve("destination");
  }

  @Test
  void a9_copy_isGoingOnFromThePressToTheCallback() throws InterruptedException {
    copier.onCopyPressed(source, destination, heard);
    assertThat(copier.isCopying()).isTrue();
    stage.workers.run();
    assertThat(copier.isCopying()).isTrue();
    stage.callbacks();

    assertThat(copier.isCopying()).isFalse();
    assertThat(heard.answers()).containsExactly(Heard.DONE);
    assertThat(destination).hasSameBinaryContentAs(source);
  }

  @Test
  void k1_d17_secondPress_hearsPending_andTheFirstGoesOn() throws InterruptedException {
    Heard second = new Heard();

    copier.onCopyPressed(source, destination, heard);
    copier.onCopyPressed(source, folder.resolve("another"), second);
    assertThat(second.answers()).isEmpty();
    stage.turn();

    assertThat(second.answers()).containsExactly(ErrorCode.PENDING);
    assertThat(heard.answers()).containsExactly(Heard.DONE);
    assertThat(destination).exists();
    assertThat(folder.resolve("another")).doesNotExist();
  }

  @Test
  void k4_cancelPressed_changesNothingBeforeTheCallback() throws InterruptedException {
    copier.onCopyPressed(source, destination, heard);
    copier.onCancelPressed();
    assertThat(copier.isCopying()).isTrue();
    assertThat(heard.answers()).isEmpty();
    stage.turn();

    assertThat(copier.isCopying()).isFalse();
    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
  }

  @Test
  void k3_k8_d2_cancelledCopy_isNoWarning_andLeavesNoFile() throws InterruptedException {
    copier.onCopyPressed(source, destination, heard);
    copier.onCancelPressed();
    stage.turn();

    assertThat(copier.warnings).isEmpty();
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(source));
  }

  @Test
  void k2_k3_d2_failedCopy_isOneWarning_andFreesTheSlot() throws InterruptedException {
    copier.onCopyPressed(folder.resolve("missing"), destination, heard);
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.NOT_FOUND);
    assertThat(copier.warnings).hasSize(1);
    assertThat(copier.isCopying()).isFalse();
  }

  @Test
  void k4_d4_cancelPressedWhileIdle_doesNothingNowOrToTheNextCopy() throws InterruptedException {
    copier.onCancelPressed();
    copier.onCopyPressed(source, destination, heard);
    stage.turn();

    assertThat(heard.answers()).containsExactly(Heard.DONE);
  }

  @Test
  void k2_callback_mayStartTheNextCopy() throws InterruptedException {
    Path next = folder.resolve("next");

    copier.onCopyPressed(source, destination, _ -> copier.onCopyPressed(source, next, heard));
    stage.turnToTheEnd();

    assertThat(heard.answers()).containsExactly(Heard.DONE);
    assertThat(next).hasSameBinaryContentAs(source);
  }

  @Test
  void k8_t15_cancelAfterTheFileIsThere_isStillASuccess() throws InterruptedException {
    copier.onCopyPressed(source, destination, heard);
    stage.workers.run();
    copier.onCancelPressed();
    stage.callbacks();

    assertThat(heard.answers()).containsExactly(Heard.DONE);
    assertThat(destination).exists();
  }

  @Test
  void d18_c17_oneCancellable_mayServeSeveralCopies() throws InterruptedException {
    AsyncFiles files = new AsyncFiles(stage);
    Cancellable shared = new Cancellable();

    files.copy(source, destination, shared, (_, copy) -> heard.hear(() -> finish(files, copy)));
    files.copy(
        source, folder.resolve("b"), shared, (_, copy) -> heard.hear(() -> finish(files, copy)));
    shared.cancel();
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED, ErrorCode.CANCELLED);
  }

  private Object finish(AsyncFiles files, Task<Long> copy) throws OperationException {
    return files.finishCopy(source, copy);
  }
}
