package dev.asyncops.config;

import dev.asyncops.async.Operation;
import dev.asyncops.http.OperationFactory;
import dev.asyncops.operations.BatchPaths;
import dev.asyncops.operations.ConnectOperation;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.operations.ConnectSettings;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.operations.CopyOperation;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.DeleteBatchMark;
import dev.asyncops.operations.DeleteBatchOperation;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.operations.OperationServices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes operations that work with what this service has.
 *
 * @param services what every operation works with
 * @param connects what holds for all connect operations
 */
record NewOperations(OperationServices services, ConnectSettings connects)
    implements OperationFactory {

  @Override
  public Operation<?> copy(CopyRequest request, OperationOptions options) {
    return new CopyOperation(request, options, services);
  }

  @Override
  public Operation<?> copyAgain(
      CopyRequest request, @Nullable CopyMark mark, OperationOptions options) {
    return CopyOperation.resumed(request, options, services, mark);
  }

  @Override
  public Operation<?> deleteBatch(DeleteBatchRequest request, OperationOptions options) {
    return new DeleteBatchOperation(request, options, services);
  }

  @Override
  public Operation<?> deleteBatchAgain(
      DeleteBatchRequest request,
      List<BatchPaths> joined,
      @Nullable DeleteBatchMark mark,
      OperationOptions options) {
    return DeleteBatchOperation.resumed(request, joined, mark, options, services);
  }

  @Override
  public Operation<?> connect(ConnectRequest request, OperationOptions options) {
    return new ConnectOperation(request, options, services, connects);
  }
}
