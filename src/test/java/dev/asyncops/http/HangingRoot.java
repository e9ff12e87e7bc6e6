package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.files.FileAccess;
import dev.asyncops.files.RootPath;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A root whose file system does not answer until the test lets it, as a dead mount does. */
final class HangingRoot {

  private static final int PATIENCE_SECONDS = 90;

  private final String root;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile int answered = Integer.MAX_VALUE;
  private volatile CountDownLatch hanging = new CountDownLatch(1);
  private volatile CountDownLatch thawed = new CountDownLatch(1);

  HangingRoot(String root) {
    this.root = root;
  }

  /** Every call from this one on hangs; the next one is number 1. */
  void hangFrom(int number) {
    hanging = new CountDownLatch(1);
    thawed = new CountDownLatch(1);
    calls.set(0);
    answered = number - 1;
  }

  /** Lets everything go on. */
  void thaw() {
    answered = Integer.MAX_VALUE;
    thawed.countDown();
  }

  void awaitSomebodyHanging() throws InterruptedException {
    assertThat(hanging.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** That file access, where calls on the root may hang. */
  FileAccess between(FileAccess files) {
    return (FileAccess)
        Proxy.newProxyInstance(
            FileAccess.class.getClassLoader(),
            new Class<?>[] {FileAccess.class},
            (_, method, arguments) -> {
              if (Stream.of(arguments).anyMatch(this::isBelow)) {
                pass();
              }
              try {
                return method.invoke(files, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private boolean isBelow(Object argument) {
    return argument instanceof RootPath path && path.root().equals(root);
  }

  private void pass() throws InterruptedException {
    if (calls.incrementAndGet() > answered) {
      hanging.countDown();
      if (!thawed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Nobody has thawed the root.");
      }
    }
  }
}
