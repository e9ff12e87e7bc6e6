package dev.asyncops.registry;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The names of the roots that an operation works below: who is to see it has to reach all of them.
 * Immutable.
 *
 * @param text the names in their order, with a comma between them; empty for none
 */
public record RootSet(String text) {

  /** No root at all. */
  public static final RootSet NONE = new RootSet("");

  /**
   * Of what nobody knows the roots: no root has this name, so it is reached by those alone who
   * reach everything.
   */
  public static final RootSet UNKNOWN = new RootSet("*");

  /** The set of these names. */
  public static RootSet of(Collection<String> names) {
    return names.isEmpty() ? NONE : new RootSet(String.join(",", new TreeSet<>(names)));
  }

  /** The names, in their order. */
  public List<String> names() {
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** All names of both. */
  public RootSet and(RootSet other) {
    if (other.isEmpty() || equals(other)) {
      return this;
    }
    return of(Stream.concat(names().stream(), other.names().stream()).toList());
  }
}
