package dev.asyncops.async;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which thread owns a context, and how many times over (M1).
 *
 * <p>Giving up the last level happens before another thread's acquiring, so what is confined to the
 * owner may move from thread to thread.
 */
final class Ownership {

  /** Guards the depth and the writing of the owner. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition gone = lock.newCondition();
  private volatile @Nullable Thread owner;
  private int depth;

  @Nullable Thread owner() {
    return owner;
  }

  boolean isMine() {
    return owner == Thread.currentThread();
  }

  /** Takes it, or one level more of it; false iff another thread has it. Never blocks. */
  boolean acquire() {
    lock.lock();
    try {
      if (owner != null && !isMine()) {
        return false;
      }
      owner = Thread.currentThread();
      depth++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives one level back; owner only. */
  void release() {
    lock.lock();
    try {
      depth--;
      if (depth == 0) {
        owner = null;
        gone.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the next release ends the ownership; owner only. */
  boolean isLastLevel() {
    lock.lock();
    try {
      return depth == 1;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no other thread has it, for a limited time. */
  void awaitNoOther(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (owner != null && !isMine() && left > 0) {
        left = gone.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
