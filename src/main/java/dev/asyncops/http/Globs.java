package dev.asyncops.http;

import dev.asyncops.async.OperationException;
import dev.asyncops.operations.CopyGlob;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Judges the patterns by which a copy chooses its files. */
final class Globs {

  static final int MAX_GLOBS = 256;

  private Globs() {}

  /** The patterns, none if the member was absent; what is wrong is noted. */
  static List<String> check(
      @Nullable List<@Nullable String> given, String pointer, Violations violations) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > MAX_GLOBS) {
      violations.invalid(pointer, "There may be at most %d patterns.".formatted(MAX_GLOBS));
      return List.of();
    }
    for (int i = 0; i < given.size() && !violations.isFull(); i++) {
      check(given.get(i), FieldError.pointer(pointer, i), violations);
    }
    return given.stream().filter(Objects::nonNull).toList();
  }

  private static void check(@Nullable String glob, String pointer, Violations violations) {
    if (glob == null || !Texts.isWellFormed(glob)) {
      violations.invalid(pointer, "A pattern is needed here.");
      return;
    }
    try {
      CopyGlob.parse(glob);
    } catch (OperationException e) {
      violations.add(e.code(), pointer, e.detail());
    }
  }
}
