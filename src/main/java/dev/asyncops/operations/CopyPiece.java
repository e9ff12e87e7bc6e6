package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryPair;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.RootPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some files and links of one directory that a worker does one after the other: a large one alone,
 * small ones together, so that their directories are opened once for all and their ends come back
 * in one message.
 *
 * <p><b>Threads</b>: one at a time, which may block. <b>Cancellation</b>: as {@link CopyItem}, so
 * before every item.
 */
final class CopyPiece {

  /** The most items of a piece. */
  static final int MOST_ITEMS = 32;

  /** After that long the rest waits for another turn: a slow disk must not make others wait. */
  private static final long MOST_NANOS = Duration.ofMillis(10).toNanos();

  private final FileAccess files;
  private final CopyPace pace;
  private final CopyEntry first;
  private final Deque<CopyItem> left;
  private List<CopyItem> ended = new ArrayList<>();
  private long moved;
  private CopyItem.Stage stage = CopyItem.Stage.DECIDING;
  private @Nullable DirectoryPair pair;

  /** A piece of at least one item, all of one directory. */
  CopyPiece(FileAccess files, CopyPace pace, List<CopyItem> items) {
    this.files = files;
    this.pace = pace;
    left = new ArrayDeque<>(items);
    first = items.getFirst().entry();
  }

  /** One of its entries: they have their directory in common. */
  CopyEntry first() {
    return first;
  }

  /** How far the item was that had its turn last. */
  CopyItem.Stage stage() {
    return stage;
  }

  /** The item that has its turn; null when all have ended. */
  @Nullable CopyItem current() {
    return left.peekFirst();
  }

  /**
   * Goes on.
   *
   * @param budget how many bytes its items may move, all together
   * @return whether there is more to do
   */
  boolean run(long budget) {
    long begin = pace.nowNanos();
    long bytesLeft = budget;
    try {
      while (!left.isEmpty()) {
        CopyItem item = left.getFirst();
        boolean more = item.run(this::directories, bytesLeft);
        long step = item.takeMoved();
        moved += step;
        bytesLeft -= step;
        stage = item.stage();
        if (more) {
          return true;
        }
        ended.add(left.removeFirst());
        if (pace.isLimited() || pace.nowNanos() - begin > MOST_NANOS) {
          break;
        }
      }
      return !left.isEmpty();
    } finally {
      closeDirectories();
    }
  }

  /** Those that ended since this was asked last. */
  List<CopyItem> takeEnded() {
    List<CopyItem> taken = ended;
    ended = new ArrayList<>();
    return taken;
  }

  /** The bytes moved since this was asked last. */
  long takeMoved() {
    long taken = moved;
    moved = 0;
    return taken;
  }

  /** Where the items come from and where they are made; open for this turn. */
  private DirectoryPair directories(RootPath source, RootPath target) throws OperationException {
    DirectoryPair known = pair;
    if (known == null) {
      known = files.openPair(source, target);
      pair = known;
    }
    return known;
  }

  private void closeDirectories() {
    if (pair != null) {
      pair.close();
      pair = null;
    }
  }
}
