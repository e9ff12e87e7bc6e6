package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for paths below a copy's source: {@code *}, {@code ?}, <code>[a-z]</code>, <code>
 * [!a]</code> and <code>{a,b}</code> inside a segment, {@code **} for any number of whole segments,
 * none included, and a backslash before what is meant as it stands.
 *
 * <p>Matching takes at most the product of the two lengths, whatever the pattern: a pattern comes
 * from a client. Case counts.
 *
 * <p><b>Threads</b>: immutable.
 */
public final class CopyGlob {

  private static final int MAX_LENGTH = 4096;
  private static final int MAX_ALTERNATIVES = 64;

  private final List<List<CopyGlobSegment>> alternatives;

  private CopyGlob(List<List<CopyGlobSegment>> alternatives) {
    this.alternatives = alternatives;
  }

  /**
   * Reads a pattern.
   *
   * @throws OperationException INVALID_ARGUMENT if it is empty, absolute, too long, leads upwards,
   *     has more than 64 alternatives, or something is not closed
   */
  public static CopyGlob parse(String pattern) throws OperationException {
    if (pattern.isEmpty() || pattern.length() > MAX_LENGTH || pattern.startsWith("/")) {
      throw invalid(pattern, "is empty, absolute or too long");
    }
    List<List<CopyGlobSegment>> alternatives = new ArrayList<>();
    for (String alternative : expand(pattern)) {
      List<CopyGlobSegment> segments = new ArrayList<>();
      for (String segment : alternative.split("/", -1)) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
          throw invalid(pattern, "has an empty, '.' or '..' segment");
        }
        segments.add(CopyGlobSegment.parse(pattern, segment));
      }
      alternatives.add(List.copyOf(segments));
    }
    return new CopyGlob(List.copyOf(alternatives));
  }

  /** Whether the path, by its segments below the source, is one of those meant. */
  boolean matches(List<String> path) {
    return alternatives.stream().anyMatch(segments -> matches(segments, path));
  }

  /** Row by row: which beginnings of the path do the first segments of the pattern match? */
  private static boolean matches(List<CopyGlobSegment> segments, List<String> path) {
    boolean[] reached = new boolean[path.size() + 1];
    reached[0] = true;
    for (CopyGlobSegment segment : segments) {
      reached = segment.isAnyDepth() ? spread(reached) : advance(reached, segment, path);
    }
    return reached[path.size()];
  }

  private static boolean[] spread(boolean[] reached) {
    for (int i = 1; i < reached.length; i++) {
      reached[i] |= reached[i - 1];
    }
    return reached;
  }

  private static boolean[] advance(boolean[] reached, CopyGlobSegment segment, List<String> path) {
    boolean[] next = new boolean[reached.length];
    for (int i = 0; i < path.size(); i++) {
      next[i + 1] = reached[i] && segment.matches(path.get(i));
    }
    return next;
  }

  /** The patterns without braces that the pattern stands for. */
  private static List<String> expand(String pattern) throws OperationException {
    List<String> open = new ArrayList<>(List.of(pattern));
    List<String> expanded = new ArrayList<>();
    while (!open.isEmpty()) {
      String next = open.removeLast();
      List<String> parts = CopyGlobBraces.firstOf(pattern, next);
      open.addAll(parts);
      if (parts.isEmpty()) {
        expanded.add(next);
      }
      if (open.size() + expanded.size() > MAX_ALTERNATIVES) {
        throw invalid(pattern, "has too many alternatives");
      }
    }
    return expanded;
  }

  static OperationException invalid(String pattern, String fault) {
    String shown = pattern.length() > 100 ? pattern.substring(0, 100) + "…" : pattern;
    return new OperationException(
        ErrorCode.INVALID_ARGUMENT, "The pattern '%s' %s.".formatted(shown, fault));
  }
}
