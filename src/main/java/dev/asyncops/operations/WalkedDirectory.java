package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.OpenDirectory;
import dev.asyncops.files.RootPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose entries are being deleted, and which goes after them.
 *
 * <p><b>Threads</b>: what has to do with the listing belongs to the worker that reads it, one at a
 * time; the counting to the main context.
 */
final class WalkedDirectory {

  private final RootPath path;
  private final @Nullable WalkedDirectory parent;
  private final RootPath top;

  // The worker that reads it, one after the other; handed on through the main context.
  private @Nullable DirectoryListing listing;

  // Main context.
  private long children;
  private boolean listed;
  private boolean keepsAChild;
  private @Nullable OperationException error;

  WalkedDirectory(RootPath path, @Nullable WalkedDirectory parent) {
    this.path = path;
    this.parent = parent;
    top = parent == null ? path : parent.top;
  }

  RootPath path() {
    return path;
  }

  /** The directory it is an entry of; null if a client named it. */
  @Nullable WalkedDirectory parent() {
    return parent;
  }

  /** The path that a client named, through which this was found. */
  RootPath top() {
    return top;
  }

  /** The path that a client named, through which this was found; null if it is that one itself. */
  @Nullable RootPath foundFrom() {
    return parent == null ? null : top;
  }

  // ---- Reading, on a worker

  /** The next entries; fewer than that many, maybe none, mean that it has no more. Blocks. */
  List<RootPath> next(FileAccess files, int atMost) throws OperationException {
    DirectoryListing names = listing;
    if (names == null) {
      names = open(files);
      listing = names;
    }
    List<RootPath> entries = new ArrayList<>();
    while (entries.size() < atMost) {
      List<String> more = names.next(atMost - entries.size());
      if (more.isEmpty()) {
        closeListing();
        break;
      }
      more.forEach(name -> entries.add(path.resolve(name)));
    }
    return entries;
  }

  private DirectoryListing open(FileAccess files) throws OperationException {
    RootPath above = path.parent();
    try (OpenDirectory directory = GroupedDeletion.open(files, above, foundFrom())) {
      return directory.list(path.name());
    }
  }

  /** Stops reading. */
  void closeListing() {
    if (listing != null) {
      listing.close();
      listing = null;
    }
  }

  /** Whether it is being read; on the main context, only while no worker reads it. */
  boolean isOpen() {
    return listing != null;
  }

  // ---- Counting, on the main context

  void childrenFound(int number) {
    children += number;
  }

  /** Entries are gone, or will not go. */
  void childrenEnded(int number, boolean someStay) {
    children -= number;
    keepsAChild |= someStay;
  }

  /** All entries were found, or no more can be. */
  void listed(@Nullable OperationException error) {
    listed = true;
    this.error = error;
  }

  /** Whether nothing below it is left to do. */
  boolean isSettled() {
    return listed && children == 0;
  }

  /** Whether an entry could not be deleted. */
  boolean keepsAChild() {
    return keepsAChild;
  }

  /** Why it could not be read; null if it could. */
  @Nullable OperationException error() {
    return error;
  }
}
