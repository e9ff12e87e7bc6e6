package dev.asyncops.http;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.OperationException;
import dev.asyncops.registry.ItemBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * Some outcomes of an operation's items, as they are read from the store.
 *
 * <p><b>Threads</b>: what reads blocks.
 *
 * @param next where the item after the last one is; null if there is none yet
 */
record ItemPage(List<ItemResult> items, @Nullable ItemPlace next) {

  /** How many blocks are read at once: one, then twice as many each time, up to this. */
  private static final int MOST_BLOCKS = 64;

  /** Where blocks come from. */
  @FunctionalInterface
  interface Source {

    /** At most so many blocks from a number on, in their order; fewer only at the end. */
    List<ItemBlock> read(long from, int limit) throws OperationException;
  }

  /**
   * Reads a page. Its cost grows with the size of the page, and not with the number of items: it
   * reads no block twice and few that it does not need.
   */
  static ItemPage read(Source source, ItemQuery query) throws OperationException {
    List<ItemResult> found = new ArrayList<>();
    ItemPlace at = query.from();
    int limit = 1;
    while (true) {
      List<ItemBlock> blocks = source.read(at.block(), limit);
      for (ItemBlock block : blocks) {
        int first = block.number() == at.block() ? at.index() : 0;
        for (int i = first; i < block.items().size(); i++) {
          if (found.size() == query.pageSize()) {
            return new ItemPage(found, new ItemPlace(block.number(), i));
          }
          found.add(block.items().get(i));
        }
      }
      if (blocks.size() < limit) {
        return new ItemPage(found, null);
      }
      at = new ItemPlace(blocks.getLast().number() + 1, 0);
      limit = Math.min(2 * limit, MOST_BLOCKS);
    }
  }

  /** All blocks, each read when it is asked for, on the thread that asks. */
  static Flux<ItemBlock> stream(Source source) {
    return Flux.generate(() -> 0L, (from, sink) -> next(source, from, sink));
  }

  private static long next(Source source, long from, SynchronousSink<ItemBlock> sink) {
    try {
      List<ItemBlock> blocks = source.read(from, 1);
      if (blocks.isEmpty()) {
        sink.complete();
        return from;
      }
      sink.next(blocks.getFirst());
      return blocks.getFirst().number() + 1;
    } catch (OperationException e) {
      sink.error(e);
      return from;
    }
  }
}
