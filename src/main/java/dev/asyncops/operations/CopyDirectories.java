package dev.asyncops.operations;

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

  /** What becomes of a directory; null if it is skipped. Changes nothing. */
  @Nullable CopyDirectory decide(CopyEntry entry) throws OperationException {
    FileStatus existing = entry.mayExist() ? CopyPlaces.existing(files, entry.destination()) : null;
    CopyDecision decision = CopyDecision.of(entry, existing, plan.request().onConflict());
    return decision == CopyDecision.SKIP ? null : directory(entry, decision, existing);
  }

  private CopyDirectory directory(
      CopyEntry entry, CopyDecision decision, @Nullable FileStatus existing)
      throws OperationException {
    boolean made = decision != CopyDecision.MERGE;
    boolean staged = isStaged(entry, made);
    RootPath target = target(entry, staged);
    return new CopyDirectory(
        entry,
        target,
        decision,
        staged,
        staged && isKept(entry, target),
        isSyncedAtOnce(entry, existing),
        goodEnd(entry, existing, made));
  }

  /** What is mounted inside the destination is on another file system. */
  private boolean isSyncedAtOnce(CopyEntry entry, @Nullable FileStatus existing)
      throws OperationException {
    CopyDirectory parent = entry.parent();
    if (parent == null) {
      device = existing == null ? -1 : existing.device();
      sync = openSync(entry, existing);
      return sync != null;
    }
    return parent.syncedAtOnce && (existing == null || existing.device() == device);
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

  /** The top directory to a free name is staged, and so is all below it. */
  private boolean isStaged(CopyEntry entry, boolean made) {
    CopyDirectory parent = entry.parent();
    boolean hidden = parent == null ? made : parent.staged;
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
    return parent == null
        ? plan.temporary(entry.destination())
        : parent.target.resolve(entry.source().name());
  }

  private ItemState goodEnd(CopyEntry entry, @Nullable FileStatus existing, boolean made) {
    boolean stays =
        switch (plan.request().onConflict()) {
          case SKIP -> true;
          case UPDATE -> existing != null && CopyDecision.isCurrent(entry, existing);
          case FAIL, OVERWRITE -> false;
        };
    return !made && stays ? ItemState.SKIPPED : ItemState.SUCCEEDED;
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
    if (directory.staged && directory.entry.isTop()) {
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
