package dev.asyncops.operations;

import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import dev.asyncops.async.Priority;
import dev.asyncops.async.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file, a link, or a directory with all below it.
 *
 * <ul>
 *   <li><b>Whole or not at all.</b> A file grows under a hidden name beside its destination and
 *       gets its name by a rename, the commit point (K8). A directory to a free name is staged
 *       beside it and appears with one rename when all its entries are done.
 *   <li><b>Every entry is an item</b>, the source itself too. A failed one does not hide the
 *       others: its entry is missing, the rest is there. Entries of a tree that is staged count as
 *       succeeded when they are staged.
 *   <li><b>Bounded.</b> The source is walked a few thousand entries ahead; 16 pieces are under way
 *       at once, each of one large file or up to 32 small ones of one directory. What grows with
 *       the tree is one node for each file with several names (LINKS).
 *   <li><b>Private.</b> Nothing is more readable than its source at any moment (K10).
 *   <li><b>Merging.</b> A directory that exists keeps what it has. It takes over the attributes of
 *       its source where existing files would be replaced, the root's own directory never.
 *   <li><b>Some entries only</b>, of a retry, are copied into the tree that exists. Each is an
 *       item, and meets what exists as a copy of its own would; directories on the way are passed,
 *       get their times back (TIMES) unless it is cancelled, and are items only if they are missing
 *       and made. The root's own directory gets none back. A refusal of the whole fails them all.
 *   <li><b>Links</b> are copied as links. Where holes stay holes, {@link
 *       dev.asyncops.files.FileCopy} says.
 *   <li><b>On disk</b> (FSYNC) is everything before the task is returned with a value, and before
 *       it is published, so that a power cut leaves nothing half-written under a name: a tree that
 *       is staged by one sync of its file system, which waits for what others have written there
 *       too ({@link dev.asyncops.files.FileSystemSync}); a file for itself where it is alone or
 *       merged. The directories of a merge follow at its end; a merge that is cancelled does not
 *       wait for them.
 * </ul>
 *
 * <p>A refusal of the whole, such as a missing source or EXISTS, is the one failed item and the
 * task's error. A check that fails changes nothing.
 *
 * <p>Its priority and its bandwidth may change while it waits and while it runs. A new limit counts
 * from the next chunk on; the service may have one for all copies too ({@link Bandwidth}). Held, it
 * keeps the files open that it was copying, and what it has staged.
 *
 * <p><b>Threads</b>: main context; all blocking is done by the pool of the two roots.
 *
 * <p><b>Cancellation</b>: looked at before every item, every few MiB that are copied or written to
 * disk, and right before each rename (K9). What was published stays, whatever was not is removed
 * before the task is returned: then nothing changes any more, but the system may still be giving
 * back the blocks of a large file, or finishing a sync. The task is CANCELLED only if something was
 * not done because of it (T15).
 */
public final class CopyOperation implements Operation<CopyResult> {

  private final CopyRequest request;
  private final OperationServices services;
  private final CopyFilter filter;
  private final boolean resumed;
  private final boolean believed;
  private final @Nullable CopyMark thisBoot;

  // Main context.
  private OperationOptions options;
  private @Nullable String id;
  private @Nullable OperationProgress progress;
  private @Nullable CopyResumption resumption;
  private @Nullable CopyRun run;
  private @Nullable Runnable held;

  /** Whether all that may be there of it was written on this boot of the machine. */
  private boolean onThisBoot;

  /**
   * A copy.
   *
   * @throws IllegalArgumentException if the request does not pass {@link CopyRequest#check}
   */
  public CopyOperation(CopyRequest request, OperationOptions options, OperationServices services) {
    this(request, options, services, false, null);
  }

  private CopyOperation(
      CopyRequest request,
      OperationOptions options,
      OperationServices services,
      boolean resumed,
      @Nullable CopyMark mark) {
    this.resumed = resumed;
    String bootId = services.bootId();
    thisBoot = bootId == null ? null : new CopyMark(bootId);
    believed = thisBoot != null && thisBoot.equals(mark);
    onThisBoot = !resumed || believed;
    this.request = request;
    this.options = options;
    this.services = services;
    try {
      request.check();
      filter = CopyFilter.of(request);
    } catch (OperationException e) {
      throw new IllegalArgumentException(e.detail(), e);
    }
  }

