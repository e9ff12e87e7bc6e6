package dev.asyncops.registry;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is remembered of an operation's failed items: the first of them, and what they share. */
final class ItemFailures {

  private final List<ItemResult> kept = new ArrayList<>();

  /** What {@link #first} gives; made again when an item was kept. */
  private List<ItemResult> first = List.of();

  private long count;
  private @Nullable ErrorCode shared;

  /** An item failed. */
  void add(ItemResult item) {
    if (kept.size() < OperationSnapshot.MAX_FIRST_ERRORS) {
      kept.add(item);
    }
    ErrorCode code = codeOf(item);
    shared = count == 0 || code == shared ? code : ErrorCode.FAILED;
    count++;
  }

  /** The first failed items, at most {@link OperationSnapshot#MAX_FIRST_ERRORS}. */
  List<ItemResult> first() {
    if (first.size() != kept.size()) {
      first = List.copyOf(kept);
    }
    return first;
  }

  /**
   * Why an operation failed none of whose items succeeded: the one error that they share, else
   * FAILED.
   *
   * @param failed how many items failed, with those of which only the number is known
   */
  OperationError asError(long failed) {
    if (count == 0) {
      return new OperationError(ErrorCode.FAILED, items(failed) + " failed.", null);
    }
    ErrorCode code = count == failed ? Objects.requireNonNull(shared) : ErrorCode.FAILED;
    String detail = Objects.requireNonNullElse(kept.getFirst().detail(), "An item failed.");
    return failed == 1
        ? new OperationError(code, detail, null)
        : new OperationError(code, items(failed) + " failed, the first: " + detail, null);
  }

  private static String items(long number) {
    return number == 1 ? "1 item" : number + " items";
  }

  private static ErrorCode codeOf(ItemResult item) {
    return Objects.requireNonNullElse(item.code(), ErrorCode.FAILED);
  }
}
