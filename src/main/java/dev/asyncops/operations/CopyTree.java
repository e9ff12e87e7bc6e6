package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.FileSystemSync;
import dev.asyncops.files.KeptAttribute;
import dev.asyncops.files.RootPath;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directories of a copy: has the source walked as far ahead as it is good for, and finishes
 * each directory when all in it has ended. Main context only, but for what is handed to the
 * workers.
 */
final class CopyTree {

  private static final Logger LOG = System.getLogger(CopyTree.class.getName());

  /** How many files and links may be known and not started. */
  static final int LOOK_AHEAD = 4096;

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final CopyWorkers workers;
  private final CopyLedger ledger;
  private final CopyItems items;
  private final CopyWalk walk;
  private boolean walking;
  private boolean walked;
  private long openDirectories;
  private long passedDirectories;

  /**
   * Those that were made in sight of everybody, and are closed to others until they are finished.
   */
  private final Set<CopyDirectory> unfinished = new LinkedHashSet<>();

  private final Set<RootPath> staged = new LinkedHashSet<>();

  CopyTree(
      CopyPlan plan,
      FileAccess files,
      Cancellable stop,
      CopyWorkers workers,
      CopyLedger ledger,
      CopyItems items,
      CopyEntry top) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
    this.workers = workers;
    this.ledger = ledger;
    this.items = items;
    walk = new CopyWalk(plan, files, stop, top);
    Optional.ofNullable(plan.leftover()).ifPresent(staged::add);
  }

  /** Whether there is no directory left to be walked or finished. */
  boolean isOver() {
    return walked && openDirectories == 0;
  }

  /** How many directories that are items were begun and not finished. */
  long openItems() {
    return openDirectories - passedDirectories;
  }

  /** What was staged and not published. */
  Collection<RootPath> staged() {
    return staged;
  }

  /**
   * Gives back what is open, and opens the directories that stay though they were not finished; on
   * a worker, when nothing else runs.
   */
  void close() {
    walk.close();
    for (CopyDirectory directory : List.copyOf(unfinished).reversed()) {
      try {
        files.keep(directory.entry.source(), directory.target, plan.kept(), true);
      } catch (OperationException e) {
        LOG.log(Level.WARNING, "'%s' has not all its attributes.".formatted(directory.target), e);
      }
    }
  }

  /** Has the walk go on, unless enough is known. */
  void walkOn() {
    if (walking || walked || items.known() + CopyWalk.BIT > LOOK_AHEAD) {
      return;
    }
    walking = true;
    List<CopyFound> found = new ArrayList<>();
    workers.execute(
        () -> walk.step(found), () -> onWalked(found), error -> onWalkBroken(found, error));
  }

  /** A file or link of a directory ended. */
  void onEntryEnded(CopyEntry entry) {
    CopyDirectory parent = entry.parent();
    if (parent != null) {
      parent.entryEnded();
      finishIfReady(parent);
    }
  }

  private void onWalked(List<CopyFound> found) {
    walking = false;
    found.forEach(this::onFound);
    if (walk.isOver()) {
      walked = true;
      ledger.progress().scanned();
    }
  }

  /** What it has made by then counts, and has to be removed. */
  private void onWalkBroken(List<CopyFound> found, OperationException error) {
    ledger.fail(error);
    found.forEach(this::onFound);
  }

  private void onFound(CopyFound found) {
    switch (found) {
      case CopyFound.Names names -> onNames(names);
      case CopyFound.Ended(List<ItemResult> results) -> results.forEach(ledger::endedUnstarted);
      case CopyFound.Entered(CopyDirectory directory) -> onEntered(directory);
      case CopyFound.NotEntered refused -> {
        ledger.endedUnstarted(refused.result());
        onEntryEnded(refused.entry());
      }
      case CopyFound.Listed(CopyDirectory directory, OperationException error) -> {
        directory.listed(error);
        finishIfReady(directory);
      }
    }
  }

  private void onNames(CopyFound.Names names) {
    long bytes = names.entries().stream().mapToLong(items::bytesOf).sum();
    int count = names.entries().size() + names.broken().size();
    ledger.progress().found(names.directory().onTheWay ? 0 : count, bytes); // those were counted
    names.directory().opened(names.entries().size());
    names.broken().forEach(ledger::endedUnstarted);
    names.entries().stream()
        .filter(entry -> entry.status().type() != FileStatus.Type.DIRECTORY)
        .forEach(items::add);
  }

  private void onEntered(CopyDirectory directory) {
    CopyDirectory parent = directory.entry.parent();
    if (directory.onTheWay && parent != null) {
      parent.opened(1);
    }
    openDirectories++;
    if (directory.isPassed()) {
      passedDirectories++;
    } else {
      ledger.progress().found(directory.onTheWay ? 1 : 0, 0);
      ledger.progress().started(1);
    }
    if (directory.isPublished()) {
      staged.add(directory.target);
    }
    if (directory.made && !directory.staged && !plan.request().dryRun()) {
      unfinished.add(directory);
    }
  }

  // ---- The end of a directory

  private void finishIfReady(CopyDirectory directory) {
    if (!directory.isReady() || stop.isCancelled()) {
      return;
    }
    boolean published = directory.staged && directory.entry.isTop();
    if (published) {
      ledger.progress().phase("PUBLISHING");
    }
    workers.execute(
        () -> keep(directory), () -> onKept(directory), error -> onNotKept(directory, error));
  }

  /** On a worker. */
  private void keep(CopyDirectory directory) throws OperationException {
    stop.throwIfCancelled();
    if (plan.request().dryRun()) {
      return;
    }
    if (directory.isPassed()) {
      restoreTimes(directory);
    }
    boolean replaced = plan.replaces() && !directory.onTheWay && !plan.kept().isEmpty();
    boolean keeps = directory.made || replaced;
    if (keeps && !directory.target.isRoot()) {
      files.keep(directory.entry.source(), directory.target, plan.kept(), directory.made);
    }
    if (plan.isDurable() && !directory.syncedAtOnce) {
      files.sync(directory.target);
    }
  }

  /** Making entries in it has changed them. That they stay so is no failure of any entry. */
  private void restoreTimes(CopyDirectory directory) {
    FileStatus before = directory.existing;
    boolean kept = plan.kept().contains(KeptAttribute.TIMES) && !directory.target.isRoot();
    if (!kept || before == null) {
      return;
    }
    try {
      files.restoreTimes(directory.target, before);
    } catch (OperationException e) {
      LOG.log(Level.WARNING, "'%s' has not its times back.".formatted(directory.target), e);
    }
  }

  private void onKept(CopyDirectory directory) {
    unfinished.remove(directory);
    boolean last = directory.entry.isTop() || directory.isPublished();
    if (!last || plan.request().dryRun()) {
      onFinished(directory);
      return;
    }
    FileSystemSync sync = directory.entry.isTop() ? walk.takeSync() : null;
    if (sync == null) {
      publish(directory);
    } else {
      sync(directory, sync);
    }
  }

  /** What was merged is there all the same, and has to be put on disk. */
  private void onNotKept(CopyDirectory directory, OperationException error) {
    if (error.code() == ErrorCode.CANCELLED) {
      return; // it counts with the other open directories
    }
    if (directory.entry.isTop() && !directory.staged) {
      directory.failed(error);
      onKept(directory);
    } else {
      unfinished.remove(directory);
      onNotFinished(directory, error);
    }
  }

  /** Nothing is published that is not on disk; a copy that stops does not wait for that. */
  private void sync(CopyDirectory top, FileSystemSync sync) {
    workers.executeUncounted(
        () -> {
          try (sync) {
            stop.throwIfCancelled();
            sync.run();
          }
        },
        () -> publish(top),
        error -> onNotSynced(top, error));
  }

  private void onNotSynced(CopyDirectory top, OperationException error) {
    if (!stop.isCancelled()) {
      over(top);
      if (!top.isPassed()) {
        ledger.ended(top.entry.failed(error));
      }
      ledger.fail(error);
    }
  }

  private void publish(CopyDirectory top) {
    if (!stop.isCancelled()) {
      workers.execute(
          () -> publishNow(top), () -> onFinished(top), error -> onNotFinished(top, error));
    }
  }

  /**
   * On a worker: the commit point of a tree that was staged; from here on a cancel is too late
   * (K8).
   */
  private void publishNow(CopyDirectory top) throws OperationException {
    RootPath destination = top.entry.destination();
    if (top.staged) {
      stop.throwIfCancelled();
      if (top.replaces) {
        CopyPlaces.removeLink(files, destination);
      }
      files.publish(top.target, destination, false);
    }
    if (top.made && plan.isDurable()) {
      files.sync(destination.parent());
    }
  }

  private void onFinished(CopyDirectory directory) {
    if (directory.isPublished()) {
      staged.remove(directory.target);
    }
    over(directory);
    if (directory.isPassed()) {
      onPassed(directory);
      return;
    }
    ledger.ended(
        directory.hasFailed()
            ? directory.entry.failed(directory.error())
            : directory.goodEnd == ItemState.SUCCEEDED
                ? directory.entry.succeeded(0, null)
                : directory.entry.ended(directory.goodEnd));
    onEntryEnded(directory.entry);
  }

  /** It is no item: that it is not on disk is told of the whole. */
  private void onPassed(CopyDirectory directory) {
    if (directory.hasFailed()) {
      ledger.fail(directory.error());
    }
    onEntryEnded(directory.entry);
  }

  private void over(CopyDirectory directory) {
    openDirectories--;
    passedDirectories -= directory.isPassed() ? 1 : 0;
  }

  /** What was not published has failed as a whole; another directory has failed for itself. */
  private void onNotFinished(CopyDirectory directory, OperationException error) {
    if (error.code() == ErrorCode.CANCELLED) {
      return; // it counts with the other open directories
    }
    OperationException told =
        CopyPlan.retold(error, directory.target, directory.entry.destination());
    over(directory);
    if (!directory.isPassed()) {
      ledger.ended(directory.entry.failed(told));
    }
    if (directory.isPassed() || directory.isPublished()) {
      ledger.fail(told);
    }
    onEntryEnded(directory.entry);
  }
}
