package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.PathReader;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the paths of a request by what they say, before any file is touched: their form, their
 * roots, and what may not be done there whatever is found (P16).
 */
final class PathRules {

  private final Roots roots;

  PathRules(Roots roots) {
    this.roots = roots;
  }

  /** A path to read from; null if it was refused. */
  @Nullable RootPath readable(@Nullable String text, String pointer, Violations violations) {
    if (text == null) {
      violations.invalid(pointer, "A path is needed here.");
      return null;
    }
    try {
      return roots.parse(text);
    } catch (OperationException e) {
      violations.add(e.code(), pointer, e.detail());
      return null;
    }
  }

  /** A path below which something may be made; null if it was refused. */
  @Nullable RootPath writable(@Nullable String text, String pointer, Violations violations) {
    RootPath path = readable(text, pointer, violations);
    if (path != null && isReadOnly(path)) {
      violations.add(ErrorCode.READ_ONLY, pointer, readOnlyDetail(path));
      return null;
    }
    return path;
  }

  /**
   * Paths to delete. Makes nothing but the paths themselves, which share their directories, for
   * there may be a hundred thousand, and stops when enough of them are wrong.
   */
  List<RootPath> deletable(List<@Nullable String> texts, String pointer, Violations violations) {
    Deletable rules = deletable();
    List<RootPath> paths = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size() && !violations.isFull(); i++) {
      try {
        paths.add(rules.read(texts.get(i)));
      } catch (OperationException e) {
        violations.add(e.code(), FieldError.pointer(pointer, i), e.detail());
      }
    }
    return paths;
  }

  /** Judges where a copy goes by where it comes from. */
  static void between(RootPath source, RootPath destination, Violations violations) {
    if (source.equals(destination)) {
      violations.invalid("/destination", "Source and destination are the same.");
    } else if (source.contains(destination)) {
      violations.add(
          ErrorCode.WOULD_RECURSE,
          "/destination",
          "'%s' lies inside the source '%s'.".formatted(destination, source));
    }
  }

  /** The same for paths that come one by one. */
  Deletable deletable() {
    return new Deletable();
  }

  /** Notes what is wrong with deleting below these roots, if anything is. */
  void checkDeletable(Collection<String> rootNames, String pointer, Violations violations) {
    for (String name : rootNames) {
      try {
        RootPath root = roots.parse(name + ":");
        if (isReadOnly(root)) {
          violations.add(ErrorCode.READ_ONLY, pointer, readOnlyDetail(root));
        }
      } catch (OperationException e) {
        violations.add(e.code(), pointer, e.detail());
      }
    }
  }

  /** Judges paths to delete, one after the other. <b>Threads</b>: one at a time. */
  final class Deletable {

    private final PathReader reader = new PathReader(roots);

    /** A path to delete; PERMISSION_DENIED, READ_ONLY or INVALID_ARGUMENT if it is refused. */
    RootPath read(@Nullable String text) throws OperationException {
      if (text == null) {
        throw new OperationException(ErrorCode.INVALID_ARGUMENT, "A path is needed here.");
      }
      return checked(reader.read(text));
    }

    /** The same by the bytes below the root of a text. */
    RootPath read(String text, byte[] below) throws OperationException {
      return checked(roots.parse(text, below));
    }

    private RootPath checked(RootPath path) throws OperationException {
      if (isReadOnly(path)) {
        throw new OperationException(ErrorCode.READ_ONLY, readOnlyDetail(path));
      }
      if (path.isRoot()) {
        throw new OperationException(
            ErrorCode.PERMISSION_DENIED, "'%s' is a root, which is never deleted.".formatted(path));
      }
      return path;
    }
  }

  private boolean isReadOnly(RootPath path) {
    return roots.rootOf(path).readOnly();
  }

  private static String readOnlyDetail(RootPath path) {
    return "The root '%s' is read-only.".formatted(path.root());
  }
}
