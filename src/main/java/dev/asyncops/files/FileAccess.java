package dev.asyncops.files;

import dev.asyncops.async.OperationException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file system below the roots: the only place where this service touches it.
 *
 * <p>Every call resolves its path inside its root; one that a symbolic link in a parent leads out
 * of the root fails with PERMISSION_DENIED. What changes something below a read-only root fails
 * with READ_ONLY. The last segment of a path is never followed unless a method says so.
 *
 * <p>Further errors of every method: NOT_FOUND, NOT_DIRECTORY (a parent is none), NOT_MOUNTED (the
 * root is not there), and what the file system says (NO_SPACE, BUSY, TOO_MANY_OPEN_FILES, …).
 *
 * <p><b>Threads</b>: any thread that may block: workers of an {@link IoPool}, never the main
 * context or an event loop. <b>Cancellation</b>: none; every call is short, or moves at most one
 * chunk, except that what puts something on disk waits for that.
 */
public interface FileAccess {

  /** What is there, links not followed; NOT_FOUND if nothing is. */
  FileStatus status(RootPath path) throws OperationException;

  /** What is there, links inside the root followed; NOT_FOUND if nothing is, or a link dangles. */
  FileStatus statusFollowingLinks(RootPath path) throws OperationException;

  /**
   * Whether a place is that directory or lies below it, with the links in its parents followed. It
   * need not exist; then its nearest existing parent decides.
   */
  boolean isBelow(RootPath path, RootPath directory) throws OperationException;

  /** Opens a directory, not through a link, to read its names; NOT_DIRECTORY for anything else. */
  DirectoryListing list(RootPath directory) throws OperationException;

  /**
   * Opens a directory to use entries of it, one after the other, without finding the way to it
   * again; links inside the root followed, as in the parents of a path. NOT_DIRECTORY.
   */
  OpenDirectory openDirectory(RootPath directory) throws OperationException;

  /**
   * Removes a file, a link (never its target) or an empty directory; NOT_FOUND, NOT_EMPTY. The root
   * itself: PERMISSION_DENIED.
   */
  void delete(RootPath path) throws OperationException;

  /**
   * Removes a tree that this service made, bit by bit; nothing is touched before its first step.
   */
  TreeRemoval openRemoval(RootPath top) throws OperationException;

  /**
   * The content of a small regular file, links inside the root followed; INVALID_ARGUMENT if it is
   * longer, IS_DIRECTORY, NOT_REGULAR_FILE.
   *
   * @param maxBytes at most so many
   */
  byte[] read(RootPath path, int maxBytes) throws OperationException;

  /**
   * Makes a directory; EXISTS.
   *
   * @param shared whether others may look into it at once, as far as the process's umask lets them;
   *     else nobody may (0700) until {@link #keep} opens it
   */
  void createDirectory(RootPath directory, boolean shared) throws OperationException;

  /**
   * Closes a directory that this service made, and may have opened to others by {@link #keep}, to
   * all others again, as when it was made: its entries may be made and removed, and new ones get
   * the group they would have got then. NOT_DIRECTORY, also for a link.
   */
  void makePrivate(RootPath directory) throws OperationException;

  /**
   * Opens a directory to copy entries from, and one to copy them to; links inside the roots
   * followed, as in the parents of a path. NOT_DIRECTORY.
   */
  DirectoryPair openPair(RootPath source, RootPath target) throws OperationException;

  /** Gives a file one more name; EXISTS, NOT_SUPPORTED. */
  void link(RootPath existing, RootPath name) throws OperationException;

  /**
   * Gives a directory the attributes of another.
   *
   * @param made whether it was made for this: without {@link KeptAttribute#MODE} it then gets the
   *     other's permissions less the process's umask, as a copied file does
   */
  void keep(RootPath source, RootPath target, Set<KeptAttribute> attributes, boolean made)
      throws OperationException;

  /** Gives a directory the times back that it had; a link is not followed. */
  void restoreTimes(RootPath directory, FileStatus before) throws OperationException;

  /** Makes sure that the names in a directory, and its attributes, are on disk. */
  void sync(RootPath directory) throws OperationException;

  /**
   * Opens the file system that a directory is on, to put on disk in one go what is written there
   * from now on. Null where the system cannot do that reliably: then each file and directory has to
   * be put on disk for itself.
   */
  @Nullable FileSystemSync openSync(RootPath directory) throws OperationException;

  /**
   * Renames, in one directory: the commit point of a copy (K8). The destination is there whole or
   * not at all.
   *
   * @param replace whether a file or link may be replaced (a directory never: IS_DIRECTORY); else
   *     whatever exists makes it fail with EXISTS. That is atomic on Linux where the file system
   *     knows such a rename; elsewhere for files and links where it has hard links, and otherwise
   *     it is looked at right before.
   */
  void publish(RootPath temporary, RootPath destination, boolean replace) throws OperationException;
}
