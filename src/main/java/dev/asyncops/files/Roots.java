package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.Collection;

/** The roots by name, and the reading of paths as clients write them. Immutable. */
public final class Roots {

  /** Roots with different names. */
  public Roots(Collection<Root> roots) {
    throw new UnsupportedOperationException();
  }

  /** All roots. */
  public Collection<Root> all() {
    throw new UnsupportedOperationException();
  }

  /** The root of a parsed path. */
  public Root rootOf(RootPath path) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads {@code root:relative/path}, or {@code relative/path} where there is exactly one root.
   * Touches no file. One trailing slash is ignored.
   *
   * @throws OperationException PERMISSION_DENIED for an unknown root, an absolute path and {@code
   *     ..}; INVALID_ARGUMENT for NUL, an empty or {@code .} segment, a segment over 255 or a path
   *     over 4096 bytes
   */
  public RootPath parse(String text) throws OperationException {
    throw new UnsupportedOperationException();
  }
}
