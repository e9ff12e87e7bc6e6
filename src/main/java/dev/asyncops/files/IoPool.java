package dev.asyncops.files;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.Priority;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
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
 * <p><b>Refusals</b> come at one place, {@link #openLane}. Whoever has a lane has it served until
 * he closes it, also after the pool was closed: there is always a thread for it. So an operation
 * that was begun never loses its way in the middle, and comes to its own end.
 *
 * <p><b>Threads</b>: any; nothing here blocks.
 */
public final class IoPool implements AutoCloseable {

  /** The work of one operation. */
  public interface Lane extends AutoCloseable {

    /**
     * Has the work done by one of the workers, after the lane's work before it was begun. Any
     * thread; never blocks, and never refuses while the lane is open.
     *
     * @throws IllegalStateException if the lane is closed
     */
    void execute(Runnable work);

    /** Serves the lane at another priority from now on. */
    void setPriority(Priority priority);

    /**
     * Begins none of the lane's work until it is {@linkplain #release released}, cancelled or
     * closed. Any thread; never blocks.
     *
     * @param quiet runs once, when none of its work is being done: in this call, or on a worker;
     *     not if the lane is released before
     */
    void hold(Runnable quiet);

    /** Goes on with the lane's work; has no effect if it is not held. */
    void release();

    /** Ends the lane; what it still holds is done all the same. Once more has no effect. */
    @Override
    void close();
  }

  private static final Logger LOG = System.getLogger(IoPool.class.getName());
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final String name;
  private final int limit;
  private final long idleNanos;
  private final ThreadFactory workers;

  /** Guards the fields below and the state of the lanes. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition work = lock.newCondition();
  private final IoLanes ready = new IoLanes();
  private int openLanes;
  private int threads;
  private int waiting;
  private int queued;
  private boolean isShortOfThreads;
  private boolean closed;

  /** A pool of at most so many threads, called {@code io-<name>-<n>}. */
  public IoPool(String name, int limit) {
    this(name, limit, IDLE, threads(name));
  }

  IoPool(String name, int limit, Duration idle, ThreadFactory workers) {
    if (limit < 1) {
      throw new IllegalArgumentException("A pool needs a thread, not " + limit + ".");
    }
    this.name = name;
    this.limit = limit;
    this.workers = workers;
    idleNanos = idle.toNanos();
  }

  /** Daemons: a mount that hangs must not keep the process from ending. */
  static ThreadFactory threads(String name) {
    return Thread.ofPlatform().daemon().name("io-" + name + "-", 1).factory();
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

  /** How many pieces of work wait for a thread; not those that are held. */
  public int queued() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A lane for an operation. Close it when the operation is over.
   *
   * @throws RejectedExecutionException if the pool is closed, or has no thread and gets none
   */
  public Lane openLane(Priority priority, Cancellable cancellable) {
    IoLane lane = new IoLane(this, priority);
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("The pool '%s' is closed.".formatted(name));
      }
      if (threads == 0 && !startThread()) {
        throw new RejectedExecutionException("The pool '%s' has no thread.".formatted(name));
      }
      openLanes++;
    } finally {
      lock.unlock();
    }
    lane.watch(cancellable);
    return lane;
  }

  /** Opens no more lanes, and ends the threads when the last lane is closed. Does not wait. */
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
      if (lane.closed) {
        throw new IllegalStateException("A lane of the pool '%s' is closed.".formatted(name));
      }
      lane.work.add(piece);
      if (lane.isServed()) {
        queued++;
        ready.add(lane);
        wakeOrStart();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes what decides about the lane's turn, and puts it where it belongs then. Whoever waits
   * for the lane to be quiet hears of it if it is.
   */
  void change(IoLane lane, Runnable change) {
    @Nullable Runnable quiet;
    lock.lock();
    try {
      int before = lane.pieces();
      ready.remove(lane);
      change.run();
      ready.add(lane);
      queued += lane.pieces() - before;
      for (int more = Math.min(lane.pieces() - before, limit); more > 0; more--) {
        wakeOrStart();
      }
      quiet = lane.takeQuiet();
    } finally {
      lock.unlock();
    }
    if (quiet != null) {
      quiet.run();
    }
  }

  void close(IoLane lane) {
    change(
        lane,
        () -> {
          if (!lane.closed) {
            lane.closed = true;
            openLanes--;
            if (closed) {
              work.signalAll();
            }
          }
        });
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

  /** Returns false if there is no thread to be had, which is logged once; others do the work. */
  private boolean startThread() {
    try {
      workers.newThread(this::run).start();
      threads++;
      isShortOfThreads = false;
      return true;
    } catch (OutOfMemoryError e) {
      if (!isShortOfThreads) {
        isShortOfThreads = true;
        LOG.log(Level.ERROR, "No thread for the pool '%s'.".formatted(name), e);
      }
      return false;
    }
  }

  private void run() {
    while (runNext()) {}
  }

  /**
   * Returns false if this thread has to end. While it waits nothing here holds the piece before.
   */
  private boolean runNext() {
    IoLanes.Turn turn = take();
    if (turn == null) {
      return false;
    }
    runGuarded(turn.piece());
    ended(turn.lane());
    return true;
  }

  private void ended(IoLane lane) {
    @Nullable Runnable quiet;
    lock.lock();
    try {
      lane.running--;
      quiet = lane.takeQuiet();
    } finally {
      lock.unlock();
    }
    if (quiet != null) {
      quiet.run();
    }
  }

  private void runGuarded(Runnable piece) {
    try {
      piece.run();
    } catch (Throwable e) { // the thread has other operations to serve
      LOG.log(Level.ERROR, "Work of the pool '%s' failed.".formatted(name), e);
    }
  }

  /** The next piece of work; null if this thread has to end. */
  private IoLanes.@Nullable Turn take() {
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
    Thread.interrupted(); // what work has left behind must not disturb the waiting
    waiting++;
    long left = idleNanos;
    while (queued == 0 && mayStay(left)) {
      try {
        left = work.awaitNanos(left > 0 ? left : idleNanos);
      } catch (InterruptedException e) { // nobody is meant to
        LOG.log(Level.DEBUG, "A thread of the pool '%s' was interrupted.".formatted(name), e);
      }
    }
    waiting--;
  }

  /** Whether a thread without work stays: for a while, and the last one as long as it has lanes. */
  private boolean mayStay(long nanosLeft) {
    return openLanes > 0 ? nanosLeft > 0 || threads == 1 : nanosLeft > 0 && !closed;
  }
}
