package dev.asyncops.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the host's path of a place below a root, and makes sure that it really is below it.
 *
 * <p>The parent's links are resolved and the outcome has to lie in the root; the last segment is
 * not followed. The guarantee is narrower than that of directory-relative calls: whoever may write
 * below a root and swaps a directory for a link between the check and the use can lead a call out.
 */
final class Sandbox {

  private final Roots roots;

  /** The roots' own paths with all links resolved, each found when it is first needed. */
  private final Map<String, Path> realRoots = new ConcurrentHashMap<>();

  Sandbox(Roots roots) {
    this.roots = roots;
  }

  /** Where the place is, its last segment not followed; it need not exist, its parent must. */
  Path resolve(RootPath path) throws OperationException {
    return path.isRoot() ? rootOf(path) : NioNames.resolve(parent(path), path.name());
  }

  /** Looked at here because the JDK says NOT_FOUND of what is below a file. */
  private Path parent(RootPath path) throws OperationException {
    RootPath parent = path.parent();
    Path place = real(parent);
    if (!parent.isRoot() && !Files.isDirectory(place, NOFOLLOW_LINKS)) {
      throw FileErrors.of(parent, ErrorCode.NOT_DIRECTORY, "is not a directory");
    }
    return place;
  }

  /** Where something is to be changed: not below a read-only root. */
  Path resolveForChange(RootPath path) throws OperationException {
    checkWritable(path);
    return resolve(path);
  }

  void checkWritable(RootPath path) throws OperationException {
    if (isReadOnly(path)) {
      throw FileErrors.of(path, ErrorCode.READ_ONLY, "is below a read-only root");
    }
  }

  boolean isReadOnly(RootPath path) {
    return roots.rootOf(path).readOnly();
  }

  /** Where the place really is, all links followed; it must exist. */
  Path real(RootPath path) throws OperationException {
    Path root = rootOf(path);
    if (path.isRoot()) {
      return root;
    }
    Path place = root;
    for (String segment : path.segments()) {
      place = NioNames.resolve(place, segment);
    }
    Path real;
    try {
      real = place.toRealPath();
    } catch (IOException e) {
      throw notFound(path, root, e);
    }
    if (!real.startsWith(root)) {
      throw FileErrors.of(path, ErrorCode.PERMISSION_DENIED, "leads out of its root by a link");
    }
    return real;
  }

  private OperationException notFound(RootPath path, Path root, IOException e) {
    if (e instanceof NoSuchFileException && !root.toFile().isDirectory()) {
      realRoots.remove(path.root());
      return notMounted(path);
    }
    return FileErrors.of(path, e);
  }

  private Path rootOf(RootPath path) throws OperationException {
    Path known = realRoots.get(path.root());
    if (known != null) {
      return known;
    }
    try {
      Path real = roots.rootOf(path).path().toRealPath();
      realRoots.put(path.root(), real);
      return real;
    } catch (IOException e) {
      throw notMounted(path);
    }
  }

  /** The error for a root that is not there. */
  static OperationException notMounted(RootPath path) {
    return new OperationException(
        ErrorCode.NOT_MOUNTED, "The root '%s' is not there.".formatted(path.root()));
  }
}
