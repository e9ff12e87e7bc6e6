package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Which entries below the source are copied: those that no exclude matches and, unless they are
 * directories, one of the includes does. What is excluded takes with it all below it. Files that a
 * copy of this service has not finished yet are never copied.
 *
 * <p><b>Threads</b>: immutable.
 */
final class CopyFilter {

  private final RootPath source;
  private final List<CopyGlob> include;
  private final List<CopyGlob> exclude;

  private CopyFilter(RootPath source, List<CopyGlob> include, List<CopyGlob> exclude) {
    this.source = source;
    this.include = include;
    this.exclude = exclude;
  }

  static CopyFilter of(CopyRequest request) throws OperationException {
    return new CopyFilter(request.source(), parse(request.include()), parse(request.exclude()));
  }

  /** Whether the name can be an entry at all: asked before anything is known of it. */
  boolean seesName(String name) {
    return !TemporaryName.matches(name);
  }

  /** Whether an entry below the source is copied. */
  boolean accepts(RootPath entry, FileStatus.Type type) {
    if (include.isEmpty() && exclude.isEmpty()) {
      return true;
    }
    List<String> path = pathOf(entry);
    boolean included = type == FileStatus.Type.DIRECTORY || include.isEmpty();
    return exclude.stream().noneMatch(glob -> glob.matches(path))
        && (included || include.stream().anyMatch(glob -> glob.matches(path)));
  }

  /** The segments below the source; for the source itself, if it is a file, its name. */
  private List<String> pathOf(RootPath entry) {
    int top = source.segments().size();
    List<String> segments = entry.segments();
    return segments.size() > top ? segments.subList(top, segments.size()) : List.of(entry.name());
  }

  private static List<CopyGlob> parse(List<String> patterns) throws OperationException {
    List<CopyGlob> globs = new ArrayList<>();
    for (String pattern : patterns) {
      globs.add(CopyGlob.parse(pattern));
    }
    return List.copyOf(globs);
  }
}
