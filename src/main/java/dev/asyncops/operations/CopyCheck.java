package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileAccess;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.RootPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be true of source and destination before a copy changes anything (K5). Makes the
 * missing parents of the destination, if asked to, once all of it is. On a worker.
 */
final class CopyCheck {

  private final CopyPlan plan;
  private final FileAccess files;
  private final Cancellable stop;
  private final RootPath source;
  private final RootPath destination;
  private final List<RootPath> madeParents = new ArrayList<>();

  CopyCheck(CopyPlan plan, FileAccess files, Cancellable stop) {
    this.plan = plan;
    this.files = files;
    this.stop = stop;
    source = plan.request().source();
    destination = plan.request().destination();
  }

  /** The parents that were made, the upper ones first; also if the check failed after that. */
  List<RootPath> madeParents() {
    return madeParents;
  }

  /** Checks, and gives the source as the first item. */
  CopyEntry run() throws OperationException {
    stop.throwIfCancelled();
    FileStatus status = files.status(source);
    CopyWalk.checkSupported(source, status);
    FileStatus existing = CopyPlaces.existing(files, destination);
    if (existing != null) {
      checkNotTheSame(status, existing);
    }
    if (status.type() == FileStatus.Type.DIRECTORY && files.isBelow(destination, source)) {
      throw error(destination, ErrorCode.WOULD_RECURSE, "lies inside the source");
    }
    CopyEntry top = new CopyEntry(null, source, destination, status, existing != null);
    if (plan.request().only() == null) { // else what is there is only passed
      CopyDecision.of(top, existing, plan.request().onConflict());
    }
    if (existing == null) {
      checkParent();
    }
    return top;
  }

  /** Not by the same name, nor by another name or a link of the same file, either way. */
  private void checkNotTheSame(FileStatus status, FileStatus existing) throws OperationException {
    if (status.isSameFileAs(existing)
        || isSame(CopyPlaces.followed(files, source), existing)
        || isSame(CopyPlaces.followed(files, destination), status)) {
      throw error(destination, ErrorCode.INVALID_ARGUMENT, "is the source itself");
    }
  }

  private static boolean isSame(@Nullable FileStatus followed, FileStatus other) {
    return followed != null && followed.isSameFileAs(other);
  }

  private void checkParent() throws OperationException {
    Deque<RootPath> missing = new ArrayDeque<>();
    RootPath parent = destination.parent();
    FileStatus status = followed(parent);
    while (status == null) {
      missing.addFirst(parent);
      parent = parent.parent();
      status = followed(parent);
    }
    if (status.type() != FileStatus.Type.DIRECTORY) {
      throw error(parent, ErrorCode.NOT_DIRECTORY, "is not a directory");
    }
    if (!missing.isEmpty() && !plan.request().parents()) {
      throw error(destination.parent(), ErrorCode.NOT_FOUND, "does not exist");
    }
    if (!plan.request().dryRun()) {
      makeAll(missing);
    }
  }

  private @Nullable FileStatus followed(RootPath directory) throws OperationException {
    try {
      return files.statusFollowingLinks(directory);
    } catch (OperationException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private void makeAll(Deque<RootPath> missing) throws OperationException {
    for (RootPath directory : missing) {
      stop.throwIfCancelled();
      make(directory);
      if (plan.isDurable()) {
        files.sync(directory.parent());
      }
    }
  }

  /**
   * Another copy below the same missing parent may make it first; then it is not ours to remove.
   */
  private void make(RootPath directory) throws OperationException {
    try {
      files.createDirectory(directory, true);
      madeParents.add(directory);
    } catch (OperationException e) {
      if (e.code() != ErrorCode.EXISTS || !isDirectory(directory)) {
        throw e;
      }
    }
  }

  private boolean isDirectory(RootPath place) throws OperationException {
    FileStatus status = followed(place);
    return status != null && status.type() == FileStatus.Type.DIRECTORY;
  }

  private static OperationException error(RootPath path, ErrorCode code, String words) {
    return new OperationException(code, "'%s' %s.".formatted(path, words));
  }
}
