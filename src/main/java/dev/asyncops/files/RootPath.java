package dev.asyncops.files;

import java.util.List;

/**
 * A place below a root: {@code data:in/2026}. Lexically safe by construction: no {@code ..}, no
 * empty or {@code .} segment, no NUL; whether a symbolic link leads out of the root is known only
 * when it is used.
 *
 * @param root the root's name
 * @param segments the names from the root down; empty for the root itself
 */
public record RootPath(String root, List<String> segments) {

  /** Copies the segments. */
  public RootPath {
    segments = List.copyOf(segments);
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
    List<String> longer = new java.util.ArrayList<>(segments);
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

  /** As a client writes it. */
  @Override
  public String toString() {
    return root + ":" + relative();
  }
}
