package dev.asyncops.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs one operation as the registry does, on a main context that the test drives, and checks at
 * every change that the counts add up (P1).
 */
final class OperationDriver<R extends @Nullable Object> {

  static final String ID = "0193-test";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MainContext context;
  private final Operation<R> operation;
  private final Cancellable cancellable;
  private final List<ItemResult> items = new ArrayList<>();
  private final List<String> phases = new ArrayList<>();
  private Runnable onChange = () -> {};
  private Runnable onDelivery = () -> {};
  private int deliveries;
  private @Nullable R value;
  private @Nullable OperationException error;
  private final OperationProgress progress;

  OperationDriver(MainContext context, Operation<R> operation) {
    this(context, operation, new Cancellable());
  }

  OperationDriver(MainContext context, Operation<R> operation, Cancellable cancellable) {
    this(context, operation, cancellable, null);
  }

  /** After an attempt that has counted so far. */
  OperationDriver(
      MainContext context, Operation<R> operation, OperationProgress.@Nullable Counts before) {
    this(context, operation, new Cancellable(), before);
  }

  private OperationDriver(
      MainContext context,
      Operation<R> operation,
      Cancellable cancellable,
      OperationProgress.@Nullable Counts before) {
    this.context = context;
    this.operation = operation;
    this.cancellable = cancellable;
    progress = new OperationProgress(context, new Listener(), before);
    owned(() -> operation.prepare(ID, progress));
  }

  /** Starts the operation, inside a callback as the registry does, and does nothing more. */
  void start() {
    context.post(Priority.HIGH, this::startNow);
    assertThat(context.iterate(false)).isTrue();
  }

  private void startNow() {
    Task<R> task = Task.create(context, operation, cancellable, (_, result) -> deliver(result));
    operation.start(task);
  }

  /** Starts the operation and dispatches until its task was delivered. */
  OperationDriver<R> run() {
    start();
    return finish();
  }

  /** Dispatches until the task was delivered, and what comes after, which must be nothing. */
  OperationDriver<R> finish() {
    iterateUntil(() -> deliveries > 0);
    while (context.iterate(false)) {
      assertThat(deliveries).isEqualTo(1);
    }
    assertThat(context.failureCount()).isZero();
    assertThat(pending()).isZero();
    return this;
  }

  /** Dispatches until something is so. */
  void iterateUntil(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time to wait is over").isLessThan(deadline);
      if (!context.iterate(false)) {
        Thread.onSpinWait();
      }
    }
  }

  /** Waits, dispatching nothing, until workers have posted so many completions. */
  void awaitPosted(int completions) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (context.queueDepths().getOrDefault(Priority.DEFAULT, 0) < completions) {
      assertThat(System.nanoTime()).as("the time to wait is over").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  void onChange(Runnable hook) {
    onChange = hook;
  }

  /** Runs inside the task's callback. */
  void onDelivery(Runnable hook) {
    onDelivery = hook;
  }

  Operation.Join join(Operation<?> newcomer) {
    Operation.Join[] answer = new Operation.Join[1];
    owned(() -> answer[0] = operation.join(newcomer));
    return answer[0];
  }

  Cancellable cancellable() {
    return cancellable;
  }

  int deliveries() {
    return deliveries;
  }

  R value() {
    assertThat(error).isNull();
    assertThat(value).isNotNull();
    return Objects.requireNonNull(value);
  }

  OperationException error() {
    assertThat(value).isNull();
    assertThat(error).isNotNull();
    return Objects.requireNonNull(error);
  }

  /** The results of items that were given one by one. */
  List<ItemResult> items() {
    return items;
  }

  List<String> phases() {
    return phases;
  }

  long total() {
    return read(OperationProgress::total);
  }

  long toStart() {
    return read(OperationProgress::toStart);
  }

  long pending() {
    return read(OperationProgress::pending);
  }

  long ended(ItemState state) {
    return read(progress -> progress.ended(state));
  }

  /** What would be remembered of the counts now. */
  OperationProgress.Counts counts() {
    return new OperationProgress.Counts(
        total(), ended(ItemState.SUCCEEDED), ended(ItemState.FAILED), ended(ItemState.SKIPPED));
  }

  /** What the operation would have another attempt know. */
  @Nullable Object mark() {
    @Nullable Object[] mark = new @Nullable Object[1];
    owned(() -> mark[0] = operation.mark());
    return mark[0];
  }

  boolean isScanned() {
    return read(progress -> progress.isScanned() ? 1 : 0) == 1;
  }

  private long read(ToLongFunction<OperationProgress> count) {
    long[] value = new long[1];
    owned(() -> value[0] = count.applyAsLong(progress));
    return value[0];
  }

  private void owned(Runnable action) {
    assertThat(context.acquire()).isTrue();
    try {
      action.run();
    } finally {
      context.release();
    }
  }

  private void deliver(Task<R> result) {
    deliveries++;
    onDelivery.run();
    try {
      value = result.propagate();
    } catch (OperationException e) {
      error = e;
    }
  }

  private final class Listener implements OperationProgress.Listener {

    @Override
    public void progressChanged() {
      long ended = 0;
      for (ItemState state : ItemState.values()) {
        ended += progress.ended(state);
      }
      assertThat(progress.pending() + ended).isEqualTo(progress.total());
      assertThat(progress.toStart()).isBetween(0L, progress.pending());
      assertThat(deliveries).isZero();
      String phase = progress.phase();
      if (phase != null && (phases.isEmpty() || !phases.getLast().equals(phase))) {
        phases.add(phase);
      }
      onChange.run();
    }

    @Override
    public void itemEnded(ItemResult item) {
      items.add(item);
    }
  }
}
