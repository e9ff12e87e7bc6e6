package dev.asyncops.operations;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose entries are being copied. The final fields are set by the walk; the others
 * belong to the main context.
 */
final class CopyDirectory {

  final CopyEntry entry;

  /** Where its entries are made: the destination, or where that is being staged. */
  final RootPath target;

  /** Whether it was made by this copy. */
  final boolean made;

  /** Whether a link at its destination gives way to it. */
  final boolean replaces;

  /** Whether it is not visible yet, so that its entries need no temporary names. */
  final boolean staged;

  /** Whether an attempt before has made it, and may have finished files in it; it is staged. */
  final boolean kept;

  /** Whether all in it is put on disk together with the rest of the tree, not for itself. */
  final boolean syncedAtOnce;

  /** Whether only some entries in it were chosen, and are copied. */
  final boolean onTheWay;

  /** What was at its destination; null if nothing was. */
  final @Nullable FileStatus existing;

  /** Whether it is not entered at all: it stays as it is. */
  final boolean stays;

  /** How it ends if nothing goes wrong. */
  final ItemState goodEnd;

  private long openEntries;
  private boolean listed;
  private @Nullable OperationException error;

  CopyDirectory(
      CopyEntry entry,
      RootPath target,
      CopyDecision decision,
      boolean staged,
      boolean kept,
      boolean syncedAtOnce,
      boolean onTheWay,
      @Nullable FileStatus existing,
      ItemState goodEnd) {
    this.entry = entry;
    this.target = target;
    this.staged = staged;
    this.kept = kept;
    this.syncedAtOnce = syncedAtOnce;
    this.onTheWay = onTheWay;
    this.existing = existing;
    made = decision == CopyDecision.CREATE || decision == CopyDecision.REPLACE;
    replaces = decision == CopyDecision.REPLACE;
    stays = decision == CopyDecision.SKIP || decision == CopyDecision.DONE;
    this.goodEnd = goodEnd;
  }

  /** Whether it is the copy's way to others and nothing more: no item, and not changed. */
  boolean isPassed() {
    return onTheWay && !made;
  }

  /** Whether it appears with one rename, with all that is staged in it. */
  boolean isPublished() {
    CopyDirectory parent = entry.parent();
    return staged && (parent == null || !parent.staged);
  }

  /** Entries were found that have to end before this can. */
  void opened(int entries) {
    openEntries += entries;
  }

  /** One of them ended. */
  void entryEnded() {
    openEntries--;
  }

  /** The walk has left it; with an error if it could not be read to its end. */
  void listed(@Nullable OperationException failure) {
    listed = true;
    error = failure;
  }

  /** It has its entries, but could not be given all else. */
  void failed(OperationException failure) {
    error = failure;
  }

  /** Whether only the directory itself is left to be finished. */
  boolean isReady() {
    return listed && openEntries == 0;
  }

  boolean hasFailed() {
    return error != null;
  }

  OperationException error() {
    return Objects.requireNonNull(error);
  }
}
