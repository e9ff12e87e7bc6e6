package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Threads for blocking work, held back until the test lets it go: so a test decides what happens
 * before, during and after.
 *
 * <p><b>Threads</b>: used by the test's own.
 */
final class Workers implements Executor {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Queue<Runnable> held = new ArrayDeque<>();
  private final List<Thread> running = new ArrayList<>();

  @Override
  public void execute(Runnable work) {
    held.add(work);
  }

  /** How many pieces of work were handed in and not let go yet. */
  int heldCount() {
    return held.size();
  }

  /** Starts what is held, each on a thread of its own. */
  void letGo() {
    for (Runnable work = held.poll(); work != null; work = held.poll()) {
      running.add(Thread.startVirtualThread(work));
    }
  }

  /** Starts what is held and waits until all of it has ended. */
  void run() throws InterruptedException {
    letGo();
    for (Thread thread : running) {
      assertThat(thread.join(PATIENCE)).as("the work ended in time").isTrue();
    }
    running.clear();
  }
}
