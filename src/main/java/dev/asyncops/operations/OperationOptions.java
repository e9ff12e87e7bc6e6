package dev.asyncops.operations;

import dev.asyncops.async.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What a client may say of any operation: its use of the machine, and what it is to tell.
 *
 * @param priority how soon its items are served among those of other operations
 * @param bytesPerSecond the limit for its bytes, 1 or more; null for none
 * @param wantsAllItems whether the outcome of each item is to be given, also where a number would
 *     do
 */
public record OperationOptions(
    Priority priority, @Nullable Long bytesPerSecond, boolean wantsAllItems) {

  /** For an operation of which the items that failed are enough. */
  public OperationOptions(Priority priority, @Nullable Long bytesPerSecond) {
    this(priority, bytesPerSecond, false);
  }

  /** The same with another priority. */
  OperationOptions withPriority(Priority changed) {
    return new OperationOptions(changed, bytesPerSecond, wantsAllItems);
  }

  /** The same with another limit, or none. */
  OperationOptions withBytesPerSecond(@Nullable Long changed) {
    return new OperationOptions(priority, changed, wantsAllItems);
  }
}
