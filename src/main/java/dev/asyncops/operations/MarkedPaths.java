package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.RootPath;
import dev.asyncops.operations.DeleteBatchMark.Below;
import dev.asyncops.operations.DeleteBatchMark.Range;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The named paths that a delete-batch has left by its mark, one after the other: root by root, each
 * in the order in which they came. Of a list that is not in memory only a part is at a time.
 *
 * <p><b>Threads</b>: one at a time that may block.
 */
public final class MarkedPaths {

  private final List<BatchPaths> inputs;

  /** What was not read: each root with one of its ranges. */
  private final Deque<Part> unread = new ArrayDeque<>();

  private Iterator<RootPath> read = List.<RootPath>of().iterator();

  private record Part(String root, Range range) {}

  /**
   * What a mark names of these inputs.
   *
   * @param inputs what the batch was admitted with, and what joined it, in that order
   */
  public MarkedPaths(List<BatchPaths> inputs, DeleteBatchMark mark) {
    this.inputs = List.copyOf(inputs);
    for (Below below : mark.roots()) {
      below.left().forEach(range -> unread.add(new Part(below.root(), range)));
      addAll(below.root(), below.next(), mark.inputs());
    }
    inputs.stream()
        .skip(mark.inputs())
        .flatMap(input -> input.sizes().keySet().stream())
        .distinct()
        .forEach(root -> addAll(root, mark.inputs(), inputs.size()));
  }

  private void addAll(String root, int from, int to) {
    for (int input = from; input < to; input++) {
      long size = inputs.get(input).sizes().getOrDefault(root, 0L);
      if (size > 0) {
        unread.add(new Part(root, new Range(input, 0, size)));
      }
    }
  }

  /** How many there are. To be asked before the first one is read. */
  public long left() {
    return unread.stream().mapToLong(part -> part.range().to() - part.range().from()).sum();
  }

  /**
   * The next path; null after the last.
   *
   * @throws OperationException STORE_UNAVAILABLE if the list cannot be read; may be tried again
   */
  public @Nullable RootPath next() throws OperationException {
    while (!read.hasNext() && !unread.isEmpty()) {
      readOn(unread.getFirst());
    }
    return read.hasNext() ? read.next() : null;
  }

  private void readOn(Part part) throws OperationException {
    Range range = part.range();
    List<RootPath> paths = inputs.get(range.input()).read(part.root(), range.from());
    long end = Math.min(range.to(), range.from() + paths.size());
    read = paths.subList(0, Math.toIntExact(end - range.from())).iterator();
    unread.removeFirst();
    if (end < range.to()) {
      unread.addFirst(new Part(part.root(), new Range(range.input(), end, range.to())));
    }
  }
}
