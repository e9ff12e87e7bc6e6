package dev.asyncops.files;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One pool a root, and one for each pair of roots between which something is copied: a mount that
 * hangs stops the work that touches it and nothing else.
 *
 * <p>All pools exist from the start, so that they can be measured; their threads do not.
 *
 * <p><b>Threads</b>: any.
 */
public final class IoPools implements AutoCloseable {

  private final Map<String, IoPool> byName;

  /** Pools with at most so many threads each. */
  public IoPools(Collection<Root> roots, int threads) {
    Map<String, IoPool> pools = new LinkedHashMap<>();
    for (Root source : roots) {
      for (Root destination : roots) {
        String name = name(source.name(), destination.name());
        pools.put(name, new IoPool(name, threads));
      }
    }
    byName = Collections.unmodifiableMap(pools);
  }

  /** The pool for work below one root. */
  public IoPool of(RootPath path) {
    return between(path, path);
  }

  /** The pool for work that reads below one root and writes below another, maybe the same. */
  public IoPool between(RootPath source, RootPath destination) {
    IoPool pool = byName.get(name(source.root(), destination.root()));
    if (pool == null) {
      throw new IllegalArgumentException(
          "No pool between '%s' and '%s'.".formatted(source.root(), destination.root()));
    }
    return pool;
  }

  /** Every pool there is. */
  public Collection<IoPool> all() {
    return byName.values();
  }

  /** Closes all pools. */
  @Override
  public void close() {
    byName.values().forEach(IoPool::close);
  }

  private static String name(String source, String destination) {
    return source.equals(destination) ? source : source + ":" + destination;
  }
}
