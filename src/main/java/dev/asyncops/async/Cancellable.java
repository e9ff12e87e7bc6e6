package dev.asyncops.async;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One flag that asks work to stop, shared by everything that belongs to that work.
 *
 * <ul>
 *   <li>Cancelling is one-shot: the first {@link #cancel} has an effect and returns true, all
 *       others return false, and there is no way back (C1, C16).
 *   <li>The flag is visible to all threads before the first handler runs (C2).
 *   <li>Each handler runs exactly once, in the cancelling thread, in the order of connection, with
 *       no lock held (C3, C8, C9); one that throws does not stop the others (C15).
 *   <li>One cancellable may serve any number of operations, at once or one after another (C17).
 *   <li>Connecting and disconnecting take constant time however many handlers there are (C18).
 *   <li>All locking is per instance (C25).
 * </ul>
 *
 * <p>"Requested" is not "finished": an operation whose cancellable was cancelled still ends through
 * its own callback, once, later.
 *
 * <p><b>Threads</b>: every method may be called from any thread, also from inside a handler (C10).
 */
public class Cancellable {

  private static final Logger LOG = System.getLogger(Cancellable.class.getName());
  private static final Cancellable NONE = new None();

  /** Guards the list of handlers, their states, and the writing of {@link #cancelled}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition handlerEnded = lock.newCondition();
  private @Nullable Handler first;
  private @Nullable Handler last;
  private int handlerCount;
  private volatile boolean cancelled;

  /** The cancellable of work that nobody can cancel: never cancelled, holds no handler (C6). */
  public static Cancellable none() {
    return NONE;
  }

  /**
   * Asks for the work to stop and runs the handlers.
   *
   * @return true iff this call was the first. A call that lost returns false at once and says
   *     nothing about whether the handlers are done (C4).
   */
  public boolean cancel() {
    lock.lock();
    try {
      if (cancelled) {
        return false;
      }
      cancelled = true;
    } finally {
      lock.unlock();
    }
    for (Handler handler = takeFirst(); handler != null; handler = takeFirst()) {
      try {
        handler.runAndRelease();
      } finally {
        ended(handler);
      }
    }
    return true;
  }

  /** True once {@link #cancel} was called. */
  public final boolean isCancelled() {
    return cancelled;
  }

  /**
   * Checks the flag (C22).
   *
   * @throws OperationException with CANCELLED iff cancelled
   */
  public final void throwIfCancelled() throws OperationException {
    if (cancelled) {
      throw OperationException.cancelled();
    }
  }

  /** Connects a handler that needs no release hook; see {@link #connect(Runnable, Runnable)}. */
  public final Registration connect(Runnable handler) {
    return connect(handler, () -> {});
  }

  /**
   * Connects a handler to be run when this is cancelled. If it is cancelled already, the handler
   * runs in this call and the registration is inert (C7).
   *
   * <p>A handler must be short and must not block; what touches operation state posts to the main
   * context (C3).
   *
   * <p>Closing the registration from another thread returns only when the handler is not running
   * and never will again; it does not wait for other handlers (C11). From inside the handler it
   * returns at once (C10). So whoever holds a lock that the handler takes must not close it, and
   * the main context must not wait in this way for a handler that waits for the main context (C12).
   *
   * @param release runs exactly once: on disconnecting, or after the handler ran (C14)
   */
  public Registration connect(Runnable handler, Runnable release) {
    Handler connected = new Handler(handler, release);
    lock.lock();
    try {
      if (!cancelled) {
        append(connected);
        return connected;
      }
    } finally {
      lock.unlock();
    }
    connected.runAndRelease();
    return Registration.inert();
  }

  /**
   * A child that is cancelled when this is, also if this already was; cancelling the child leaves
   * this alone (C23). Close the child when its work is over, so that it leaves no handler here.
   */
  public final LinkedCancellable linked() {
    return new LinkedCancellable(this);
  }

  /** The number of handlers connected and not yet run. */
  final int handlerCount() {
    lock.lock();
    try {
      return handlerCount;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Handler takeFirst() {
    lock.lock();
    try {
      Handler handler = first;
      if (handler != null) {
        unlink(handler);
        handler.state = HandlerState.RUNNING;
        handler.runner = Thread.currentThread();
      }
      return handler;
    } finally {
      lock.unlock();
    }
  }

  private void ended(Handler handler) {
    lock.lock();
    try {
      handler.state = HandlerState.OVER;
      handler.runner = null;
      handlerEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void append(Handler handler) {
    Handler tail = last;
    handler.previous = tail;
    if (tail == null) {
      first = handler;
    } else {
      tail.next = handler;
    }
    last = handler;
    handlerCount++;
  }

  private void unlink(Handler handler) {
    Handler before = handler.previous;
    Handler after = handler.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    handler.previous = null;
    handler.next = null;
    handlerCount--;
  }

  private void disconnect(Handler handler) {
    lock.lock();
    try {
      if (handler.state == HandlerState.CONNECTED) {
        unlink(handler);
        handler.state = HandlerState.OVER;
      } else {
        while (handler.state == HandlerState.RUNNING && handler.runner != Thread.currentThread()) {
          handlerEnded.awaitUninterruptibly();
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    handler.release();
  }

  private enum HandlerState {
    CONNECTED,
    RUNNING,
    OVER
  }

  /** A node of the list; its links, state and runner are guarded by {@link #lock}. */
  private final class Handler implements Registration {

    private @Nullable Runnable action;
    private @Nullable Runnable releaseHook;
    private @Nullable Handler previous;
    private @Nullable Handler next;
    private HandlerState state = HandlerState.CONNECTED;
    private @Nullable Thread runner;

    Handler(Runnable action, Runnable releaseHook) {
      this.action = Objects.requireNonNull(action, "handler");
      this.releaseHook = Objects.requireNonNull(releaseHook, "release");
    }

    @Override
    public void close() {
      disconnect(this);
    }

    /** Runs the handler; only whoever took it from the list, or never put it there, may call. */
    void runAndRelease() {
      guarded(Objects.requireNonNull(action), "A cancelled handler failed.");
      release();
    }

    /** Lets go of the handler, so that a kept registration keeps nothing else alive. */
    void release() {
      Runnable hook = Objects.requireNonNull(releaseHook);
      action = null;
      releaseHook = null;
      guarded(hook, "A handler's release hook failed.");
    }

    private static void guarded(Runnable runnable, String message) {
      try {
        runnable.run();
      } catch (Throwable e) { // the other handlers must run all the same (C15)
        LOG.log(Level.ERROR, message, e);
      }
    }
  }

  /** Cancelling it does nothing and nothing is ever connected to it (C6). */
  private static final class None extends Cancellable {

    @Override
    public boolean cancel() {
      return false;
    }

    @Override
    public Registration connect(Runnable handler, Runnable release) {
      Cancellable unshared = new Cancellable();
      return unshared.connect(handler, release);
    }
  }
}
