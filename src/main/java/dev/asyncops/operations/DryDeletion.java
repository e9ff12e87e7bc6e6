package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;

/**
 * Looks whether a path could be deleted, and changes nothing: it fails where deleting would fail
 * because of what is there. Rights are not tried.
 */
record DryDeletion(FileAccess files) implements DeletePiece.Deletion {

  @Override
  public void delete(RootPath path) throws OperationException {
    if (path.isRoot()) {
      throw new OperationException(ErrorCode.PERMISSION_DENIED, "'%s' is a root.".formatted(path));
    }
    if (files.status(path).type() == FileStatus.Type.DIRECTORY && hasEntries(path)) {
      throw notEmpty(path);
    }
  }

  /** As deleting fails for a directory that has entries. */
  static OperationException notEmpty(RootPath path) {
    return new OperationException(ErrorCode.NOT_EMPTY, "'%s' is not empty.".formatted(path));
  }

  private boolean hasEntries(RootPath directory) throws OperationException {
    try (DirectoryListing listing = files.list(directory)) {
      return !listing.next(1).isEmpty();
    }
  }
}
