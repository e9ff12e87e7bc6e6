package dev.asyncops.registry;

import java.util.Map;

/**
 * The pending and total counts of the whole service, of one instant.
 *
 * @param pending items of live operations that are not finished
 * @param total items of live operations
 * @param queued operations that wait
 * @param running operations that are started and not over, without those that are paused
 * @param byKind the same by kind, every known kind named
 * @param byState the number of operations by state, finished ones too as long as they are kept
 */
public record OperationSummary(
    long pending,
    long total,
    long queued,
    long running,
    Map<String, KindSummary> byKind,
    Map<OperationState, Long> byState) {

  /**
   * The live operations of one kind.
   *
   * @param pending their items that are not finished
   * @param total their items
   * @param operations their number
   */
  public record KindSummary(long pending, long total, long operations) {}
}
