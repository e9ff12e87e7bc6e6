package dev.asyncops.operations;

import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files that have several names inside the tree: the first name is copied, the others become
 * links to the copy. A name that comes while the first is being copied waits for it.
 *
 * <p>Memory: one node for each file with several names of which not all were seen. Main context
 * only.
 */
final class CopyLinks {

  private record Identity(long device, long inode) {}

  /** The names of one file. */
  static final class Names {

    /** Made when the first one waits: a tree may have a million files with several names. */
    private @Nullable Deque<CopyEntry> waiting;

    private long left;
    private boolean copying;
    private @Nullable RootPath copied;

    private Names(long links) {
      left = links;
    }

    /** The first name's copy; null if there is none yet. */
    @Nullable RootPath copied() {
      return copied;
    }

    private void waits(CopyEntry entry) {
      if (waiting == null) {
        waiting = new ArrayDeque<>();
      }
      waiting.add(entry);
    }

    private Deque<CopyEntry> takeWaiting() {
      Deque<CopyEntry> taken = Objects.requireNonNullElseGet(waiting, ArrayDeque::new);
      waiting = null;
      return taken;
    }
  }

  private final Map<Identity, Names> byIdentity = new HashMap<>();
  private int waiting;

  /** Whether this is the first name of its file to be found, so that its bytes count. */
  boolean isFirst(CopyEntry entry) {
    FileStatus status = entry.status();
    boolean[] first = {false};
    byIdentity.computeIfAbsent(
        identity(status),
        key -> {
          first[0] = true;
          return new Names(status.links());
        });
    return first[0];
  }

  /** The names an entry belongs to; null for a file with one name. */
  @Nullable Names of(CopyEntry entry) {
    return hasSeveral(entry) ? byIdentity.get(identity(entry.status())) : null;
  }

  /** Has the entry wait if another name is just being copied; else it goes on itself. */
  boolean mustWait(CopyEntry entry, Names names) {
    if (names.copied != null) {
      return false;
    }
    if (names.copying) {
      names.waits(entry);
      waiting++;
      return true;
    }
    names.copying = true;
    return false;
  }

  /** A name ended; where it was copied to, or null. Gives the entries that need wait no longer. */
  Deque<CopyEntry> ended(CopyEntry entry, Names names, @Nullable RootPath copy) {
    if (names.copied == null) {
      names.copying = false;
      names.copied = copy;
    }
    if (--names.left == 0) {
      byIdentity.remove(identity(entry.status()));
    }
    Deque<CopyEntry> free = names.takeWaiting();
    waiting -= free.size();
    return free;
  }

  /** How many entries wait. */
  int waiting() {
    return waiting;
  }

  static boolean hasSeveral(CopyEntry entry) {
    return entry.status().type() == FileStatus.Type.FILE && entry.status().links() > 1;
  }

  private static Identity identity(FileStatus status) {
    return new Identity(status.device(), status.inode());
  }
}
