package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
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

  private static final Logger LOG = System.getLogger(CopyItem.class.getName());

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
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
      CopyEntry entry,
      RootPath target,
      @Nullable RootPath linkedTo) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
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
  boolean run(long budget) {
    try {
      return advance(budget);
    } catch (Throwable e) { // whatever it is, it is this item's end and not the copy's
      fail(ErrorCodes.toOperationException(e));
      return false;
    }
  }

  /** Ends it with an error, and leaves nothing of it. */
  void fail(OperationException error) {
    giveUp();
    result = entry.failed(CopyPlan.retold(error, target, entry.destination()));
  }

  private boolean advance(long budget) throws OperationException {
    if (stop.isCancelled()) {
      return cancelled();
    }
    return switch (stage) {
      case DECIDING -> begin() && (entry.isTop() || advance(budget));
      case COPYING -> move(budget) || (result == null && (entry.isTop() || advance(budget)));
      case VERIFYING -> verify() || (entry.isTop() || advance(budget));
      case PUBLISHING -> publish();
    };
  }

  /** Returns whether there is anything to be done at all. */
  private boolean begin() throws OperationException {
    FileStatus existing = entry.mayExist() ? CopyPlaces.existing(files, entry.destination()) : null;
    CopyDecision decision = CopyDecision.of(entry, existing, plan.request().onConflict());
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
    make();
    return true;
  }

  private boolean isLinkedAlready(@Nullable FileStatus existing) throws OperationException {
    return existing != null && linkedTo != null && existing.isSameFileAs(files.status(linkedTo));
  }

  private void make() throws OperationException {
    if (entry.status().type() == FileStatus.Type.FILE && linkedTo == null) {
      copy = CopyPlaces.makeAnew(files, target, () -> files.openCopy(entry.source(), target));
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
            files.copyLink(entry.source(), target, plan.kept());
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
        return true;
      }
      long step = open.step(left);
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

  /** Returns whether there is more to verify. */
  private boolean verify() throws OperationException {
    if (Objects.requireNonNull(copy).verifyStep(FileCopy.CHUNK) > 0) {
      return true;
    }
    stage = Stage.PUBLISHING;
    return false;
  }

  private boolean publish() throws OperationException {
    FileCopy open = copy;
    if (open != null) {
      open.finish(plan.kept(), plan.isDurable());
      made = true;
      if (stop.isCancelled()) { // making it durable may have taken a while
        return cancelled();
      }
    }
    if (!isStaged() && !publishVisibly()) {
      return end(entry.ended(ItemState.SKIPPED));
    }
    made = false;
    String sha256 = open != null && plan.isVerified() ? open.sha256() : null;
    return end(entry.succeeded(bytes, sha256));
  }

  /** Returns false if something has appeared meanwhile that is to stay. */
  private boolean publishVisibly() throws OperationException {
    try {
      files.publish(target, entry.destination(), plan.replaces());
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
      copy.close();
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
