package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Paths that have to be read, some at a time, which can fail. */
final class StoredPaths implements BatchPaths {

  private final ListedPaths all;
  private final int chunk;
  private volatile int readsLeft = Integer.MAX_VALUE;

  /** How often it was read. */
  final AtomicInteger reads = new AtomicInteger();

  StoredPaths(List<RootPath> paths, int chunk) {
    all = ListedPaths.of(paths);
    this.chunk = chunk;
  }

  /** Fails after so many reads. */
  StoredPaths failingAfter(int number) {
    readsLeft = number;
    return this;
  }

  @Override
  public Map<String, Long> sizes() {
    return all.sizes();
  }

  @Override
  public List<RootPath> read(String root, long position) throws OperationException {
    if (reads.incrementAndGet() > readsLeft) {
      throw new OperationException(ErrorCode.STORE_UNAVAILABLE, "The registry cannot be read.");
    }
    List<RootPath> rest = all.read(root, position);
    int most = chunk - (int) (position % chunk);
    return rest.subList(0, Math.min(most, rest.size()));
  }

  @Override
  public boolean isAtHand() {
    return false;
  }
}
