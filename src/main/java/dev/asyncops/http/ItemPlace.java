package dev.asyncops.http;

/**
 * Where an item is stored.
 *
 * @param block the number of its block
 * @param index its place in the block
 */
record ItemPlace(long block, int index) {

  /** Where the first may be. */
  static final ItemPlace FIRST = new ItemPlace(0, 0);
}
