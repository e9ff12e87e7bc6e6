package dev.asyncops.operations;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryListing;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.FileSystemSync;
import dev.asyncops.files.RootPath;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the directories of a copy and makes them, each before anything in it.
 *
 * <p><b>Threads</b>: one at a time, which may block.
 */
final class CopyDirectories implements AutoCloseable {

  private final CopyPlan plan;
  private final FileAccess files;
  private @Nullable FileSystemSync sync;
  private long device;

  CopyDirectories(CopyPlan plan, FileAccess files) {
    this.plan = plan;
    this.files = files;
  }

  /**
   * What puts the whole tree on disk, for the taker to close; null if that is no longer, or not, to
   * be done. When the walk is over.
   */
  @Nullable FileSystemSync takeSync() {
    FileSystemSync taken = sync;
    sync = null;
    return taken;
  }

  @Override
  public void close() {
    if (sync != null) {
      sync.close();
      sync = null;
    }
  }

  /** What becomes of a directory. Changes nothing. */
  CopyDirectory decide(CopyEntry entry) throws OperationException {
    FileStatus existing = existing(entry);
    return directory(entry, plan.decide(entry, existing), existing, false);
  }

  /**
   * Has a directory on the way to what was chosen: as it is, or made if there is none.
   *
   * @throws OperationException NOT_DIRECTORY if there is something else, a link too
   */
  CopyDirectory pass(CopyEntry entry) throws OperationException {
    FileStatus existing = existing(entry);
    if (existing != null && existing.type() != FileStatus.Type.DIRECTORY) {
      throw notDirectory(entry.destination());
    }
    CopyDecision decision = existing == null ? CopyDecision.CREATE : CopyDecision.MERGE;
    CopyDirectory directory = directory(entry, decision, existing, true);
    if (directory.made) {
      open(directory).close();
    }
    return directory;
  }

  static OperationException notDirectory(RootPath path) {
    return new OperationException(
        ErrorCode.NOT_DIRECTORY, "'%s' is not a directory.".formatted(path));
  }

  private @Nullable FileStatus existing(CopyEntry entry) throws OperationException {
    return entry.mayExist() ? CopyPlaces.existing(files, entry.destination()) : null;
  }

  private CopyDirectory directory(
      CopyEntry entry, CopyDecision decision, @Nullable FileStatus existing, boolean onTheWay)
      throws OperationException {
    boolean made = decision == CopyDecision.CREATE || decision == CopyDecision.REPLACE;
    boolean staged = isStaged(entry, made);
    RootPath target = target(entry, staged);
    return new CopyDirectory(
        entry,
        target,
        decision,
        staged,
        staged && isKept(entry, target),
        isSyncedAtOnce(entry, existing, staged),
        onTheWay,
        existing,
        onTheWay ? ItemState.SUCCEEDED : goodEnd(entry, existing, decision));
  }

  /**
   * What is mounted inside the destination is on another file system; what was chosen is published
   * before the rest is over.
   */
  private boolean isSyncedAtOnce(CopyEntry entry, @Nullable FileStatus existing, boolean staged)
      throws OperationException {
    CopyDirectory parent = entry.parent();
    if (parent == null) {
      device = existing == null ? -1 : existing.device();
      sync = openSync(entry, existing);
      return sync != null;
    }
    boolean published = staged && !parent.staged;
    return parent.syncedAtOnce && !published && (existing == null || existing.device() == device);
  }

  /** Before anything is written there, so that nothing that could not be is missed. */
  private @Nullable FileSystemSync openSync(CopyEntry entry, @Nullable FileStatus existing)
      throws OperationException {
    if (!plan.isDurable() || plan.request().dryRun()) {
      return null;
    }
    boolean merges = existing != null && existing.type() == FileStatus.Type.DIRECTORY;
    RootPath destination = entry.destination();
    return files.openSync(merges ? destination : destination.parent());
  }

  /** The top directory to a free name is staged, and so is all below it; so is what was chosen. */
  private boolean isStaged(CopyEntry entry, boolean made) {
    CopyDirectory parent = entry.parent();
    boolean hidden = parent == null || parent.isPassed() ? made : parent.staged;
    return hidden && !plan.request().dryRun();
  }

  /** Whether an attempt before has made it. */
  private boolean isKept(CopyEntry entry, RootPath target) throws OperationException {
    CopyDirectory parent = entry.parent();
    boolean mayBe = parent == null ? plan.goesOn() : parent.kept;
    FileStatus there = mayBe ? CopyPlaces.existing(files, target) : null;
    return there != null && there.type() == FileStatus.Type.DIRECTORY;
  }

  private RootPath target(CopyEntry entry, boolean staged) {
    if (!staged) {
      return entry.destination();
    }
    CopyDirectory parent = entry.parent();
    return parent == null || !parent.staged
        ? plan.temporary(entry.destination())
        : parent.target.resolve(entry.source().name());
  }

  private ItemState goodEnd(CopyEntry entry, @Nullable FileStatus existing, CopyDecision decision) {
    boolean merged = decision == CopyDecision.MERGE || decision == CopyDecision.SKIP;
    boolean stays =
        switch (plan.request().onConflict()) {
          case SKIP -> true;
          case UPDATE -> existing != null && CopyDecision.isCurrent(entry, existing);
          case FAIL, OVERWRITE -> false;
        };
    return merged && stays ? ItemState.SKIPPED : ItemState.SUCCEEDED;
  }

  /** Makes the directory where it has to be made, and opens its source. */
  DirectoryListing open(CopyDirectory directory) throws OperationException {
    DirectoryListing listing = list(directory);
    if (directory.made && !plan.request().dryRun()) {
      try {
        make(directory);
      } catch (OperationException e) {
        listing.close();
        throw CopyPlan.retold(e, directory.target, directory.entry.destination());
      }
    }
    return listing;
  }

  /** What cannot be read is not in the copy either. */
  private DirectoryListing list(CopyDirectory directory) throws OperationException {
    try {
      return files.list(directory.entry.source());
    } catch (OperationException e) {
      if (directory.kept) {
        CopyPlaces.removeTree(files, directory.target);
      }
      throw e;
    }
  }

  private void make(CopyDirectory directory) throws OperationException {
    if (directory.kept) {
      return;
    }
    if (directory.isPublished()) {
      CopyPlaces.makeAnew(
          files,
          directory.target,
          () -> {
            files.createDirectory(directory.target, false);
            return directory;
          });
    } else {
      if (directory.replaces) {
        CopyPlaces.removeLink(files, directory.target);
      }
      files.createDirectory(directory.target, false);
    }
  }
}
