package dev.asyncops.files;

import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place below a root: {@code data:in/2026}. Lexically safe by construction: no {@code ..}, no
 * empty or {@code .} segment, no slash in a segment and no NUL; whether a symbolic link leads out
 * of the root is known only when it is used.
 *
 * <p>A name in the file system that is not valid UTF-8 is a segment all the same: each byte that
 * cannot be decoded is an unpaired surrogate, U+DC00 plus the byte, so that no two names are equal
 * and the name leads back to its file. {@link #toString} shows such a byte as U+FFFD.
 *
 * <p>Each path knows its directory and adds its own name to it, so that paths made by {@link
 * #resolve}, or read by one {@link PathReader}, share what they have in common: a hundred thousand
 * entries of one directory cost their names and little more. Immutable.
 */
public final class RootPath {

  /** The longest segment, in bytes of UTF-8. */
  static final int MAX_SEGMENT_BYTES = 255;

  /** The longest path below its root, in bytes of UTF-8. */
  static final int MAX_PATH_BYTES = 4096;

  /** Null for a root. */
  private final @Nullable RootPath parent;

  /** Of a root, the root's. */
  private final String name;

  private final int depth;

  /**
   * The path of these segments, from the root down; none for the root itself.
   *
   * @throws IllegalArgumentException for a segment that is no name
   */
  public RootPath(String root, List<String> segments) {
    RootPath above = null;
    String last = Objects.requireNonNull(root, "root");
    for (String segment : segments) {
      above = above == null ? new RootPath(null, root) : new RootPath(above, last);
      last = checkedName(segment);
    }
    this.parent = above;
    this.name = last;
    this.depth = segments.size();
  }

  private RootPath(@Nullable RootPath parent, String name) {
    this.parent = parent;
    this.name = name;
    this.depth = parent == null ? 0 : parent.depth + 1;
  }

  /** The root's name. */
  public String root() {
    RootPath top = this;
    for (RootPath above = parent; above != null; above = above.parent) {
      top = above;
    }
    return top.name;
  }

  /** The names from the root down; empty for the root itself. */
  public List<String> segments() {
    String[] names = new String[depth];
    RootPath at = this;
    for (int i = depth - 1; i >= 0 && at != null; i--) {
      names[i] = at.name;
      at = at.parent;
    }
    return Collections.unmodifiableList(Arrays.asList(names));
  }

  /** How many segments there are. */
  public int depth() {
    return depth;
  }

  /** Whether this is the root itself. */
  public boolean isRoot() {
    return parent == null;
  }

  /** The last segment; a root has none. */
  public String name() {
    if (isRoot()) {
      throw new NoSuchElementException("A root has no name in a directory.");
    }
    return name;
  }

  /** The directory this is in; a root has none. */
  public RootPath parent() {
    if (parent == null) {
      throw new NoSuchElementException("A root is in no directory.");
    }
    return parent;
  }

  /** An entry of this directory. */
  public RootPath resolve(String name) {
    return new RootPath(this, checkedName(name));
  }

  /** Whether the other is this or lies below it. */
  public boolean contains(RootPath other) {
    RootPath at = other;
    while (at.parent != null && at.depth > depth) {
      at = at.parent;
    }
    return equals(at);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof RootPath path) || path.depth != depth) {
      return false;
    }
    RootPath a = this;
    RootPath b = path;
    while (a != b && a != null && b != null) { // where they meet, all above is the same
      if (!a.name.equals(b.name)) {
        return false;
      }
      a = a.parent;
      b = b.parent;
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (RootPath at = this; at != null; at = at.parent) {
      hash = 31 * hash + at.name.hashCode();
    }
    return hash;
  }

  /** The segments below the root, joined by slashes; empty for the root. */
  public String relative() {
    return String.join("/", segments());
  }

  /** As a client writes it, or sees it. */
  @Override
  public String toString() {
    return root() + ":" + shown(relative());
  }

  /**
   * The bytes of {@link #relative}, in Base64 (RFC 4648), if they are not valid UTF-8, so that
   * {@link #toString} does not lead back to the file; null if they are.
   */
  public @Nullable String oddBytes() {
    for (RootPath at = this; at.parent != null; at = at.parent) {
      if (NameBytes.isOdd(at.name)) {
        return Base64.getEncoder().encodeToString(NameBytes.encode(relative()));
      }
    }
    return null;
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

  private static String checkedName(String name) {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'%s' is no name of an entry.".formatted(shown(name)));
    }
    return name;
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
