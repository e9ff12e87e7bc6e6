package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The roots by name, and the reading of paths as clients write them. Immutable. */
public final class Roots {

  private static final int LONGEST_QUOTE = 120;

  private final Map<String, Root> byName;

  /**
   * Roots with different names, at least one.
   *
   * @throws IllegalArgumentException if there is none, or two have one name
   */
  public Roots(Collection<Root> roots) {
    Map<String, Root> named = new LinkedHashMap<>();
    for (Root root : roots) {
      if (named.put(root.name(), root) != null) {
        throw new IllegalArgumentException("Two roots are called '%s'.".formatted(root.name()));
      }
    }
    if (named.isEmpty()) {
      throw new IllegalArgumentException("There is no root.");
    }
    byName = Collections.unmodifiableMap(named);
  }

  private Roots(Map<String, Root> byName) {
    this.byName = byName;
  }

  /**
   * Only those of the roots whose names are wanted, maybe none. To who reads a path with them there
   * are no others.
   */
  public Roots only(Predicate<String> wanted) {
    Map<String, Root> some = new LinkedHashMap<>(byName);
    some.keySet().removeIf(wanted.negate());
    return some.size() == byName.size() ? this : new Roots(Collections.unmodifiableMap(some));
  }

  /** All roots, in the order they were given. */
  public Collection<Root> all() {
    return byName.values();
  }

  /** The root of a parsed path. */
  public Root rootOf(RootPath path) {
    Root root = byName.get(path.root());
    if (root == null) {
      throw new IllegalArgumentException("No root '%s'.".formatted(path.root()));
    }
    return root;
  }

  /**
   * Reads {@code root:relative/path}, or {@code relative/path} where there is exactly one root.
   * Touches no file. One trailing slash is ignored; {@code root:} is the root itself. What comes
   * before a colon in the first segment is always a root's name.
   *
   * @throws OperationException PERMISSION_DENIED for an unknown root, an absolute path and {@code
   *     ..}; INVALID_ARGUMENT for NUL, an empty or {@code .} segment, a segment over 255 or a path
   *     over 4096 bytes, an unpaired surrogate, and a bare path where there are several roots
   */
  public RootPath parse(String text) throws OperationException {
    int colon = text.indexOf(':');
    int slash = text.indexOf('/');
    boolean named = colon >= 0 && (slash < 0 || colon < slash);
    String relative = named ? text.substring(colon + 1) : text;
    checkText(text, relative);
    if (relative.startsWith("/")) {
      throw denied(text, "is absolute");
    }
    String root = named ? knownRoot(text, text.substring(0, colon)) : onlyRoot(text);
    if (!named && relative.isEmpty()) {
      throw invalid(text, "is empty");
    }
    return new RootPath(root, segments(text, relative));
  }

  /**
   * Reads a path whose name is not, or need not be, valid UTF-8: the root of the text, and the
   * bytes below it.
   *
   * @param text what {@link #parse} would read; only what it says of the root counts
   * @throws OperationException as {@link #parse} does
   */
  public RootPath parse(String text, byte[] below) throws OperationException {
    int colon = text.indexOf(':');
    int slash = text.indexOf('/');
    boolean named = colon >= 0 && (slash < 0 || colon < slash);
    String root = named ? knownRoot(text, text.substring(0, colon)) : onlyRoot(text);
    String relative = NameBytes.decode(below);
    String shown = root + ":" + relative;
    if (relative.indexOf('\0') >= 0) {
      throw invalid(shown, "contains NUL");
    }
    if (below.length > RootPath.MAX_PATH_BYTES) {
      throw invalid(shown, "is longer than 4096 bytes");
    }
    if (relative.startsWith("/")) {
      throw denied(shown, "is absolute");
    }
    return new RootPath(root, segments(shown, relative));
  }

  private String knownRoot(String text, String name) throws OperationException {
    Root root = byName.get(name);
    if (root == null) {
      throw denied(text, "names no root");
    }
    return root.name(); // one text for all paths
  }

  private String onlyRoot(String text) throws OperationException {
    if (byName.isEmpty()) {
      throw denied(text, "is below no root");
    }
    if (byName.size() > 1) {
      throw invalid(text, "needs a root in front, one of: " + names());
    }
    return Objects.requireNonNull(byName.keySet().iterator().next());
  }

  private static void checkText(String text, String relative) throws OperationException {
    if (text.indexOf('\0') >= 0) {
      throw invalid(text, "contains NUL");
    }
    if (hasUnpairedSurrogate(text)) {
      throw invalid(text, "is not valid Unicode");
    }
    if (RootPath.utf8Length(relative) > RootPath.MAX_PATH_BYTES) {
      throw invalid(text, "is longer than 4096 bytes");
    }
  }

  private List<String> segments(String text, String relative) throws OperationException {
    List<String> segments = new ArrayList<>();
    String trimmed =
        relative.endsWith("/") ? relative.substring(0, relative.length() - 1) : relative;
    if (trimmed.isEmpty()) {
      return segments;
    }
    OperationException invalid = null;
    int start = 0;
    while (start <= trimmed.length()) {
      int slash = trimmed.indexOf('/', start);
      int end = slash < 0 ? trimmed.length() : slash;
      String segment = trimmed.substring(start, end);
      if (segment.equals("..")) { // the worst of its faults decides
        throw denied(text, "leads upwards");
      }
      if (invalid == null) {
        invalid = faultOf(text, segment);
      }
      segments.add(segment);
      start = end + 1;
    }
    if (invalid != null) {
      throw invalid;
    }
    return segments;
  }

  private static @Nullable OperationException faultOf(String text, String segment) {
    if (segment.isEmpty()) {
      return invalid(text, "has an empty segment");
    }
    if (segment.equals(".")) {
      return invalid(text, "has a '.' segment");
    }
    if (RootPath.utf8Length(segment) > RootPath.MAX_SEGMENT_BYTES
        && NameBytes.encode(segment).length > RootPath.MAX_SEGMENT_BYTES) {
      return invalid(text, "has a segment longer than 255 bytes");
    }
    return null;
  }

  private OperationException denied(String text, String fault) {
    return new OperationException(
        ErrorCode.PERMISSION_DENIED,
        "%s %s; %s."
            .formatted(
                quoted(text),
                fault,
                byName.isEmpty() ? "there is no root" : "the roots are: " + names()));
  }

  private static OperationException invalid(String text, String fault) {
    return new OperationException(
        ErrorCode.INVALID_ARGUMENT, "%s %s.".formatted(quoted(text), fault));
  }

  private String names() {
    return String.join(", ", byName.keySet());
  }

  /** The text as it can be shown: not too long, and nothing a terminal or a log would obey. */
  private static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(LONGEST_QUOTE)
        .map(c -> Character.isISOControl(c) || isSurrogate(c) ? 0xFFFD : c)
        .forEach(shown::appendCodePoint);
    boolean cut = text.codePointCount(0, text.length()) > LONGEST_QUOTE;
    return shown.append(cut ? "…'" : "'").toString();
  }

  private static boolean hasUnpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) { // no stream: there may be a hundred thousand paths
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints().anyMatch(Roots::isSurrogate);
      }
    }
    return false;
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
