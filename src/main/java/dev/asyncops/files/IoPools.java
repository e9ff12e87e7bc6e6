package dev.asyncops.files;

import java.util.Collection;

/**
 * One pool a root, and one for each pair of roots between which something is copied: a mount that
 * hangs stops the work that touches it and nothing else.
 */
public final class IoPools implements AutoCloseable {

  /** Pools with so many threads each, made when they are needed. */
  public IoPools(Collection<Root> roots, int threads) {
    throw new UnsupportedOperationException();
  }

  /** The pool for work below one root. */
  public IoPool of(RootPath path) {
    throw new UnsupportedOperationException();
  }

  /** The pool for work that reads below one root and writes below another, maybe the same. */
  public IoPool between(RootPath source, RootPath destination) {
    throw new UnsupportedOperationException();
  }

  /** Closes all pools. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
