package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.LinkedCancellable;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Task;
import dev.asyncops.async.TaskCallback;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of an operation when the object that started it is closed or dropped.
 *
 * <ul>
 *   <li><em>Strong</em>, for an object that has many operations and does not know when they come:
 *       each running operation keeps it alive, and {@code close} cancels them all (L1).
 *   <li><em>Weak</em>, for an object that stands for one transfer: the operation does not keep it
 *       alive, and with it goes the operation (L2).
 * </ul>
 *
 * <p>Either way a cancel does not take the callback back: it comes once, later. A weak one must
 * therefore look whether its owner is still there (L3).
 */
class LifetimeTests {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final int MOST_COLLECTIONS = 50;

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path folder;

  private final Heard heard = new Heard();
  private final List<Task<String>> delivered = new ArrayList<>();
  private Path poem;

  /** Strong: reads for everybody who asks, until it is closed. */
  private static final class Library {

    private static final Object READ = "read";
    private static final Object CLOSE = "close";

    private final Stage stage;
    private final AsyncFiles files;
    private final Cancellable closed = new Cancellable();
    private final List<Task<@Nullable Void>> closings = new ArrayList<>();
    private int reading;

    Library(Stage stage) {
      this.stage = stage;
      files = new AsyncFiles(stage);
    }

    void read(Path file, @Nullable TaskCallback<String> callback) {
      if (closed.isCancelled()) {
        Task.reportError(
            stage.context,
            this,
            READ,
            callback,
            new OperationException(ErrorCode.CLOSED, "The library is closed."));
        return;
      }
      LinkedCancellable untilClosed = closed.linked();
      Task<String> task = Task.create(stage.context, this, untilClosed, callback);
      task.setTag(READ);
      task.setData(untilClosed, LinkedCancellable::close);
      task.addCompletedListener(this::onReadCompleted);
      reading++;
      files.readText(file, untilClosed, (_, text) -> onRead(task, file, text));
    }

    private void onRead(Task<String> task, Path file, Task<String> text) {
      try {
        task.returnValue(files.finishReadText(file, text));
      } catch (OperationException e) {
        task.returnError(e);
      }
    }

    private void onReadCompleted() {
      reading--;
      endClosings();
    }

    String finishRead(Task<String> result) throws OperationException {
      result.checkResultOf(this, READ);
      return result.propagate();
    }

    /** Legal from any thread, at any time, any number of times; returns at once (L4, L5). */
    void close() {
      closed.cancel();
    }

    /** Closes, and tells when the last reader has been served (L5). */
    void closeAndWait(TaskCallback<@Nullable Void> callback) {
      Task<@Nullable Void> task = Task.create(stage.context, this, Cancellable.none(), callback);
      task.setTag(CLOSE);
      closings.add(task);
      close();
      endClosings();
    }

    private void endClosings() {
      if (reading == 0) {
        for (Task<@Nullable Void> closing : closings) {
          closing.returnValue(null);
        }
        closings.clear();
      }
    }
  }

  /** Weak: one copy, and the line of text that shows how it goes. */
  private static final class Transfer implements AutoCloseable {

    private final Cancellable cancellable = new Cancellable();
    private @Nullable String shown = "copying";

    static Transfer start(Stage stage, Path source, Path destination) {
      Transfer transfer = new Transfer();
      AsyncFiles files = new AsyncFiles(stage);
      WeakReference<Transfer> weak = new WeakReference<>(transfer);
      files.copy(
          source,
          destination,
          transfer.cancellable,
          (_, result) -> onCopied(weak.get(), files, source, result));
      CLEANER.register(transfer, transfer.cancellable::cancel); // for one that nobody closes
      return transfer;
    }

    /** Static, so that it cannot touch an owner by accident. */
    private static void onCopied(
        @Nullable Transfer owner, AsyncFiles files, Path source, Task<Long> result) {
      if (owner != null && !owner.isClosed()) {
        owner.show(files, source, result);
      }
    }

    private void show(AsyncFiles files, Path source, Task<Long> result) {
      try {
        shown = files.finishCopy(source, result) + " bytes copied";
      } catch (OperationException e) {
        shown = e.detail();
      }
    }

    boolean isClosed() {
      return shown == null;
    }

    @Override
    public void close() {
      cancellable.cancel();
      shown = null;
    }
  }

  @BeforeEach
  void writePoem() throws IOException {
    poem = Files.writeString(folder.resolve("poem"), "roses");
  }

