package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The copy of {@link SingleOperationTests} once more, blocking. The statements come in the same
 * order; but the thread that calls can do nothing else meanwhile, so nobody can press a second
 * button on it, and on the main context everybody else would wait too. That is why it is not
 * allowed there.
 */
@Timeout(10)
class SynchronousTests {

  @TempDir Path folder;

  private final MainContext context = new MainContext("tutorial");
  private Path source;
  private Path destination;

  private static final class BlockingCopier {

    private final List<String> warnings = new ArrayList<>();

    long copy(Path source, Path destination, Cancellable cancellable)
        throws IOException, OperationException {
      try {
        return AsyncFiles.copyInChunks(source, destination, cancellable);
      } catch (IOException e) {
        warnings.add("The copy failed: " + e);
        throw e;
      }
    }
  }

  /** The same again through a task, which maps errors and can be told apart by its name. */
  private static long copyInTask(
      MainContext context, Path source, Path destination, Cancellable cancellable)
      throws OperationException, InterruptedException {
    Task<Long> task = Task.create(context, source, cancellable, null);
    task.setName("blocking copy");
    task.setCheckCancellable(false);
    task.runInThreadSync(
        run -> run.returnValue(AsyncFiles.copyInChunks(source, destination, cancellable)));
    return task.propagate();
  }

  @BeforeEach
  void writeSource() throws IOException {
    source = Files.writeString(folder.resolve("source"), "roses");
    destination = folder.resolve("destination");
  }

  @Test
  void a1_blockingCopy_isOverWhenItReturns() throws Exception {
    BlockingCopier copier = new BlockingCopier();

    long bytes = copier.copy(source, destination, Cancellable.none());

    assertThat(bytes).isEqualTo(5);
    assertThat(destination).hasSameBinaryContentAs(source);
    assertThat(copier.warnings).isEmpty();
  }

  @Test
  void r10_copyInTask_isOverWhenItReturns_andNeedsNoLoop() throws Exception {
    long bytes = copyInTask(context, source, destination, Cancellable.none());

    assertThat(bytes).isEqualTo(5);
    assertThat(destination).hasSameBinaryContentAs(source);
    assertThat(context.iterate(false)).isFalse();
  }

  @Test
  void r8_copyInTask_throwsTheErrorWithItsCode() {
    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(
            () -> copyInTask(context, folder.resolve("missing"), destination, Cancellable.none()))
        .returns(ErrorCode.NOT_FOUND, OperationException::code);
  }

  @Test
  void r10_onTheMainContext_waitingIsRefused() {
    context.acquire();

    assertThatIllegalStateException()
        .isThrownBy(() -> copyInTask(context, source, destination, Cancellable.none()));
    assertThat(destination).doesNotExist();
  }

  @Test
  void d17_onlyAnotherThreadCanCancelABlockingCall() throws InterruptedException {
    Cancellable cancellable = new Cancellable();
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    cancellable.connect(cancelled::countDown);
    Thread other = Thread.startVirtualThread(() -> cancelOnce(blocked, cancellable));
    Task<Long> task = Task.create(context, source, cancellable, null);

    task.runInThreadSync(run -> {
      blocked.countDown();
      cancelled.await();
      run.returnValue(AsyncFiles.copyInChunks(source, destination, cancellable));
    });
    other.join();

    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(task::propagate)
        .matches(OperationException::isCancelled);
    assertThat(destination).doesNotExist();
  }

  private static void cancelOnce(CountDownLatch blocked, Cancellable cancellable) {
    try {
      blocked.await();
      cancellable.cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
