package dev.asyncops.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. None implies another. */
public enum Scope {
  /** Read operations, their reports and events, and what the service tells of itself. */
  READ,
  /** Start operations, do them again, and change them. */
  WRITE,
  /** Cancel operations. */
  CANCEL;

  /** As it is written in a token. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of a word; empty if there is none. */
  public static Optional<Scope> of(String word) {
    return Arrays.stream(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }
}
