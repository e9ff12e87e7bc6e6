package dev.asyncops.config;

import dev.asyncops.async.Operation;
import dev.asyncops.http.OperationFactory;
import dev.asyncops.operations.ConnectOperation;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.operations.ConnectSettings;
import dev.asyncops.operations.CopyOperation;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.DeleteBatchOperation;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.operations.OperationServices;

/**
 * Makes operations that work with what this service has.
 *
 * @param resumed whether they go on after a restart of the service
 * @param services what every operation works with
 * @param connects what holds for all connect operations
 */
record NewOperations(boolean resumed, OperationServices services, ConnectSettings connects)
    implements OperationFactory {

  @Override
  public Operation<?> copy(CopyRequest request, OperationOptions options) {
    return resumed
        ? CopyOperation.resumed(request, options, services, null)
        : new CopyOperation(request, options, services);
  }

  @Override
  public Operation<?> deleteBatch(DeleteBatchRequest request, OperationOptions options) {
    return resumed
        ? DeleteBatchOperation.resumed(request, options, services)
        : new DeleteBatchOperation(request, options, services);
  }

  @Override
  public Operation<?> connect(ConnectRequest request, OperationOptions options) {
    return new ConnectOperation(request, options, services, connects);
  }
}
