package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a copy is to do; the defaults are the HTTP contract's.
 *
 * @param source a file, a link, or a directory with all below it
 * @param destination where it is to appear, under this very name
 * @param onConflict what happens where something exists already
 * @param parents whether missing parents of the destination are made
 * @param preserve the attributes that are kept
 * @param verify whether what was written is read back and compared
 * @param durability whether it is on disk before the operation is over
 * @param include globs, relative to the source, of the files to copy; empty for all
 * @param exclude globs, relative to the source, of what is left out
 * @param failFast whether the first failed item ends the operation
 * @param dryRun whether it only counts and checks, and changes nothing
 * @param only the entries below the source to copy, into the tree that exists already; null for all
 *     ({@link CopyChoice})
 */
public record CopyRequest(
    RootPath source,
    RootPath destination,
    OnConflict onConflict,
    boolean parents,
    Set<Preserve> preserve,
    Verify verify,
    Durability durability,
    List<String> include,
    List<String> exclude,
    boolean failFast,
    boolean dryRun,
    @Nullable CopyChoice only) {

  /** A copy of all there is. */
  public CopyRequest(
      RootPath source,
      RootPath destination,
      OnConflict onConflict,
      boolean parents,
      Set<Preserve> preserve,
      Verify verify,
      Durability durability,
      List<String> include,
      List<String> exclude,
      boolean failFast,
      boolean dryRun) {
    this(
        source,
        destination,
        onConflict,
        parents,
        preserve,
        verify,
        durability,
        include,
        exclude,
        failFast,
        dryRun,
        null);
  }

  /** Copies the collections. */
  public CopyRequest {
    preserve = Collections.unmodifiableSet(inOrder(preserve));
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /**
   * The same, of some entries. Takes the time of a sort.
   *
   * @param entries the source itself, for all of it, or entries below it
   * @throws IllegalArgumentException if one is neither
   */
  public CopyRequest only(Collection<RootPath> entries) {
    return new CopyRequest(
        source,
        destination,
        onConflict,
        parents,
        preserve,
        verify,
        durability,
        include,
        exclude,
        failFast,
        dryRun,
        CopyChoice.of(source, entries));
  }

  /**
   * Refuses what could never succeed, whatever the file system says: to be asked before anything is
   * started.
   *
   * @throws OperationException INVALID_ARGUMENT if source and destination are the same or a pattern
   *     is malformed; WOULD_RECURSE if the destination lies inside the source
   */
  public void check() throws OperationException {
    if (source.equals(destination)) {
      throw new OperationException(
          ErrorCode.INVALID_ARGUMENT, "'%s' is the source too.".formatted(destination));
    }
    if (source.contains(destination)) {
      throw new OperationException(
          ErrorCode.WOULD_RECURSE, "'%s' lies inside '%s'.".formatted(destination, source));
    }
    CopyFilter.of(this);
  }

  /** How many items are known before anything is looked at. */
  int knownItems() {
    return only == null ? 1 : only.size();
  }

  /** A copy in the order of declaration, so that a request reads the same every time. */
  private static Set<Preserve> inOrder(Set<Preserve> attributes) {
    return attributes.isEmpty() ? EnumSet.noneOf(Preserve.class) : EnumSet.copyOf(attributes);
  }

  /** What happens where something exists at the destination. */
  public enum OnConflict {
    /** The operation fails with EXISTS before it changes anything. */
    FAIL,
    /** The item replaces it; directories merge. */
    OVERWRITE,
    /** The item is skipped; directories merge. */
    SKIP,
    /** As OVERWRITE where size or modification time differ, else as SKIP. */
    UPDATE
  }

  /** An attribute to keep. */
  public enum Preserve {
    /** The permission bits. */
    MODE,
    /** The times of the last read and the last change. */
    TIMES,
    /** User and group. */
    OWNER,
    /** Extended attributes. */
    XATTRS,
    /** Files with several names inside the tree stay one file. */
    LINKS,
    /** Holes stay holes. */
    SPARSE
  }

  /** How a copy is checked. */
  public enum Verify {
    /** Not at all. */
    NONE,
    /** What was written is read back; its digest is in the item. */
    SHA256
  }

  /** What has to be on disk at the end. */
  public enum Durability {
    /** Whatever the system has written by then. */
    NONE,
    /** Everything. */
    FSYNC
  }
}
