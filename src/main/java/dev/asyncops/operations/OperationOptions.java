package dev.asyncops.operations;

import dev.asyncops.async.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What a client may say of any operation's use of the machine.
 *
 * @param priority how soon its items are served among those of other operations
 * @param bytesPerSecond the limit for its bytes, 1 or more; null for none
 */
public record OperationOptions(Priority priority, @Nullable Long bytesPerSecond) {

  /** The same with another priority. */
  OperationOptions withPriority(Priority changed) {
    return new OperationOptions(changed, bytesPerSecond);
  }

  /** The same with another limit, or none. */
  OperationOptions withBytesPerSecond(@Nullable Long changed) {
    return new OperationOptions(priority, changed);
  }
}
