package dev.asyncops.registry;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which roots somebody reaches. An operation of which not all roots are reached does not exist for
 * that somebody. Immutable.
 *
 * @param roots their names; null for all there are, and were, and will be
 */
public record Reach(@Nullable Set<String> roots) {

  /** Everything. */
  public static final Reach ALL = new Reach(null);

  /** Copies the names. */
  public Reach {
    roots = roots == null ? null : Set.copyOf(roots);
  }

  /** These roots and no others. */
  public static Reach of(Collection<String> names) {
    return new Reach(Set.copyOf(names));
  }

  /** Whether a root is reached. */
  public boolean has(String root) {
    return roots == null || roots.contains(root);
  }

  /** Whether all of them are reached. */
  public boolean has(RootSet needed) {
    return roots == null || roots.containsAll(needed.names());
  }

  /** Whether an operation exists for who reaches this. */
  public boolean has(OperationSnapshot operation) {
    return roots == null || has(operation.roots());
  }

  /** All that is reached; {@link RootSet#UNKNOWN} if that is everything. */
  RootSet whole() {
    return roots == null ? RootSet.UNKNOWN : RootSet.of(roots);
  }
}
