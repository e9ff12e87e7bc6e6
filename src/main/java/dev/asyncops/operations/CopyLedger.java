package dev.asyncops.operations;

import dev.asyncops.async.Cancellable;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.async.OperationException;
import dev.asyncops.async.OperationProgress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The counts of one copy, and the error that ends it as a whole. Main context only. */
final class CopyLedger {

  private final OperationProgress progress;
  private final Cancellable stop;
  private final boolean failFast;
  private @Nullable OperationException error;

  CopyLedger(OperationProgress progress, Cancellable stop, boolean failFast) {
    this.progress = progress;
    this.stop = stop;
    this.failFast = failFast;
  }

  OperationProgress progress() {
    return progress;
  }

  /** An item ended. The first failure may be the end of all. */
  void ended(ItemResult item) {
    progress.ended(item);
    if (item.state() == ItemState.FAILED && failFast) {
      fail(
          new OperationException(
              Objects.requireNonNull(item.code()), Objects.requireNonNull(item.detail())));
    }
  }

  /** An item ended that was never begun. */
  void endedUnstarted(ItemResult item) {
    progress.started(1);
    ended(item);
  }

  void moved(long bytes) {
    if (bytes > 0) {
      progress.movedBytes(bytes);
    }
  }

  /** The copy fails as a whole; what is going on stops. The first error counts. */
  void fail(OperationException failure) {
    if (error == null) {
      error = failure;
    }
    stop.cancel();
  }

  /** The error of the whole; null if there is none. */
  @Nullable OperationException error() {
    return error;
  }

  boolean wasCancelled() {
    return progress.ended(ItemState.CANCELLED) > 0;
  }

  CopyResult result() {
    return new CopyResult(
        progress.ended(ItemState.SUCCEEDED),
        progress.ended(ItemState.FAILED),
        progress.ended(ItemState.SKIPPED),
        progress.bytesDone());
  }
}
