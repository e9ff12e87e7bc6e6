package dev.asyncops.files;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Registration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lane, and its place in one of the rows of {@link IoLanes}; the pool's lock guards its state.
 */
final class IoLane implements IoPool.Lane {

  private final IoPool pool;
  private Registration cancelHandler = Registration.inert();

  final Deque<Runnable> work = new ArrayDeque<>();
  Priority priority;
  boolean cancelled;
  boolean closed;

  /** How many pieces are being done. */
  int running;

  private boolean held;
  private @Nullable Runnable quiet;

  IoLanes.@Nullable Row row;
  @Nullable IoLane previous;
  @Nullable IoLane next;

  IoLane(IoPool pool, Priority priority) {
    this.pool = pool;
    this.priority = Objects.requireNonNull(priority, "priority");
  }

  /** Gives the lane its turn first from the moment it is cancelled. */
  void watch(Cancellable cancellable) {
    cancelHandler = cancellable.connect(() -> pool.change(this, () -> cancelled = true));
  }

  /** Whether its work is done at all: one that is to stop, or was closed, is not held up. */
  boolean isServed() {
    return !held || cancelled || closed;
  }

  /** How many pieces may be done now. */
  int pieces() {
    return isServed() ? work.size() : 0;
  }

  /** Who waits for its work to rest, if it does; once. */
  @Nullable Runnable takeQuiet() {
    if (running > 0) {
      return null;
    }
    Runnable told = quiet;
    quiet = null;
    return told;
  }

  @Override
  public void execute(Runnable piece) {
    pool.execute(this, Objects.requireNonNull(piece, "work"));
  }

  @Override
  public void setPriority(Priority changed) {
    Objects.requireNonNull(changed, "priority");
    pool.change(this, () -> priority = changed);
  }

  @Override
  public void hold(Runnable told) {
    Objects.requireNonNull(told, "quiet");
    pool.change(
        this,
        () -> {
          held = true;
          quiet = told;
        });
  }

  @Override
  public void release() {
    pool.change(
        this,
        () -> {
          held = false;
          quiet = null;
        });
  }

  @Override
  public void close() {
    cancelHandler.close(); // may wait for the handler, so not under the pool's lock (C12)
    pool.close(this);
  }
}
