package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation that does what a test tells it, and nothing by itself: it counts its items when it
 * is prepared and then waits.
 *
 * <p>It keeps the contract of {@link Operation} unless it is told to break it. Main context only.
 */
public final class ScriptedOperation implements Operation<String> {

  /** The value of every success. */
  public static final String VALUE = "done";

  private final long items;
  private final long bytes;
  private boolean scansItself = true;
  private boolean obeysCancel;
  private boolean canBeHeld;
  private @Nullable Runnable held;
  private int releases;
  private @Nullable Priority priority;
  private @Nullable Long bytesPerSecond;
  private String place = "";
  private long memory;
  private @Nullable RuntimeException prepareError;
  private @Nullable RuntimeException startError;
  private @Nullable Join joinAnswer;
  private @Nullable OperationProgress progress;
  private @Nullable Task<String> task;
  private @Nullable String id;
  private boolean returned;
  private int finishedItems;

  private ScriptedOperation(long items, long bytes) {
    this.items = items;
    this.bytes = bytes;
  }

  /** One that has so many items and moves no bytes. */
  public static ScriptedOperation ofItems(long items) {
    return new ScriptedOperation(items, 0);
  }

  /** One that has so many items of so many bytes together. */
  public static ScriptedOperation ofBytes(long items, long bytes) {
    return new ScriptedOperation(items, bytes);
  }

  /** Works there. */
  public ScriptedOperation at(String place) {
    this.place = place;
    return this;
  }

  @Override
  public String place() {
    return place;
  }

  /** Needs so many bytes of memory. */
  public ScriptedOperation taking(long bytes) {
    memory = bytes;
    return this;
  }

  @Override
  public long memory() {
    return memory;
  }

  /** Goes on looking for items after it is prepared, until {@link #scanned}. */
  public ScriptedOperation scanning() {
    scansItself = false;
    return this;
  }

  /** Ends as cancelled, in a later iteration, as soon as it is cancelled. */
  public ScriptedOperation obeyingCancel() {
    obeysCancel = true;
    return this;
  }

  /** Can be held; rests when the test says so. */
  public ScriptedOperation holdable() {
    canBeHeld = true;
    return this;
  }

  /** Throws in {@link #prepare}. */
  public ScriptedOperation failingToPrepare(RuntimeException error) {
    prepareError = error;
    return this;
  }

  /** Throws in {@link #start}. */
  public ScriptedOperation failingToStart(RuntimeException error) {
    startError = error;
    return this;
  }

  /** Answers every join so, and takes nothing over. */
  public ScriptedOperation answeringJoin(Join answer) {
    joinAnswer = answer;
    return this;
  }

  // ---- As the registry calls it

  @Override
  public void prepare(String operationId, OperationProgress counts) {
    if (prepareError != null) {
      throw prepareError;
    }
    id = operationId;
    progress = counts;
    counts.found(items, bytes);
    if (scansItself) {
      counts.scanned();
    }
  }

  @Override
  public void start(Task<String> started) {
    if (startError != null) {
      throw startError;
    }
    task = started;
    if (obeysCancel) {
      var _ =
          started
              .context()
              .onCancelled(started.cancellable(), Priority.DEFAULT, "obey", this::endCancelled);
    }
  }

  @Override
  public boolean canBeHeld() {
    return canBeHeld;
  }

  @Override
  public void hold(Runnable quiet) {
    held = quiet;
  }

  @Override
  public void release() {
    releases++;
  }

  @Override
  public void setPriority(Priority changed) {
    priority = changed;
  }

  @Override
  public void setBytesPerSecond(@Nullable Long changed) {
    bytesPerSecond = changed;
  }

  @Override
  public Join join(Operation<?> newcomer) {
    if (joinAnswer != null) {
      return joinAnswer;
    }
    if (returned) {
      return Join.OVER;
    }
    ScriptedOperation other = (ScriptedOperation) newcomer;
    progress().reopen();
    progress().found(other.items, other.bytes);
    progress().scanned();
    return Join.JOINED;
  }

  // ---- As a test calls it

  /** Whether the registry started it. */
  public boolean isStarted() {
    return task != null;
  }

  /** The id it was prepared with. */
  public String id() {
    return Objects.requireNonNull(id, "not prepared");
  }

  /** The counts it was prepared with. */
  public OperationProgress progress() {
    return Objects.requireNonNull(progress, "not prepared");
  }

  /** The task it was started with. */
  public Task<String> task() {
    return Objects.requireNonNull(task, "not started");
  }

  /** Whether it was told to begin nothing more, at least once. */
  public boolean isHeld() {
    return held != null;
  }

  /** Tells that nothing is under way any more, as it was asked to the last time. */
  public void rest() {
    if (!returned) {
      held().run();
    }
  }

  /** What it was asked to tell then. */
  public Runnable held() {
    return Objects.requireNonNull(held, "not held");
  }

  /** How often it was told to go on. */
  public int releases() {
    return releases;
  }

  /** What its priority was changed to; null if it was not. */
  public @Nullable Priority priority() {
    return priority;
  }

  /** What its limit was changed to; null for none, or if it was not. */
  public @Nullable Long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** More items are found. */
  public void find(long more) {
    progress().found(more, 0);
  }

  /** Nothing more will be found. */
  public void scanned() {
    progress().scanned();
  }

  /** So many items are started and done. */
  public void succeed(long number) {
    for (long i = 0; i < number; i++) {
      end(ItemResult.of(nextPath(), ItemState.SUCCEEDED));
    }
  }

  /** So many items are started and skipped. */
  public void skip(long number) {
    for (long i = 0; i < number; i++) {
      end(ItemResult.of(nextPath(), ItemState.SKIPPED));
    }
  }

  /** An item is started and fails. */
  public void fail(ErrorCode code, String detail) {
    end(ItemResult.failed(nextPath(), new OperationException(code, detail)));
  }

  /** Bytes are moved. */
  public void move(long number) {
    progress().movedBytes(number);
  }

  /** Returns the task with its value, whatever is still pending. */
  public void finish() {
    returned = true;
    task().returnValue(VALUE);
  }

  /** All items are done and the task is returned. */
  public void succeedAll() {
    succeed(progress().toStart());
    finish();
  }

  /** What was not started is given up and the task is returned with CANCELLED. */
  public void endCancelled() {
    endWith(OperationException.cancelled());
  }

  /** What was not started is given up and the task is returned with the error. */
  public void endWith(OperationException error) {
    returned = true;
    progress().cancelUnstarted();
    task().returnError(error);
  }

  private void end(ItemResult item) {
    progress().started(1);
    progress().ended(item);
  }

  private String nextPath() {
    return "data:item-" + ++finishedItems;
  }
}
