package dev.asyncops.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * What is saved with a snapshot, both or nothing.
 *
 * @param items what becomes of the stored outcomes of items
 * @param released keys that lead nowhere from now on, if it was to this operation
 */
public record Attachments(ItemChanges items, List<IdempotencyKey> released) {

  /** Nothing. */
  public static final Attachments NONE = new Attachments(ItemChanges.NONE, List.of());

  /** Copies the keys. */
  public Attachments {
    released = List.copyOf(released);
  }

  /** Items only. */
  public static Attachments of(ItemChanges items) {
    return new Attachments(items, List.of());
  }

  /** Both of them. */
  public Attachments and(Attachments later) {
    if (items.isEmpty() && released.isEmpty()) {
      return later;
    }
    List<IdempotencyKey> all = new ArrayList<>(released);
    all.addAll(later.released);
    return new Attachments(items.and(later.items), all);
  }
}
