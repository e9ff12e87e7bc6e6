package dev.asyncops.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.MainContext;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where an example plays: a main context whose thread is the test's own, and workers that the test
 * lets go. After each test it lets everything end, and sees that no callback threw.
 */
final class Stage implements AfterEachCallback {

  final MainContext context = new MainContext("tutorial");
  final Workers workers = new Workers();

  Stage() {
    context.acquire();
  }

  /** Runs the work that was started so far, and then the callbacks of what it returned. */
  void turn() throws InterruptedException {
    workers.run();
    callbacks();
  }

  /** Runs every callback that is ready, and no blocking work. */
  void callbacks() {
    while (context.iterate(false)) {}
  }

  /** Turns until nothing is left to do. */
  void turnToTheEnd() throws InterruptedException {
    do {
      turn();
    } while (workers.heldCount() > 0);
  }

  @Override
  public void afterEach(ExtensionContext test) throws InterruptedException {
    turnToTheEnd();
    context.close();
    context.release();
    assertThat(context.failureCount()).as("callbacks that threw").isZero();
  }
}