  @Test
  void l1_runningOperation_keepsItsStrongOwnerAlive() throws InterruptedException {
    WeakReference<Library> owner = new WeakReference<>(libraryReading(poem));

    System.gc();
    assertThat(owner.get()).isNotNull();
    stage.turn();

    assertThat(heard.answers()).containsExactly("roses");
  }

  @Test
  void l1_l4_close_cancelsEveryOperation_andTwiceIsOnce() throws InterruptedException {
    Library library = libraryReading(poem);
    read(library, poem);

    library.close();
    library.close();
    assertThat(heard.answers()).isEmpty();
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED, ErrorCode.CANCELLED);
  }

  @Test
  void l4_closeWhileIdle_isHarmless_andLaterStartsAreRefused() throws InterruptedException {
    Library library = new Library(stage);

    library.close();
    read(library, poem);
    assertThat(heard.answers()).isEmpty();
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.CLOSED);
  }

  @Test
  void l4_close_fromAnotherThread_cancelsToo() throws InterruptedException {
    Library library = libraryReading(poem);

    Thread.startVirtualThread(library::close).join();
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED);
  }

  @Test
  void l5_closeAndWait_endsAfterTheLastDelivery() throws InterruptedException {
    Library library = libraryReading(poem);

    library.closeAndWait((_, _) -> heard.ended(null));
    stage.callbacks();
    assertThat(heard.answers()).isEmpty();
    stage.turn();

    assertThat(heard.answers()).containsExactly(ErrorCode.CANCELLED, Heard.DONE);
  }

  @Test
  void l5_closeAndWait_whileIdle_endsInALaterCallback() {
    new Library(stage).closeAndWait((_, _) -> heard.ended(null));
    assertThat(heard.answers()).isEmpty();
    stage.callbacks();

    assertThat(heard.answers()).containsExactly(Heard.DONE);
  }

  @Test
  void l2_weakOwner_showsHowItsTransferEnded() throws InterruptedException {
    Transfer transfer = Transfer.start(stage, poem, folder.resolve("copy"));
    stage.turn();

    assertThat(transfer.shown).isEqualTo("5 bytes copied");
  }

  @Test
  void l2_closedWeakOwner_cancelsItsTransfer() throws InterruptedException {
    Transfer.start(stage, poem, folder.resolve("copy")).close();
    stage.turn();

    assertThat(folder.resolve("copy")).doesNotExist();
  }

  @Test
  void l3_d1_cancelledWeakOwner_isNotTouchedByTheLateCallback() throws InterruptedException {
    Transfer transfer = Transfer.start(stage, poem, folder.resolve("copy"));

    transfer.close();
    stage.turn();

    assertThat(transfer.shown).isNull();
  }

  @Test
  void l2_l3_droppedWeakOwner_isNotKeptAlive_andItsTransferIsCancelled()
      throws InterruptedException {
    CountDownLatch cancelled = new CountDownLatch(1);

    startAndDrop(cancelled);
    for (int i = 0; i < MOST_COLLECTIONS && cancelled.getCount() > 0; i++) {
      System.gc();
      boolean _ = cancelled.await(100, TimeUnit.MILLISECONDS);
    }
    assertThat(cancelled.getCount()).isZero();
    stage.turn();

    assertThat(folder.resolve("copy")).doesNotExist();
  }

  @Test
  void l6_t23_afterTheDelivery_nothingLeadsToTheOwner_notEvenAKeptTask()
      throws InterruptedException {
    WeakReference<Library> owner = new WeakReference<>(libraryReading(poem));

    stage.turn();
    for (int i = 0; i < MOST_COLLECTIONS && owner.get() != null; i++) {
      System.gc();
    }

    assertThat(owner.get()).isNull();
    assertThat(delivered).hasSize(1);
    assertThat(heard.answers()).containsExactly("roses");
  }

  private Library libraryReading(Path file) {
    Library library = new Library(stage);
    read(library, file);
    return library;
  }

  private void read(Library library, Path file) {
    library.read(file, (_, text) -> onRead(library, text));
  }

  private void onRead(Library library, Task<String> text) {
    delivered.add(text);
    heard.hear(() -> library.finishRead(text));
  }

  private void startAndDrop(CountDownLatch cancelled) {
    Transfer transfer = Transfer.start(stage, poem, folder.resolve("copy"));
    transfer.cancellable.connect(cancelled::countDown);
  }
}
