package dev.asyncops.registry;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import java.util.List;

/**
 * Some outcomes of an operation's items, as they are stored together: all of one state, in the
 * order in which they ended.
 *
 * @param number where it stands among the blocks of its operation; numbers go up, with gaps
 * @param state the state of all its items
 * @param items at least one
 */
public record ItemBlock(long number, ItemState state, List<ItemResult> items) {

  /** Copies the items. */
  public ItemBlock {
    items = List.copyOf(items);
  }
}
