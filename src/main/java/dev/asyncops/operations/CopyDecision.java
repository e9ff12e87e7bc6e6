package dev.asyncops.operations;

import static dev.asyncops.files.FileStatus.Type.DIRECTORY;
import static dev.asyncops.files.FileStatus.Type.SYMLINK;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileStatus;
import dev.asyncops.operations.CopyRequest.OnConflict;
import org.jspecify.annotations.Nullable;

/** What is done about what exists at an entry's destination. */
enum CopyDecision {
  /** Nothing exists. */
  CREATE,
  /** A file or link gives way. */
  REPLACE,
  /** A directory takes in the entries of another. */
  MERGE,
  /** It stays, and so does the entry. */
  SKIP,
  /** It is the entry's copy already. */
  DONE;

  /**
   * Decides. A file over a directory and a directory over a file fail under every rule: there is no
   * way to have both.
   *
   * @param existing null if nothing exists
   * @throws OperationException EXISTS, IS_DIRECTORY, NOT_DIRECTORY; INVALID_ARGUMENT if it is the
   *     source itself
   */
  static CopyDecision of(CopyEntry entry, @Nullable FileStatus existing, OnConflict rule)
      throws OperationException {
    if (existing == null) {
      return CREATE;
    }
    if (rule == OnConflict.FAIL) {
      throw error(entry, ErrorCode.EXISTS, "exists already");
    }
    return entry.status().type() == DIRECTORY
        ? ofDirectory(entry, existing, rule)
        : ofFile(entry, existing, rule);
  }

  private static CopyDecision ofDirectory(CopyEntry entry, FileStatus existing, OnConflict rule)
      throws OperationException {
    if (existing.type() == DIRECTORY) {
      return MERGE;
    }
    if (existing.type() == SYMLINK) {
      return rule == OnConflict.SKIP ? SKIP : REPLACE;
    }
    throw error(entry, ErrorCode.NOT_DIRECTORY, "is not a directory");
  }

  private static CopyDecision ofFile(CopyEntry entry, FileStatus existing, OnConflict rule)
      throws OperationException {
    if (existing.type() == DIRECTORY) {
      throw error(entry, ErrorCode.IS_DIRECTORY, "is a directory");
    }
    if (rule == OnConflict.SKIP || (rule == OnConflict.UPDATE && isCurrent(entry, existing))) {
      return SKIP;
    }
    if (existing.isSameFileAs(entry.status())) {
      throw error(entry, ErrorCode.INVALID_ARGUMENT, "is the source itself");
    }
    return REPLACE;
  }

  /** Whether what exists is as large and as old as the entry, and of its kind. */
  static boolean isCurrent(CopyEntry entry, FileStatus existing) {
    FileStatus status = entry.status();
    return existing.type() == status.type()
        && existing.modified().equals(status.modified())
        && (existing.size() == status.size() || status.type() == DIRECTORY);
  }

  private static OperationException error(CopyEntry entry, ErrorCode code, String words) {
    return new OperationException(code, "'%s' %s.".formatted(entry.destination(), words));
  }
}
