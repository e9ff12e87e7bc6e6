package dev.asyncops.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * What is saved with a snapshot, both or nothing.
 *
 * @param items what becomes of the stored outcomes of items
 * @param released keys that lead nowhere from now on, if it was to this operation
 * @param labels whether the snapshot may have other labels than the one before
 */
public record Attachments(ItemChanges items, List<IdempotencyKey> released, boolean labels) {

  /** Nothing. */
  public static final Attachments NONE = new Attachments(ItemChanges.NONE, List.of(), false);

  /** Other labels, and nothing else. */
  public static final Attachments LABELS = new Attachments(ItemChanges.NONE, List.of(), true);

  /** Copies the keys. */
  public Attachments {
    released = List.copyOf(released);
  }

  /** Items only. */
  public static Attachments of(ItemChanges items) {
    return new Attachments(items, List.of(), false);
  }

  /** The same, and other labels if there may be some. */
  public Attachments withLabels(boolean changed) {
    return new Attachments(items, released, labels || changed);
  }

  /** Both of them. */
  public Attachments and(Attachments later) {
    if (items.isEmpty() && released.isEmpty() && !labels) {
      return later;
    }
    List<IdempotencyKey> all = new ArrayList<>(released);
    all.addAll(later.released);
    return new Attachments(items.and(later.items), all, labels || later.labels);
  }
}
