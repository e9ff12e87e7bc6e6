package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.DirectoryPair;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileCopy;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file or link on its way: decided, copied, verified, given its attributes, published. Each
 * {@link #run} does as much of it as its budget lets it.
 *
 * <p><b>Threads</b>: one at a time, which may block. <b>Cancellation</b>: looked at first in every
 * run and last right before publishing, which is the commit point (K8); until then nothing is left
 * behind, from then on it has succeeded.
 */
final class CopyItem {

  /** How far it is. */
  enum Stage {
    /** Nothing was looked at. */
    DECIDING,
    /** Its bytes are being moved. */
    COPYING,
    /** They are being read back. */
    VERIFYING,
    /** All is there but its name. */
    PUBLISHING
  }

  /** Opens the directories an entry comes from and goes to, or gives them if they are open. */
  interface Directories {

    /** Not to be closed by who asked. */
    DirectoryPair open(RootPath source, RootPath target) throws OperationException;
  }

  /** What is done between two looks at the cancel: no longer than some milliseconds. */
  private static final long STEP = 2L << 20;

  private static final Logger LOG = System.getLogger(CopyItem.class.getName());

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final CopyTakeOver takeOver;
  private final CopyEntry entry;
  private final RootPath target;
  private final @Nullable RootPath linkedTo;
  private Stage stage = Stage.DECIDING;
  private @Nullable FileCopy copy;
  private boolean made;

  /** Whether what exists is as large and as old as the source, so that it may stay (UPDATE). */
  private boolean current;

  private long bytes;
  private long moved;
  private @Nullable ItemResult result;

  /**
   * An item.
   *
   * @param target where it is made; its destination's parent, or a directory that is being staged
   * @param linkedTo the copy of another name of the same file, to be linked to; null if none
   */
  CopyItem(
      CopyPlan plan,
      FileAccess files,
      Cancellable stop,
      CopyTakeOver takeOver,
      CopyEntry entry,
      RootPath target,
      @Nullable RootPath linkedTo) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
    this.takeOver = takeOver;
    this.entry = entry;
    this.target = target;
    this.linkedTo = linkedTo;
  }

  CopyEntry entry() {
    return entry;
  }

  Stage stage() {
    return stage;
  }

  /** How many bytes are left to move; none before it is decided that there are any. */
  long bytesLeft() {
    return copy == null ? 0 : Math.max(0, copy.source().size() - bytes);
  }

  /** The bytes moved since this was asked last. */
  long takeMoved() {
    long taken = moved;
    moved = 0;
    return taken;
  }

  /** How it ended, once it has. */
  ItemResult result() {
    return Objects.requireNonNull(result);
  }

  /**
   * Where the finished copy lies, or what is as good as one (UPDATE); null if there is none, also
   * of what SKIP has left, which may be anything.
   */
  @Nullable RootPath copiedTo() {
    boolean copied = result != null && result.state() == ItemState.SUCCEEDED;
    if ((!copied && !current) || plan.request().dryRun()) {
      return null;
    }
    return isStaged() ? target : entry.destination();
  }

  /**
   * Goes on.
   *
   * @param budget how many bytes may be moved
   * @return whether there is more to do
   */
  boolean run(Directories directories, long budget) {
    try {
      return advance(directories, budget);
    } catch (Throwable e) { // whatever it is, it is this item's end and not the copy's
      fail(ErrorCodes.toOperationException(e));
      return false;
    }
  }

  /** Ends it with an error, and leaves nothing of it. */
  private void fail(OperationException error) {
    giveUp();
    result = entry.failed(CopyPlan.retold(error, target, entry.destination()));
  }

  /**
   * Gives back what a failed or cancelled copy still holds. Freeing a large file takes the system a
   * while, so it comes after its end was told; it changes nothing that anybody sees.
   */
  void close() {
    if (copy != null) {
      copy.close();
    }
  }

  private boolean advance(Directories directories, long budget) throws OperationException {
    if (stop.isCancelled()) {
      return cancelled();
    }
    boolean more =
        switch (stage) {
          case DECIDING -> begin(directories);
          case COPYING -> move(budget);
          case VERIFYING -> verify();
          case PUBLISHING -> publish(directories);
        };
    if (result != null) {
      return false;
    }
    return more || entry.isTop() || advance(directories, budget);
  }

  private DirectoryPair open(Directories directories) throws OperationException {
    return directories.open(entry.source().parent(), target.parent());
  }

  private boolean begin(Directories directories) throws OperationException {
    FileStatus existing = entry.mayExist() ? existing(open(directories)) : null;
    CopyDecision decision = plan.decide(entry, existing);
    if (decision == CopyDecision.DONE) {
      bytes = entry.bytes();
      moved = bytes;
      return end(entry.succeeded(bytes, null));
    }
    boolean linked = isLinkedAlready(existing);
    if (decision == CopyDecision.SKIP) {
      current = plan.replaces();
      if (!current || linkedTo == null || linked) {
        return end(entry.ended(ItemState.SKIPPED));
      }
    }
    if (plan.request().dryRun() || linked) {
      return end(entry.succeeded(0, null));
    }
    if (isMadeAlready(directories)) {
      return end(entry.succeeded(bytes, null));
    }
    make(open(directories));
    return false;
  }

  /** Whether an attempt before has made it in the staged tree; what else it left there goes. */
  private boolean isMadeAlready(Directories directories) throws OperationException {
    CopyDirectory parent = entry.parent();
    if (parent == null || !parent.kept) {
      return false;
    }
    DirectoryPair pair = open(directories);
    FileStatus left = CopyPlaces.existing(() -> pair.targetStatus(target.name()));
    if (left == null || (linkedTo != null && isLinkedAlready(left))) {
      return left != null;
    }
    boolean durable = plan.isDurable() && !isSyncedWithTheTree();
    if (linkedTo == null && takeOver.isCopy(pair, entry, target.name(), left, durable)) {
      bytes = left.size();
      moved = bytes;
      return true;
    }
    CopyPlaces.removeTree(files, target);
    return false;
  }

  private @Nullable FileStatus existing(DirectoryPair pair) throws OperationException {
    return CopyPlaces.existing(() -> pair.targetStatus(entry.destination().name()));
  }

  private boolean isLinkedAlready(@Nullable FileStatus existing) throws OperationException {
    return existing != null && linkedTo != null && existing.isSameFileAs(files.status(linkedTo));
  }

  private void make(DirectoryPair pair) throws OperationException {
    String name = entry.source().name();
    if (entry.status().type() == FileStatus.Type.FILE && linkedTo == null) {
      copy = CopyPlaces.makeAnew(files, target, () -> pair.openCopy(name, target.name()));
      stage = Stage.COPYING;
      return;
    }
    CopyPlaces.makeAnew(
        files,
        target,
        () -> {
          if (linkedTo != null) {
            files.link(linkedTo, target);
          } else {
            pair.copyLink(name, target.name(), plan.kept());
          }
          return target;
        });
    made = true;
    stage = Stage.PUBLISHING;
  }

  /** Returns whether the budget is used up before the file is. */
  private boolean move(long budget) throws OperationException {
    FileCopy open = Objects.requireNonNull(copy);
    long left = budget;
    while (bytes < open.source().size()) {
      if (left <= 0) {
        startFlush(open);
        return true;
      }
      if (stop.isCancelled()) {
        return cancelled();
      }
      long step = open.step(Math.min(left, STEP));
      if (step == 0) {
        break; // the source has become shorter, which finishing will tell
      }
      bytes += step;
      moved += step;
      left -= step;
    }
    stage = plan.isVerified() ? Stage.VERIFYING : Stage.PUBLISHING;
    return false;
  }

  /** Has a large file written while it is being copied, so that little is left to wait for. */
  private void startFlush(FileCopy open) {
    if (plan.isDurable() && open.source().size() >= FileCopy.CHUNK) {
      open.startFlush();
    }
  }

  /** Returns whether there is more to verify. */
  private boolean verify() throws OperationException {
    if (Objects.requireNonNull(copy).verifyStep(FileCopy.CHUNK) > 0) {
      return true;
    }
    stage = Stage.PUBLISHING;
    return false;
  }

  private boolean publish(Directories directories) throws OperationException {
    FileCopy open = copy;
    if (open != null) {
      if (!finish(open)) {
        return cancelled();
      }
    }
    if (!isStaged() && !publishVisibly(open(directories))) {
      return end(entry.ended(ItemState.SKIPPED));
    }
    made = false;
    String sha256 = open != null && plan.isVerified() ? open.sha256() : null;
    return end(entry.succeeded(bytes, sha256));
  }

  /** Returns false if it was cancelled, as putting it on disk may take a while. */
  private boolean finish(FileCopy open) throws OperationException {
    boolean syncs = plan.isDurable() && !isSyncedWithTheTree();
    if (syncs && open.source().size() > STEP) {
      startFlush(open);
      while (!stop.isCancelled() && open.flushStep(STEP) > 0) {}
      if (stop.isCancelled()) {
        return false;
      }
    }
    open.finish(plan.kept(), syncs);
    made = true;
    return !stop.isCancelled();
  }

  /** Returns false if something has appeared meanwhile that is to stay. */
  private boolean publishVisibly(DirectoryPair pair) throws OperationException {
    try {
      pair.publish(target.name(), entry.destination().name(), plan.replaces());
    } catch (OperationException e) {
      if (e.code() == ErrorCode.EXISTS
          && plan.request().onConflict() == CopyRequest.OnConflict.SKIP) {
        discard();
        return false;
      }
      throw e;
    }
    made = false;
    if (entry.isTop() && plan.isDurable()) {
      files.sync(entry.destination().parent());
    }
    return true;
  }

  private boolean isStaged() {
    return entry.parent() != null && entry.parent().staged;
  }

  /** Nobody sees a staged file before all of its tree is on disk. */
  private boolean isSyncedWithTheTree() {
    return isStaged() && Objects.requireNonNull(entry.parent()).syncedAtOnce;
  }

  private boolean cancelled() {
    giveUp();
    return end(entry.ended(ItemState.CANCELLED));
  }

  private boolean end(ItemResult how) {
    result = how;
    return false;
  }

  private void giveUp() {
    if (copy != null) {
      copy.giveUp();
    }
    if (made) {
      discard();
    }
  }

  private void discard() {
    made = false;
    try {
      files.delete(target);
    } catch (OperationException e) {
      LOG.log(Level.WARNING, "'%s' could not be removed.".formatted(target), e);
    }
  }
}