  /**
   * A copy that goes on under its id after a restart of the service. It removes first what the
   * attempt before has left, but for files that it had finished in a tree that was being staged:
   * those are as large and as old as their source, and are not copied again. That is so only if the
   * machine was not booted since, times are kept, extended attributes are not, and nothing is to be
   * verified. They count as copied by this attempt. A destination that exists already, and was not
   * to be replaced, is taken for that attempt's work if nothing of it was left and it is the same
   * as the source: names, types, bytes, and times of change where they are kept. Then the copy has
   * succeeded.
   *
   * <p>Cancelled before it is started, it removes nothing.
   *
   * @param mark the {@link #mark} of the attempt before; null if there is none
   * @throws IllegalArgumentException if the request does not pass {@link CopyRequest#check}
   */
  public static CopyOperation resumed(
      CopyRequest request,
      OperationOptions options,
      OperationServices services,
      @Nullable CopyMark mark) {
    return new CopyOperation(request, options, services, true, mark);
  }

  @Override
  public void prepare(String id, OperationProgress counts) {
    services.context().checkOwner();
    this.id = id;
    progress = counts;
    counts.found(request.knownItems(), 0);
  }

  @Override
  public long memory() {
    CopyChoice only = request.only();
    return only == null ? 0 : only.memory();
  }

  /** The two roots: either may hang. */
  @Override
  public String place() {
    return services.pools().between(request.source(), request.destination()).name();
  }

  @Override
  public void start(Task<CopyResult> task) {
    services.context().checkOwner();
    task.setCheckCancellable(false); // what was published must not be reported as cancelled (T15)
    OperationProgress counts = Objects.requireNonNull(progress, "not prepared");
    CopyPlan anew = CopyPlan.of(Objects.requireNonNull(id, "not prepared"), request, filter);
    CopyPlan prepared = resumed ? anew.onceMore() : anew;
    if (request.knownItems() == 0) {
      counts.scanned();
      task.returnValue(new CopyResult(0, 0, 0, 0));
      return;
    }
    if (!resumed) {
      run(prepared, counts, task);
      return;
    }
    resumption =
        new CopyResumption(
            prepared,
            believed,
            options.priority(),
            services,
            counts,
            task,
            () -> onThisBoot = true,
            known -> run(known, counts, task));
    resumption.start();
  }

  private void run(CopyPlan prepared, OperationProgress counts, Task<CopyResult> task) {
    resumption = null;
    CopyRun begun = new CopyRun(prepared, options, services, counts, task);
    run = begun;
    if (held != null) {
      begun.hold(held);
    }
    begun.start();
  }

  /** The boot of the machine, unless something may be left that was written before it. */
  @Override
  public @Nullable CopyMark mark() {
    return onThisBoot ? thisBoot : null;
  }

  @Override
  public boolean canBeHeld() {
    return true;
  }

  @Override
  public void hold(Runnable quiet) {
    services.context().checkOwner();
    held = quiet;
    if (resumption != null) {
      resumption.hold(quiet);
    }
    if (run != null) {
      run.hold(quiet);
    }
  }

  @Override
  public void release() {
    services.context().checkOwner();
    held = null;
    if (resumption != null) {
      resumption.release();
    }
    if (run != null) {
      run.release();
    }
  }

  @Override
  public void setPriority(Priority priority) {
    services.context().checkOwner();
    options = options.withPriority(priority);
    if (resumption != null) {
      resumption.setPriority(priority);
    }
    if (run != null) {
      run.setPriority(priority);
    }
  }

  @Override
  public void setBytesPerSecond(@Nullable Long bytesPerSecond) {
    services.context().checkOwner();
    options = options.withBytesPerSecond(bytesPerSecond);
    if (run != null) {
      run.setBytesPerSecond(bytesPerSecond);
    }
  }
}
