package dev.asyncops.files;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Priority;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of a root: a bounded number of platform threads, shared fairly.
 *
 * <p>Each operation has a {@link Lane} of its own. A free worker serves lanes whose cancellable is
 * cancelled first, so that what is to stop gets out of the way, then the best priority, and lanes
 * of equal priority in turn, one piece of work each; inside a lane work is begun in order (R12).
 * Handing in and taking out work costs the same however many lanes and pieces there are.
 *
 * <p>A thread is started when there is work and none is free, and ends when it had nothing to do
 * for a while. Work that throws is logged, and its thread goes on.
 *
 * <p><b>Threads</b>: any; nothing here blocks.
 */
public final class IoPool implements AutoCloseable {

  /** The work of one operation. */
  public interface Lane extends AutoCloseable {

    /**
     * Has the work done by one of the workers, after the lane's work before it was begun. Any
     * thread; never blocks.
     *
     * @throws RejectedExecutionException if the lane or its pool is closed
     */
    void execute(Runnable work);

    /** Serves the lane at another priority from now on. */
    void setPriority(Priority priority);

    /** Ends the lane; what it still holds is done all the same. */
    @Override
    void close();
  }

  private static final Logger LOG = System.getLogger(IoPool.class.getName());
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final String name;
  private final int limit;
  private final long idleNanos;

  /** Guards the fields below and the state of the lanes. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition work = lock.newCondition();
  private final IoLanes ready = new IoLanes();
  private int threads;
  private int waiting;
  private int queued;
  private int threadsStarted;
  private boolean closed;

  /** A pool of at most so many threads, called {@code io-<name>-<n>}. */
  public IoPool(String name, int limit) {
    this(name, limit, IDLE);
  }

  IoPool(String name, int limit, Duration idle) {
    if (limit < 1) {
      throw new IllegalArgumentException("A pool needs a thread, not " + limit + ".");
    }
    this.name = name;
    this.limit = limit;
    idleNanos = idle.toNanos();
  }

  /** What its threads work at: a root, or two with a colon between. */
  public String name() {
    return name;
  }

  /** How many threads there may be. */
  public int limit() {
    return limit;
  }

  /** How many threads are at work now. */
  public int busy() {
    lock.lock();
    try {
      return threads - waiting;
    } finally {
      lock.unlock();
    }
  }

  /** How many pieces of work wait for a thread. */
  public int queued() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  /** A lane for an operation. Close it when the operation is over. */
  public Lane openLane(Priority priority, Cancellable cancellable) {
    IoLane lane = new IoLane(this, priority);
    lane.watch(cancellable);
    return lane;
  }

  /** Takes no more work, and ends the threads when what is there is done. Does not wait. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- For the lanes

  void execute(IoLane lane, Runnable piece) {
    lock.lock();
    try {
      if (closed || lane.closed) {
        throw new RejectedExecutionException("The pool '%s' takes no work.".formatted(name));
      }
      lane.work.add(piece);
      queued++;
      ready.add(lane);
      wakeOrStart();
    } finally {
      lock.unlock();
    }
  }

  /** Changes what decides about the lane's turn, and puts it where it belongs then. */
  void change(IoLane lane, Runnable change) {
    lock.lock();
    try {
      ready.remove(lane);
      change.run();
      ready.add(lane);
    } finally {
      lock.unlock();
    }
  }

  // ---- The workers

  private void wakeOrStart() {
    if (waiting > 0) {
      work.signal();
    }
    if (queued > waiting && threads < limit) {
      startThread();
    }
  }

  private void startThread() {
    threads++;
    try {
      Thread.ofPlatform()
          .daemon() // a mount that hangs must not keep the process from ending
          .name("io-" + name + "-" + ++threadsStarted)
          .start(this::run);
    } catch (OutOfMemoryError e) { // no thread to be had; those there are do the work
      threads--;
      LOG.log(Level.ERROR, "No thread for the pool '%s'.".formatted(name), e);
    }
  }

  private void run() {
    for (Runnable piece = take(); piece != null; piece = take()) {
      try {
        piece.run();
      } catch (Throwable e) { // the thread has other operations to serve
        LOG.log(Level.ERROR, "Work of the pool '%s' failed.".formatted(name), e);
      }
    }
  }

  /** The next piece of work; null if this thread has to end. */
  private @Nullable Runnable take() {
    lock.lock();
    try {
      awaitWork();
      if (queued == 0) {
        threads--;
        return null;
      }
      queued--;
      return ready.take();
    } finally {
      lock.unlock();
    }
  }

  private void awaitWork() {
    Thread.interrupted(); // what work has left behind must not end its thread
    waiting++;
    try {
      long left = idleNanos;
      while (queued == 0 && !closed && left > 0) {
        left = work.awaitNanos(left);
      }
    } catch (InterruptedException e) { // nobody is meant to; the thread ends, another will start
      LOG.log(Level.DEBUG, "A thread of the pool '%s' was interrupted.".formatted(name), e);
    } finally {
      waiting--;
    }
  }
}
