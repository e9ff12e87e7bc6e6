package dev.asyncops.http;

import dev.asyncops.async.OperationException;
import dev.asyncops.operations.CopyGlob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges the patterns by which a copy chooses its files. */
final class Globs {

  private static final int MAX_GLOBS = 256;
  private static final int MAX_LENGTH = 1024;

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
    List<String> globs = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      String glob = given.get(i);
      if (glob == null || !isGlob(glob)) {
        violations.invalid(
            FieldError.pointer(pointer, i),
            "A pattern is a glob of 1 to %d characters.".formatted(MAX_LENGTH));
      } else {
        globs.add(glob);
      }
    }
    return List.copyOf(globs);
  }

  private static boolean isGlob(String glob) {
    if (glob.isEmpty() || glob.length() > MAX_LENGTH || !Texts.isWellFormed(glob)) {
      return false;
    }
    try {
      CopyGlob.parse(glob);
      return true;
    } catch (OperationException e) {
      return false;
    }
  }
}
