package dev.asyncops.async;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one operation: what there is to do, what is left, and how it went.
 *
 * <p>Two of them decide when parallel work is over: {@code toStart}, the items not started yet, and
 * {@code pending}, the items not finished yet, started or not. The work is over when both are zero
 * and nothing more will be found (P1, P5). At every moment
 *
 * <ul>
 *   <li>{@code total = pending + succeeded + failed + skipped + cancelled}
 *   <li>{@code 0 <= toStart <= pending <= total}
 *   <li>total, the finished counts and the bytes never go down, unless what was stopped is
 *       {@linkplain #putBackCancelled put back}
 * </ul>
 *
 * <p><b>Threads</b>: main context only, asserted in every method.
 */
@SuppressWarnings("EnumOrdinal") // an index into an array that never leaves this object
public final class OperationProgress {

  /** Hears of changes, on the main context, inside the call that makes them. */
  public interface Listener {

    /** A count, the bytes or the phase changed. */
    void progressChanged();

    /** An item ended. Only items whose result was given, not those of a bulk count. */
    void itemEnded(ItemResult item);
  }

  /** What is remembered of the counts of an attempt before this one. */
  public record Counts(long total, long succeeded, long failed, long skipped) {

    /** How many items had not ended, or were stopped before they did. */
    public long notEnded() {
      return total - succeeded - failed - skipped;
    }
  }

  private final MainContext context;
  private final Listener listener;
  private final @Nullable Counts before;
  private boolean goesOn;
  private long total;
  private long toStart;
  private long pending;
  private final long[] ended = new long[ItemState.values().length];
  private long bytesDone;
  private long bytesTotal;
  private boolean scanned;
  private @Nullable String phase;

  /** Counts that begin at zero. */
  public OperationProgress(MainContext context, Listener listener) {
    this(context, listener, null);
  }

  /** The same after an attempt before, for an operation that may {@linkplain #goOn go on}. */
  public OperationProgress(MainContext context, Listener listener, @Nullable Counts before) {
    this.before = before;
    this.context = Objects.requireNonNull(context, "context");
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /** The counts of the attempt before this one; null if there was none. */
  public @Nullable Counts before() {
    check(true, "");
    return before;
  }

  /**
   * Takes over the counts of the attempt before, once and before anything else: what it had not
   * ended is to be started again.
   */
  public void goOn() {
    check(before != null && total == 0, "nothing to go on with");
    Counts counts = Objects.requireNonNull(before);
    goesOn = true;
    total = counts.total();
    pending = counts.notEnded();
    toStart = pending;
    ended[ItemState.SUCCEEDED.ordinal()] = counts.succeeded();
    ended[ItemState.FAILED.ordinal()] = counts.failed();
    ended[ItemState.SKIPPED.ordinal()] = counts.skipped();
    listener.progressChanged();
  }

  /** Whether the counts of the attempt before were taken over. */
  public boolean goesOn() {
    check(true, "");
    return goesOn;
  }

  /** Counts items that were found and not started: before the first of them starts (P3). */
  public void found(long items, long bytes) {
    check(items >= 0 && bytes >= 0 && !scanned, "found after the scan");
    total += items;
    pending += items;
    toStart += items;
    bytesTotal = saturatedAdd(bytesTotal, bytes);
    listener.progressChanged();
  }

  /** Items are counted again after all: a join (P2). Until {@link #scanned()} is called again. */
  public void reopen() {
    check(true, "");
    scanned = false;
  }

  /** Nothing more will be found: the total is exact. */
  public void scanned() {
    check(true, "");
    if (!scanned) {
      scanned = true;
      listener.progressChanged();
    }
  }

  /** Items are started. */
  public void started(long items) {
    check(items >= 0 && items <= toStart, "more started than there are");
    toStart -= items;
    listener.progressChanged();
  }

  /** A started item ended; its result is handed on to the report. */
  public void ended(ItemResult item) {
    count(item.state(), 1);
    listener.itemEnded(item);
    listener.progressChanged();
  }

  /** Started items ended of which there is nothing to report but their number. */
  public void ended(ItemState state, long items) {
    count(state, items);
    listener.progressChanged();
  }

  /** What was not started will not be: it counts as cancelled. */
  public void cancelUnstarted() {
    check(true, "");
    long items = toStart;
    toStart = 0;
    count(ItemState.CANCELLED, items);
    listener.progressChanged();
  }

  /** What counts as cancelled is to be started after all, by an attempt that comes after this. */
  public void putBackCancelled() {
    check(true, "");
    long items = ended[ItemState.CANCELLED.ordinal()];
    ended[ItemState.CANCELLED.ordinal()] = 0;
    pending += items;
    toStart += items;
    listener.progressChanged();
  }

  /** Bytes were moved; the total grows with them if it was too small. */
  public void movedBytes(long bytes) {
    check(bytes >= 0, "a negative number of bytes");
    bytesDone = saturatedAdd(bytesDone, bytes);
    bytesTotal = Math.max(bytesTotal, bytesDone);
    listener.progressChanged();
  }

  /** What is being done, in upper snake case, e.g. {@code DELETING}. */
  public void phase(String phase) {
    check(true, "");
    if (!phase.equals(this.phase)) {
      this.phase = phase;
      listener.progressChanged();
    }
  }

  /** Whether nothing is left to find, to start or to wait for (P5). */
  public boolean isOver() {
    check(true, "");
    return scanned && pending == 0 && toStart == 0;
  }

  /** All items known. */
  public long total() {
    check(true, "");
    return total;
  }

  /** Items not started yet. */
  public long toStart() {
    check(true, "");
    return toStart;
  }

  /** Items not finished yet, started or not. */
  public long pending() {
    check(true, "");
    return pending;
  }

  /** Items that ended so. */
  public long ended(ItemState state) {
    check(true, "");
    return ended[state.ordinal()];
  }

  /** Bytes moved. */
  public long bytesDone() {
    check(true, "");
    return bytesDone;
  }

  /** Bytes known; exact once {@link #isScanned}. */
  public long bytesTotal() {
    check(true, "");
    return bytesTotal;
  }

  /** Whether the totals are exact. */
  public boolean isScanned() {
    check(true, "");
    return scanned;
  }

  /** The phase; null before the first. */
  public @Nullable String phase() {
    check(true, "");
    return phase;
  }

  private void count(ItemState state, long items) {
    check(items >= 0 && items <= pending - toStart, "more ended than were started");
    pending -= items;
    ended[state.ordinal()] += items;
  }

  /** Sparse files may claim more bytes than a long can count; the sum then stays at its end. */
  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private void check(boolean holds, String otherwise) {
    context.checkOwner();
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
