package dev.asyncops.config;

import dev.asyncops.async.Operation;
import dev.asyncops.async.OperationException;
import dev.asyncops.http.OperationFactory;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.operations.CopyCleanUp;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.operations.OperationServices;
import dev.asyncops.registry.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is left to do for operations that were being cancelled when the service ended: what
 * they left in the file system is removed, no items are counted, and they end CANCELLED. Only
 * copies leave something.
 */
record CleanUps(OperationServices services) implements OperationFactory {

  @Override
  public Operation<?> copy(CopyRequest request, OperationOptions options) {
    return new CopyCleanUp(request, services);
  }

  @Override
  public Operation<?> copyAgain(
      CopyRequest request, @Nullable CopyMark mark, OperationOptions options) {
    return copy(request, options);
  }

  @Override
  public Operation<?> deleteBatch(DeleteBatchRequest request, OperationOptions options) {
    return cancelled(null);
  }

  @Override
  public Operation<?> deleteBatchAgain(
      DeleteBatchRequest request,
      List<BatchPaths> joined,
      @Nullable DeleteBatchMark mark,
      OperationOptions options) {
    return cancelled(mark);
  }

  @Override
  public Operation<?> connect(ConnectRequest request, OperationOptions options) {
    return cancelled(null);
  }

  private static Operation<?> cancelled(@Nullable Object mark) {
    return new Ending(OperationException.cancelled(), mark);
  }
}
