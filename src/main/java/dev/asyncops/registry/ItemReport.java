package dev.asyncops.registry;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.registry.Submission.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcomes of one operation's items that its report lists, on their way into the store.
 *
 * <p>They are gathered in blocks, each of one state, and taken when a snapshot that counts them is
 * saved: so whatever attempt goes on from that snapshot, an item is neither lost nor listed twice.
 *
 * <p><b>Threads</b>: main context only.
 */
final class ItemReport {

  /** So many items are stored together. */
  static final int BLOCK = 256;

  /** From so many on they are saved without waiting for the time of a progress save. */
  private static final int MANY = 16 * BLOCK;

  /** Each attempt numbers its blocks from a multiple of this on. */
  private static final long NUMBERS_OF_AN_ATTEMPT = 1L << 32;

  private final Report wanted;
  private final WaitingItems waiting;

  /** Blocks with room, in the order in which they were begun. */
  private Map<ItemState, List<ItemResult>> open = Map.of();

  private final List<ItemBlock> full = new ArrayList<>();
  private long firstNumber;
  private long nextNumber;
  private int gathered;
  private int underWay;
  private Runnable whenSaved = () -> {};

  /**
   * An empty one, which replaces what earlier attempts have stored.
   *
   * @param attempt 1 for the first
   */
  ItemReport(Report wanted, int attempt, WaitingItems waiting) {
    this.wanted = wanted;
    this.waiting = waiting;
    firstNumber = (attempt - 1) * NUMBERS_OF_AN_ATTEMPT;
    nextNumber = firstNumber;
  }

  /** Goes on with what earlier attempts have stored: their items count. */
  void keepEarlier() {
    firstNumber = 0;
  }

  /** Takes an outcome, if it is to be listed. */
  void add(ItemResult item) {
    if (wanted == Report.ALL || (wanted == Report.FAILURES && item.state() == ItemState.FAILED)) {
      if (open.isEmpty()) {
        open = new LinkedHashMap<>();
      }
      List<ItemResult> block = open.computeIfAbsent(item.state(), _ -> new ArrayList<>());
      block.add(item);
      gathered++;
      waiting.added();
      if (block.size() == BLOCK) {
        close(item.state(), block);
        open.remove(item.state());
      }
    }
  }

  /** Whether nothing was gathered that was not taken. */
  boolean isEmpty() {
    return gathered == 0;
  }

  /** Whether so much was gathered that it is to be saved soon, and not while a save goes on. */
  boolean isToBeSaved() {
    return gathered >= MANY && underWay == 0;
  }

  /** Whether more wait to be stored, here and elsewhere, than may. */
  boolean isTooLong() {
    return gathered > 0 && waiting.areTooMany();
  }

  /** Takes all that was gathered, to be saved with a snapshot that counts it. */
  ItemChanges take() {
    open.forEach(this::close);
    open = Map.of();
    ItemChanges changes = new ItemChanges(firstNumber, full);
    full.clear();
    underWay += gathered;
    gathered = 0;
    return changes;
  }

  /** What was taken is stored. */
  void saved(ItemChanges changes) {
    int items = changes.items();
    underWay -= items;
    waiting.removed(items);
    if (underWay == 0) {
      Runnable next = whenSaved;
      whenSaved = () -> {};
      next.run();
    }
  }

  /** Runs when all that was taken is stored, maybe now. At most one can wait. */
  void whenSaved(Runnable next) {
    if (underWay == 0) {
      next.run();
    } else {
      whenSaved = next;
    }
  }

  private void close(ItemState state, List<ItemResult> items) {
    full.add(new ItemBlock(nextNumber++, state, items));
  }
}
