package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every pair of a start and a finish promises, shown with {@link AsyncFiles#readText}: the
 * start comes back at once, the callback comes exactly once and later, and the finish, called from
 * it, gives either the value or the error.
 */
class PairTests {

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path folder;

  private final AsyncFiles files = new AsyncFiles(stage);
  private final Heard heard = new Heard();
  private Path poem;

  @BeforeEach
  void writePoem() throws IOException {
    poem = Files.writeString(folder.resolve("poem"), "roses");
  }

  @Test
  void a1_t1_success_givesTheValueInOneCallback() throws InterruptedException {
    readText(poem, Cancellable.none());
    stage.turn();

    assertThat(heard.answers()).containsExactly("roses");
  }

  @Test
  void a2_t3_startReturns_beforeAnythingHasHappened() {
    readText(poem, Cancellable.none());

    assertThat(stage.workers.heldCount()).isOne();
    assertThat(heard.answers()).isEmpty();
  }

  @Test
  void a3_missingFile_isAnErrorOfTheFinish_notOfTheStart() throws InterruptedException {
    readText(folder.resolve("missing"), Cancellable.none());
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.NOT_FOUND);
  }

  @Test
  void t3_cancelledBeforeTheStart_stillEndsInALaterCallback() throws InterruptedException {
    Cancellable cancelled = new Cancellable();
    cancelled.cancel();

    readText(poem, cancelled);
    assertThat(heard.answers()).isEmpty();
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
  }

  @Test
  void t4_t5_cancellingDuringTheWork_deliversNothingInsideTheCancel() throws InterruptedException {
    Cancellable cancellable = new Cancellable();

    readText(poem, cancellable);
    stage.workers.run();
    cancellable.cancel();
    assertThat(heard.answers()).isEmpty();
    stage.callbacks();

    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
  }

  @Test
  void a4_resultOfAnotherOwner_isRefusedAndNotConsumed() throws InterruptedException {
    Path other = folder.resolve("other");

    files.readText(
        poem,
        Cancellable.none(),
        (_, result) -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> files.finishReadText(other, result));
          heard.hear(() -> files.finishReadText(poem, result));
        });
    stage.turn();

    assertThat(heard.answers()).containsExactly("roses");
  }

  @Test
  void a5_withoutCallback_theWorkIsDoneAllTheSame() throws InterruptedException {
    files.delete(poem, Cancellable.none(), null);
    stage.turn();

    assertThat(poem).doesNotExist();
  }

  @Test
  void t12_secondFinish_isRefused() throws InterruptedException {
    files.readText(
        poem,
        Cancellable.none(),
        (_, result) -> {
          heard.hear(() -> files.finishReadText(poem, result));
          assertThatIllegalStateException().isThrownBy(() -> files.finishReadText(poem, result));
        });
    stage.turn();

    assertThat(heard.answers()).containsExactly("roses");
  }

  private void readText(Path file, Cancellable cancellable) {
    files.readText(file, cancellable, (_, result) -> onTextRead(file, result));
  }

  private void onTextRead(Path file, Task<String> result) {
    heard.hear(() -> files.finishReadText(file, result));
  }
}
