package dev.asyncops.http;

import dev.asyncops.async.Operation;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the operations that clients ask for: the seam between what was asked and what does it.
 *
 * <p><b>Threads</b>: any, event loops too; makes an object and nothing else.
 */
public interface OperationFactory {

  /** A copy that was not prepared yet. */
  Operation<?> copy(CopyRequest request, OperationOptions options);

  /**
   * A copy that goes on after a restart of the service.
   *
   * @param mark its last one; null if there is none
   */
  Operation<?> copyAgain(CopyRequest request, @Nullable CopyMark mark, OperationOptions options);

  /** A delete-batch that was not prepared yet. */
  Operation<?> deleteBatch(DeleteBatchRequest request, OperationOptions options);

  /**
   * A delete-batch that goes on after a restart of the service.
   *
   * @param joined the paths that had joined it, in that order
   * @param mark its last one; null if nothing had ended
   */
  Operation<?> deleteBatchAgain(
      DeleteBatchRequest request,
      List<BatchPaths> joined,
      @Nullable DeleteBatchMark mark,
      OperationOptions options);

  /** A connect operation that was not prepared yet. */
  Operation<?> connect(ConnectRequest request, OperationOptions options);
}
