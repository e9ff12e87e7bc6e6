package dev.asyncops.http;

import dev.asyncops.files.FileAccess;
import dev.asyncops.files.RootPath;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A root whose file system does not answer until the test lets it, as a dead mount does. */
final class HangingRoot {

  private static final int PATIENCE_SECONDS = 90;

  private final String root;
  private final CountDownLatch thawed = new CountDownLatch(1);

  HangingRoot(String root) {
    this.root = root;
  }

  /** Lets everything go on, for ever. */
  void thaw() {
    thawed.countDown();
  }

  /** That file access, where every call on the root hangs. */
  FileAccess between(FileAccess files) {
    return (FileAccess)
        Proxy.newProxyInstance(
            FileAccess.class.getClassLoader(),
            new Class<?>[] {FileAccess.class},
            (_, method, arguments) -> {
              if (Stream.of(arguments).anyMatch(this::isBelow)) {
                hang();
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

  private void hang() throws InterruptedException {
    if (!thawed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("Nobody has thawed the root.");
    }
  }
}
