package dev.asyncops.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of the stored outcomes of an operation's items, together with a snapshot that counts
 * them. Saying it twice changes nothing.
 *
 * @param firstNumber blocks with lower numbers are removed: they are of an attempt that no longer
 *     counts
 * @param added blocks that are added, unless they are there
 */
public record ItemChanges(long firstNumber, List<ItemBlock> added) {

  /** No change. */
  public static final ItemChanges NONE = new ItemChanges(0, List.of());

  /** Copies the blocks. */
  public ItemChanges {
    added = List.copyOf(added);
  }

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return firstNumber == 0 && added.isEmpty();
  }

  /** How many items there are in the blocks. */
  int items() {
    return added.stream().mapToInt(block -> block.items().size()).sum();
  }

  /** Both of them. */
  public ItemChanges and(ItemChanges later) {
    if (isEmpty()) {
      return later;
    }
    List<ItemBlock> all = new ArrayList<>(added);
    all.addAll(later.added);
    return new ItemChanges(Math.max(firstNumber, later.firstNumber), all);
  }
}
