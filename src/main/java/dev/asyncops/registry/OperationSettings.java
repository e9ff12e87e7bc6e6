package dev.asyncops.registry;

import dev.asyncops.async.Priority;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be changed about an operation after its start.
 *
 * @param priority how soon it starts and how its items are served
 * @param bytesPerSecond the limit for its bytes; null for none
 * @param paused whether it is to rest
 * @param labels the client's labels, in their order
 */
public record OperationSettings(
    Priority priority, @Nullable Long bytesPerSecond, boolean paused, Map<String, String> labels) {

  /**
   * Copies the labels.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public OperationSettings {
    if (bytesPerSecond != null && bytesPerSecond <= 0) {
      throw new IllegalArgumentException("bytesPerSecond must be positive: " + bytesPerSecond);
    }
    labels = copyOf(labels);
  }

  /** A copy in the same order; most operations have none. */
  static Map<String, String> copyOf(Map<String, String> labels) {
    return labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** Those of an operation as it stands. */
  public static OperationSettings of(OperationSnapshot operation) {
    return new OperationSettings(
        operation.priority(), operation.bytesPerSecond(), operation.paused(), operation.labels());
  }

  /** Those of a start. */
  static OperationSettings of(Submission submission) {
    return new OperationSettings(
        submission.priority(), submission.bytesPerSecond(), false, submission.labels());
  }
}
