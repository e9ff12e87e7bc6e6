package dev.asyncops.registry;

import dev.asyncops.async.MainContext;

class InMemoryOperationStoreTests extends OperationStoreContract {

  @Override
  protected OperationStore open(MainContext main) {
    return new InMemoryOperationStore(main);
  }

  @Override
  protected void close() {
    // It holds nothing open.
  }
}
