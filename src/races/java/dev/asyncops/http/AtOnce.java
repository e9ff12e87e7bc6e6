package dev.asyncops.http;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Does what is to be done in the thread that says so, and what is to be done later never: so a race
 * has no other threads than its actors, and nothing comes to help.
 */
final class AtOnce implements Scheduler {

  @Override
  public Disposable schedule(Runnable task) {
    task.run();
    return Disposables.disposed();
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return Disposables.disposed();
  }

  @Override
  public Disposable schedulePeriodically(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return Disposables.disposed();
  }

  @Override
  public Worker createWorker() {
    throw new UnsupportedOperationException();
  }
}
