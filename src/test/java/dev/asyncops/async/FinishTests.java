package dev.asyncops.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pair of a start and a finish method, as an owner object offers it. */
class FinishTests {

  @RegisterExtension final MainContextFixture loop = new MainContextFixture();
  private final List<String> ran = new ArrayList<>();

  /** An owner of one operation at a time. */
  private final class Doubler {

    private static final String DOUBLE = "Doubler.double";

    private @Nullable Task<Integer> running;

    void start(int number, Cancellable cancellable, @Nullable TaskCallback<Integer> callback) {
      if (isRunning()) {
        OperationException busy = new OperationException(ErrorCode.PENDING, "Doubling already.");
        Task.reportError(loop.context(), this, DOUBLE, callback, busy);
        return;
      }
      Task<Integer> task = loop.task(this, cancellable, callback);
      task.setTag(DOUBLE);
      running = task;
      loop.context().post(() -> onDoubled(task, number));
    }

    boolean isRunning() {
      return running != null;
    }

    int finish(Task<Integer> result) throws OperationException {
      result.checkResultOf(this, DOUBLE);
      return result.propagate();
    }

    private void onDoubled(Task<Integer> task, int number) {
      running = null;
      if (number < 0) {
        task.returnError(new OperationException(ErrorCode.INVALID_ARGUMENT, "Negative."));
      } else {
        task.returnValue(2 * number);
      }
    }
  }

  private final Doubler doubler = new Doubler();

  @Test
  void a1_finish_yieldsAValueOrThrowsOneException() {
    doubler.start(21, Cancellable.none(), this::onDoubled);
    loop.drain();
    doubler.start(-1, Cancellable.none(), this::onDoubled);
    loop.drain();

    assertThat(ran).containsExactly("42", "INVALID_ARGUMENT");
  }

  @Test
  void a2_a3_start_neitherBlocksNorThrowsAtRunTimeFailures() {
    Cancellable cancelled = new Cancellable();
    cancelled.cancel();
    loop.context()
        .post(() -> {
          doubler.start(1, Cancellable.none(), this::onDoubled);
          doubler.start(2, Cancellable.none(), this::onDoubled);
          ran.add("started");
        });
    loop.drain();

    doubler.start(3, cancelled, this::onDoubled);
    loop.drain();

    assertThat(ran).containsExactly("started", "PENDING", "2", "CANCELLED");
  }

  @Test
  void a3_programmersErrors_throwAtOnceAndNoCallbackFollows() {
    assertThatNullPointerException()
        .isThrownBy(
            () -> Task.<Integer>create(loop.context(), this, noCancellable(), this::onDoubled));

    loop.drain();

    assertThat(ran).isEmpty();
  }

  @SuppressWarnings("NullAway") // a caller that is wrong
  private static Cancellable noCancellable() {
    return null;
  }

  @Test
  void a4_resultOfAnotherOwnerOrOperation_isRefusedAndNotConsumed() throws OperationException {
    Task<Integer> task = loop.task(doubler, Cancellable.none(), null);
    task.setTag(Doubler.DOUBLE);
    task.returnValue(42);
    Doubler stranger = new Doubler();

    assertThatIllegalArgumentException().isThrownBy(() -> stranger.finish(task));
    assertThatIllegalArgumentException().isThrownBy(() -> task.checkResultOf(null, Doubler.DOUBLE));
    assertThatIllegalArgumentException().isThrownBy(() -> task.checkResultOf(doubler, "other"));

    assertThat(doubler.finish(task)).isEqualTo(42);
  }

  @Test
  void a4_noOwner_matchesOnlyNoOwner() {
    Task<Integer> task = loop.task(null, Cancellable.none(), null);
    task.setTag("tag");
    task.returnValue(42);

    task.checkResultOf(null, "tag");

    assertThatIllegalArgumentException().isThrownBy(() -> task.checkResultOf(doubler, "tag"));
  }

  @Test
  void a4_ownersThatAreEqual_areNotTheSame() {
    Task<Integer> task = loop.task(List.of(1), Cancellable.none(), null);
    task.setTag("tag");
    task.returnValue(42);

    assertThatIllegalArgumentException().isThrownBy(() -> task.checkResultOf(List.of(1), "tag"));
  }

  @Test
  void a9_presenceOfTheTask_isTheOnlySignOfAnOngoingOperation() {
    boolean before = doubler.isRunning();
    doubler.start(1, Cancellable.none(), (o, result) -> ran.add("free " + !doubler.isRunning()));
    boolean during = doubler.isRunning();
    loop.drain();

    assertThat(before).isFalse();
    assertThat(during).isTrue();
    assertThat(ran).containsExactly("free true");
  }

  private void onDoubled(@Nullable Object owner, Task<Integer> result) {
    try {
      ran.add(Integer.toString(doubler.finish(result)));
    } catch (OperationException e) {
      ran.add(e.code().name());
    }
  }
}
