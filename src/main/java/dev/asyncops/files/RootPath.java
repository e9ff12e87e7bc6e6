package dev.asyncops.files;

import java.util.ArrayList;
import java.util.List;

/**
 * A place below a root: {@code data:in/2026}. Lexically safe by construction: no {@code ..}, no
 * empty or {@code .} segment, no slash in a segment and no NUL; whether a symbolic link leads out
 * of the root is known only when it is used.
 *
 * <p>A name in the file system that is not valid UTF-8 is a segment all the same: each byte that
 * cannot be decoded is an unpaired surrogate, U+DC00 plus the byte, so that no two names are equal
 * and the name leads back to its file. {@link #toString} shows such a byte as U+FFFD.
 *
 * @param root the root's name
 * @param segments the names from the root down; empty for the root itself
 */
public record RootPath(String root, List<String> segments) {

  /** The longest segment, in bytes of UTF-8. */
  static final int MAX_SEGMENT_BYTES = 255;

  /** The longest path below its root, in bytes of UTF-8. */
  static final int MAX_PATH_BYTES = 4096;

  /**
   * Copies the segments.
   *
   * @throws IllegalArgumentException for a segment that is no name
   */
  public RootPath {
    segments = List.copyOf(segments);
    segments.forEach(RootPath::checkName);
  }

  /** Whether this is the root itself. */
  public boolean isRoot() {
    return segments.isEmpty();
  }

  /** The last segment; a root has none. */
  public String name() {
    return segments.getLast();
  }

  /** The directory this is in; a root has none. */
  public RootPath parent() {
    return new RootPath(root, segments.subList(0, segments.size() - 1));
  }

  /** An entry of this directory. */
  public RootPath resolve(String name) {
    List<String> longer = new ArrayList<>(segments.size() + 1);
    longer.addAll(segments);
    longer.add(name);
    return new RootPath(root, longer);
  }

  /** Whether the other is this or lies below it. */
  public boolean contains(RootPath other) {
    return root.equals(other.root)
        && segments.size() <= other.segments.size()
        && segments.equals(other.segments.subList(0, segments.size()));
  }

  /** The segments below the root, joined by slashes; empty for the root. */
  public String relative() {
    return String.join("/", segments);
  }

  /** As a client writes it, or sees it. */
  @Override
  public String toString() {
    return root + ":" + shown(relative());
  }

  /** How many bytes the text has in UTF-8. */
  static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static void checkName(String name) {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'%s' is no name of an entry.".formatted(shown(name)));
    }
  }

  private static String shown(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints().map(c -> isUnpaired(c) ? 0xFFFD : c).forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static boolean isUnpaired(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
