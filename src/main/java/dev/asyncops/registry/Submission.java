package dev.asyncops.registry;

import dev.asyncops.async.Operation;
import dev.asyncops.async.Priority;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a start hands to the registry.
 *
 * @param kind the kind of the operation
 * @param operation the work, not prepared yet
 * @param request what was asked for, as the client may see it
 * @param priority how soon it starts
 * @param bytesPerSecond the limit for its bytes; null for none
 * @param timeout how long it may run once started; null for ever
 * @param report which items are reported
 * @param labels the client's labels
 * @param userData the client's own data, given back unread
 * @param createdBy who starts it
 * @param claims what it must have for itself; those of one that joins another are not looked at
 * @param joinKey operations with the same kind, creator and key join the live one (P2), if they
 *     have the same priority, limits and report; null if this one joins nothing
 */
public record Submission(
    String kind,
    Operation<?> operation,
    Object request,
    Priority priority,
    @Nullable Long bytesPerSecond,
    @Nullable Duration timeout,
    Report report,
    Map<String, String> labels,
    @Nullable Object userData,
    String createdBy,
    List<Claim> claims,
    @Nullable String joinKey) {

  /**
   * Copies the labels, in their order, and the claims.
   *
   * @throws IllegalArgumentException if a limit is not positive
   */
  public Submission {
    Objects.requireNonNull(operation, "operation");
    if (bytesPerSecond != null && bytesPerSecond <= 0) {
      throw new IllegalArgumentException("bytesPerSecond must be positive: " + bytesPerSecond);
    }
    if (timeout != null && !timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive: " + timeout);
    }
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    claims = List.copyOf(claims);
  }

  /** Whether the options that the registry looks after are the same, as a join needs (P2). */
  boolean hasOptionsOf(Submission other) {
    return priority == other.priority
        && report == other.report
        && Objects.equals(bytesPerSecond, other.bytesPerSecond)
        && Objects.equals(timeout, other.timeout);
  }

  /** Which items of an operation are kept for its report. */
  public enum Report {
    /** Those that failed. */
    FAILURES,
    /** All. */
    ALL,
    /** None. */
    NONE
  }
}
