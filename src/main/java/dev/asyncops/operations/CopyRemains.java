package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ErrorCodes;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.Priority;
import dev.asyncops.files.IoPool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a process that was killed may have left of a copy: all that has a temporary name of
 * that operation, and nothing else.
 *
 * <ul>
 *   <li>Beside the destination: the file that was growing, or the directory that was being staged,
 *       with all below it.
 *   <li>In a destination that was merged into: the files that were growing, in every directory that
 *       the source has too. Those of a part of the source that is gone by now are not found.
 *   <li>Links with such a name are removed and never followed.
 *   <li>Parents that the copy made stay; so does what it had published.
 *   <li>Memory is bounded, by the depth of the trees and not by their size.
 * </ul>
 *
 * <p>Not to be called while the copy itself runs. Has to be over before it is started again: the
 * new attempt has the same names.
 *
 * <p><b>Threads</b>: main context; all blocking is done by the pool of the two roots. <b>
 * Cancellation</b>: looked at before every entry; what was not removed stays.
 */
public final class CopyRemains {

  /** Hears of the end. */
  @FunctionalInterface
  public interface Callback {

    /**
     * The removal is over.
     *
     * @param removed how many files and staged directories are gone
     * @param error the first thing that went wrong, in spite of which it went on with the others;
     *     CANCELLED if it was to stop; null if nothing is left
     */
    void onRemoved(long removed, @Nullable OperationException error);
  }

  /** Hears of the end of a removal that may spare something. */
  interface SparingCallback {

    /**
     * The removal is over.
     *
     * @param kept whether a staged tree was left to be gone on in
     */
    void onRemoved(long removed, boolean kept, @Nullable OperationException error);
  }

  private static final Logger LOG = System.getLogger(CopyRemains.class.getName());

  /** How many entries are looked at before others have their turn. */
  private static final int BIT = 256;

  private final String id;
  private final OperationServices services;
  private final Cancellable cancellable;
  private final boolean sparing;
  private final SparingCallback callback;

  private CopyRemains(
      String id,
      OperationServices services,
      Cancellable cancellable,
      boolean sparing,
      SparingCallback callback) {
    this.id = id;
    this.services = services;
    this.cancellable = cancellable;
    this.sparing = sparing;
    this.callback = callback;
  }

  /**
   * Begins the removal.
   *
   * @param id the operation's id, as it was prepared with
   * @param request what it was to copy
   * @param callback runs exactly once, later, on the main context; whatever goes wrong goes there
   */
  public static void remove(
      String id,
      CopyRequest request,
      OperationServices services,
      Cancellable cancellable,
      Callback callback) {
    services.context().checkOwner();
    SparingCallback sparing = (removed, kept, error) -> callback.onRemoved(removed, error);
    new CopyRemains(id, services, cancellable, false, sparing).begin(request);
  }

  /**
   * Begins the removal of what the operation cannot go on with; nothing stops it.
   *
   * @param sparing whether a tree that was being staged stays, with what is finished in it ({@link
   *     UnfinishedRemoval}), unless that fails
   */
  static void removeUnfinished(
      CopyPlan plan, OperationServices services, boolean sparing, SparingCallback callback) {
    services.context().checkOwner();
    new CopyRemains(plan.id(), services, Cancellable.none(), sparing, callback)
        .begin(plan.request());
  }

  private void begin(CopyRequest request) {
    if (request.dryRun()) {
      end(0, 0, false, null);
      return;
    }
    try {
      CopyPlan plan = CopyPlan.of(id, request, CopyFilter.of(request));
      RemainsWalk walk = new RemainsWalk(plan, services.files(), cancellable, sparing);
      IoPool pool = services.pools().between(request.source(), request.destination());
      IoPool.Lane lane = pool.openLane(Priority.DEFAULT, cancellable);
      lane.execute(() -> goOn(lane, walk));
    } catch (OperationException | RuntimeException e) { // a root is gone, or the pools are closed
      end(0, 0, false, ErrorCodes.toOperationException(e));
    }
  }

  /** On a worker. */
  private void goOn(IoPool.Lane lane, RemainsWalk walk) {
    OperationException broken = null;
    try {
      if (walk.step(BIT)) {
        lane.execute(() -> goOn(lane, walk));
        return;
      }
    } catch (Throwable e) { // whatever it is, the callback has to hear of it
      broken = ErrorCodes.toOperationException(e);
    }
    walk.close();
    lane.close();
    end(walk.removed(), walk.stayed(), walk.kept(), broken == null ? walk.error() : broken);
  }

  private void end(long removed, long stayed, boolean kept, @Nullable OperationException error) {
    if (error != null && !error.isCancelled()) {
      LOG.log(
          Level.WARNING,
          "Operation %s may have left something behind: %d removed, %d could not be."
              .formatted(id, removed, stayed),
          error);
    } else if (removed > 0) {
      LOG.log(Level.INFO, "Removed what operation %s had left: %d.".formatted(id, removed));
    }
    services
        .context()
        .post(Priority.DEFAULT, "copy remains", () -> callback.onRemoved(removed, kept, error));
  }
}
