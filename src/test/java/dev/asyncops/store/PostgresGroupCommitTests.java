package dev.asyncops.store;

import java.util.function.LongConsumer;

class PostgresGroupCommitTests extends GroupCommitTests {

  private final PostgresSettings database = PostgresServer.shared().newDatabase();

  @Override
  StoreRig open(LongConsumer committed) {
    return new StoreRig(database, committed);
  }
}
