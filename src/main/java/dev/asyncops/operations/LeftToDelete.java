package dev.asyncops.operations;

import dev.asyncops.files.RootPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something a delete-batch still has to hand out. Main context only. */
sealed interface LeftToDelete {

  /** How many paths a worker is given at once, at most. */
  int MAX_PATHS_IN_PIECE = 32;

  /** Paths that are known and counted. */
  final class Paths implements LeftToDelete {

    private final List<RootPath> paths;
    private final @Nullable WalkedDirectory parent;
    private int next;

    /**
     * All of a list, in its order.
     *
     * @param parent the directory they are entries of; null if a client named them
     */
    Paths(List<RootPath> paths, @Nullable WalkedDirectory parent) {
      this.paths = paths;
      this.parent = parent;
    }

    /**
     * The next few. Of a client's list fewer towards the end, so that this many workers end
     * together; in a walk there is always something else to do.
     */
    List<RootPath> take(int workers) {
      int left = paths.size() - next;
      int fair = parent == null ? Math.max(1, left / workers) : left;
      int size = Math.min(fair, MAX_PATHS_IN_PIECE);
      List<RootPath> taken = paths.subList(next, next + size);
      next += size;
      return taken;
    }

    boolean isEmpty() {
      return next == paths.size();
    }

    @Nullable WalkedDirectory parent() {
      return parent;
    }
  }

  /** The entries of a directory that were not read yet. */
  record Entries(WalkedDirectory directory) implements LeftToDelete {}
}
