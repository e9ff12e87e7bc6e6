package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads many paths, one after the other, as {@link Roots#parse} does. Paths that follow one of the
 * same directory share it with that one, and of them only the names are looked at.
 *
 * <p><b>Threads</b>: one at a time.
 */
public final class PathReader {

  /** Short enough to be within the limit for a path, whatever the characters are. */
  private static final int SHORT_CHARS = RootPath.MAX_PATH_BYTES / 3;

  private final Roots roots;

  /** The directory of the last path, and its text before the last slash; null together. */
  private @Nullable RootPath directory;

  private @Nullable String prefix;

  /** A reader of paths below these roots. */
  public PathReader(Roots roots) {
    this.roots = roots;
  }

  /** Reads a path; errors as those of {@link Roots#parse}. */
  public RootPath read(String text) throws OperationException {
    int slash = text.lastIndexOf('/');
    if (directory != null
        && prefix != null
        && slash == prefix.length()
        && text.startsWith(prefix)
        && isSurelyName(text, slash + 1)) {
      return directory.resolve(text.substring(slash + 1));
    }
    RootPath path = roots.parse(text);
    boolean hasPrefix = slash > 0 && slash < text.length() - 1;
    directory = hasPrefix ? path.parent() : null;
    prefix = hasPrefix ? text.substring(0, slash) : null;
    return path;
  }

  /** Whether what comes last is a plain name; where there is doubt, all of the text is judged. */
  private static boolean isSurelyName(String text, int start) {
    int length = text.length() - start;
    if (length == 0 || length > RootPath.MAX_SEGMENT_BYTES || text.length() > SHORT_CHARS) {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || c >= 0x80) {
        return false;
      }
    }
    return text.charAt(start) != '.';
  }
}
