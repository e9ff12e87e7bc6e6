package dev.asyncops.files;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Removes depth first, each entry by its name in its open directory, so that nobody can lead it
 * elsewhere.
 *
 * <p>At most {@value #MOST_OPEN} directories are open, however deep the tree is: upper ones are
 * given back and opened again from below, through {@code ..}, if that is still the same directory.
 */
final class LinuxTreeRemoval implements TreeRemoval {

  static final int MOST_OPEN = 32;

  private static final int PRIVATE = 0700;

  /** A directory on the way down. */
  private static final class Level {

    final String name;
    final FileStatus status;

    /** Null while it is given back. */
    @Nullable LinuxDirectoryListing listing;

    @Nullable LinuxHandle handle;

    Level(String name, FileStatus status, RootPath top, LinuxHandle handle) {
      this.name = name;
      this.status = status;
      open(top, handle);
    }

    void open(RootPath top, LinuxHandle opened) {
      handle = opened;
      listing = new LinuxDirectoryListing(top, opened);
    }

    void close() {
      if (handle != null) {
        handle.close();
      }
      handle = null;
      listing = null;
    }
  }

  private final RootPath top;
  private final LinuxHandle parent;
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean begun;

  /**
   * A removal that was not begun.
   *
   * @param parent the directory the top is in; given back by {@link #close}
   */
  LinuxTreeRemoval(RootPath top, LinuxHandle parent) {
    this.top = top;
    this.parent = parent;
  }

  @Override
  public boolean step(int atMost) throws OperationException {
    if (!begun) {
      begun = true;
      removeOrEnter(parent, top.name());
    }
    for (int i = 0; i < atMost && !levels.isEmpty(); i++) {
      removeNext(levels.getLast());
    }
    return !levels.isEmpty();
  }

  private void removeNext(Level level) throws OperationException {
    LinuxDirectoryListing listing = level.listing;
    LinuxHandle handle = level.handle;
    if (listing == null || handle == null) {
      throw new IllegalStateException("The lowest directory is always open.");
    }
    if (listing.hasNext()) {
      removeOrEnter(handle, listing.next());
    } else {
      leave(level, handle);
    }
  }

  /** Removes a directory that is empty now from the one above it. */
  private void leave(Level level, LinuxHandle handle) throws OperationException {
    levels.removeLast();
    LinuxHandle above = parent;
    try {
      if (!levels.isEmpty()) {
        above = reopened(levels.getLast(), handle);
      }
    } finally {
      level.close();
    }
    long result = LinuxCalls.unlinkat(above.number(), level.name, LinuxNumbers.AT_REMOVEDIR);
    check(result);
  }

  private void removeOrEnter(LinuxHandle directory, String name) throws OperationException {
    long result = LinuxOpenDirectory.remove(directory, name);
    if (LinuxErrno.ENOTEMPTY.is(result) || LinuxErrno.EEXIST.is(result)) {
      enter(directory, name);
    } else {
      check(result);
    }
  }

  private void check(long result) throws OperationException {
    if (result < 0 && !LinuxErrno.ENOENT.is(result)) { // ENOENT: gone already
      throw LinuxErrno.at(top, result);
    }
  }

  // ---- Down and up

  private void enter(LinuxHandle directory, String name) throws OperationException {
    long opened = open(directory, name, LinuxOpenDirectory.READABLE);
    if (LinuxErrno.EACCES.is(opened)) {
      letUsIn(directory, name);
      opened = open(directory, name, LinuxOpenDirectory.READABLE);
    }
    check(opened);
    if (opened < 0) {
      return;
    }
    LinuxHandle handle = LinuxHandle.of(opened);
    LinuxCalls.fchmod(handle.number(), PRIVATE); // if it fails, so will what needs it
    levels.addLast(new Level(name, statusOf(handle), top, handle));
    giveBackOne();
  }

  private FileStatus statusOf(LinuxHandle handle) throws OperationException {
    try {
      return LinuxStatus.of(top, handle).status();
    } catch (OperationException e) {
      handle.close();
      throw e;
    }
  }

  /** This service may have closed the directory to itself. */
  private void letUsIn(LinuxHandle directory, String name) throws OperationException {
    long opened = open(directory, name, LinuxNumbers.O_PATH | LinuxNumbers.O_DIRECTORY);
    check(opened);
    if (opened >= 0) {
      try (LinuxHandle handle = LinuxHandle.of(opened)) {
        check(LinuxCalls.chmodPath(handle.number(), PRIVATE));
      }
    }
  }

  private static long open(LinuxHandle directory, String name, int flags) {
    return LinuxCalls.openEntry(directory.number(), name, flags | LinuxNumbers.O_NOFOLLOW);
  }

  /** Closes the lowest of those that are open too high above. */
  private void giveBackOne() {
    if (levels.size() <= MOST_OPEN) {
      return;
    }
    int above = levels.size() - 1 - MOST_OPEN;
    Iterator<Level> fromTop = levels.iterator();
    for (int i = 0; i < above; i++) {
      fromTop.next();
    }
    fromTop.next().close();
  }

  /** The handle of a directory, opened again from one that is in it. */
  private LinuxHandle reopened(Level level, LinuxHandle below) throws OperationException {
    LinuxHandle known = level.handle;
    if (known != null) {
      return known;
    }
    long opened = LinuxCalls.openParent(below.number(), LinuxOpenDirectory.READABLE);
    if (opened < 0) {
      throw LinuxErrno.at(top, opened);
    }
    LinuxHandle handle = LinuxHandle.of(opened);
    if (!statusOf(handle).isSameFileAs(level.status)) {
      handle.close();
      throw FileErrors.of(top, ErrorCode.BUSY, "was moved while it was removed");
    }
    level.open(top, handle);
    return handle;
  }

  @Override
  public void close() {
    levels.forEach(Level::close);
    levels.clear();
    parent.close();
  }
}
