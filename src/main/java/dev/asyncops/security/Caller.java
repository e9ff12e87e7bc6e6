package dev.asyncops.security;

import dev.asyncops.registry.Reach;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who sends a request, and what it may do. Immutable; shows nothing secret.
 *
 * @param name what its operations are {@code createdBy}
 * @param scopes what it may do
 * @param reach which roots it may do that below, and so which operations exist for it
 */
public record Caller(String name, Set<Scope> scopes, Reach reach) {

  /** What stands for every root in a token. */
  static final String EVERY_ROOT = "*";

  private static final int MAX_NAME = 200;

  /** Nothing that a terminal or a log would obey, and no half of a character. */
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{1," + MAX_NAME + "}");

  /** Who calls where nobody has to say who they are: it may do everything. */
  public static final Caller ANONYMOUS =
      new Caller("anonymous", EnumSet.allOf(Scope.class), Reach.ALL);

  /** Copies the scopes. */
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /**
   * A caller.
   *
   * @param roots their names; {@code *} for every root
   */
  static Caller of(String name, Collection<Scope> scopes, Collection<String> roots) {
    Reach reach = roots.contains(EVERY_ROOT) ? Reach.ALL : Reach.of(roots);
    return new Caller(name, Set.copyOf(scopes), reach);
  }

  /** Whether this can be the name of a caller: 1 to 200 printable characters. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether it may do this. */
  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }
}
