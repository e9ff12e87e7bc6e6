package dev.asyncops.operations;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationProgress;

/**
 * Counts the entries that walks find, also those that an attempt before has counted:
 *
 * <ul>
 *   <li>what it had found and not ended is expected to be found again; it is in the total already
 *   <li>what it had ended is found again where it is still there: what had failed, and all in a dry
 *       run; that is counted no second time
 *   <li>what is expected and not found had been deleted, and counts so at the end
 * </ul>
 *
 * <p>Which entry is which nobody knows, only how many there are. <b>Threads</b>: main context only.
 */
final class WalkCounts {

  private final OperationProgress progress;
  private final boolean dryRun;

  /** Found and not ended. */
  private long pending;

  // Of an attempt before.
  private long expected;
  private long againToFind;
  private long againToEnd;
  private long failedAgain;

  // Ended below directories that have not; another attempt would find them again.
  private long staying;
  private long failed;

  /** With nothing found. */
  WalkCounts(OperationProgress progress, boolean dryRun) {
    this.progress = progress;
    this.dryRun = dryRun;
  }

  /** Takes on what an attempt before had found, of which so much had not ended. */
  void goOn(long notEnded, DeleteBatchMark mark) {
    expected = notEnded;
    againToFind = mark.again();
    againToEnd = mark.again();
    failedAgain = mark.failedAgain();
  }

  /** Entries were found, and started with that. */
  void found(long items) {
    long known = Math.min(items, expected);
    expected -= known;
    long again = Math.min(items - known, againToFind);
    againToFind -= again;
    long fresh = items - known - again;
    progress.found(fresh, 0);
    progress.started(known + fresh);
    pending += known + fresh;
  }

  /** Entries below a directory that a client named have ended so. */
  void ended(WalkedDirectory top, ItemState state, long items) {
    long counted = Math.min(items, pending);
    pending -= counted;
    againToEnd = Math.max(0, againToEnd - (items - counted));
    progress.ended(state, counted);
    if (dryRun && state == ItemState.SUCCEEDED) {
      stay(top, items, 0);
    }
  }

  /** An entry below a directory that a client named has ended. */
  void ended(WalkedDirectory top, ItemResult item) {
    boolean isFailed = item.state() == ItemState.FAILED;
    if (isFailed) {
      stay(top, 1, 1);
    }
    if (pending == 0 || (isFailed && failedAgain > 0)) {
      againToEnd = Math.max(0, againToEnd - 1);
      failedAgain -= isFailed && failedAgain > 0 ? 1 : 0;
    } else {
      pending--;
      progress.ended(item);
    }
  }

  private void stay(WalkedDirectory top, long entries, long ofThemFailed) {
    top.ended(entries, ofThemFailed);
    staying += entries;
    failed += ofThemFailed;
  }

  /** A directory that a client named has ended, and is not walked again. */
  void topEnded(WalkedDirectory top) {
    staying -= top.endedStaying();
    failed -= top.endedFailed();
  }

  /** Nothing more is begun: what is expected was counted as cancelled. */
  void stop() {
    expected = 0;
  }

  /** Nothing more will be found or end. */
  void settle(boolean stopped) {
    progress.started(expected);
    progress.ended(stopped ? ItemState.CANCELLED : ItemState.SUCCEEDED, expected + pending);
    expected = 0;
    pending = 0;
  }

  /** How many entries that have ended another attempt would find again. */
  long again() {
    return againToEnd + staying;
  }

  /** How many of these had failed. */
  long failedAgain() {
    return failedAgain + failed;
  }
}
