package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Priority;
import dev.asyncops.registry.OperationSettings;
import dev.asyncops.registry.OperationSnapshot;
import dev.asyncops.registry.OperationState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A change that was judged as far as it can be without the operation. */
final class OperationPatch {

  /** What a patch says of a member that has one value. */
  private record Given<T>(@Nullable T value) {}

  private final @Nullable Given<Priority> priority;
  private final @Nullable Given<Long> bytesPerSecond;
  private final @Nullable Given<Boolean> paused;

  /** What it says of labels; those with null go. Null if it says nothing, or removes all. */
  private final @Nullable Map<String, @Nullable String> labels;

  private final boolean removesAllLabels;

  private OperationPatch(PatchBody body, Violations violations) {
    priority = priority(body.priority(), violations);
    bytesPerSecond = bytesPerSecond(body.bytesPerSecond(), violations);
    paused = paused(body.paused(), violations);
    removesAllLabels = body.labels() != null && body.labels().isNull();
    labels = labels(body.labels(), violations);
  }

  /** The patch; ProblemException with everything that is wrong. */
  static OperationPatch of(PatchBody body) {
    Violations violations = new Violations();
    OperationPatch patch = new OperationPatch(body, violations);
    violations.throwIfAny();
    return patch;
  }

  /**
   * The settings that an operation has after it; ProblemException with CLOSED if it has more than
   * labels and the operation is over or to stop, or with INVALID_ARGUMENT if it had too many labels
   * then.
   */
  OperationSettings settings(OperationSnapshot operation) {
    if (hasMoreThanLabels() && isClosed(operation.state())) {
      throw new ProblemException(
              ErrorCode.CLOSED,
              "The operation is %s; only its labels can be changed.".formatted(operation.state()))
          .about(operation.id());
    }
    OperationSettings now = OperationSettings.of(operation);
    return new OperationSettings(
        or(priority, Priority.DEFAULT, now.priority()),
        bytesPerSecond == null ? now.bytesPerSecond() : bytesPerSecond.value(),
        or(paused, false, now.paused()),
        merged(now.labels()));
  }

  private boolean hasMoreThanLabels() {
    return priority != null || bytesPerSecond != null || paused != null;
  }

  private static boolean isClosed(OperationState state) {
    return state.isTerminal() || state == OperationState.CANCELLING;
  }

  private static <T> T or(@Nullable Given<T> given, T reset, T now) {
    if (given == null) {
      return now;
    }
    T value = given.value();
    return value == null ? reset : value;
  }

  private Map<String, String> merged(Map<String, String> now) {
    if (removesAllLabels) {
      return Map.of();
    }
    if (labels == null) {
      return now;
    }
    Map<String, String> merged = new LinkedHashMap<>(now);
    labels.forEach((key, value) -> {
      if (value == null) {
        merged.remove(key);
      } else {
        merged.put(key, value);
      }
    });
    Violations violations = new Violations();
    LabelRules.checkNumber(merged.size(), violations);
    violations.throwIfAny();
    return merged;
  }

  // ---- Judging the members

  private static @Nullable Given<Priority> priority(
      @Nullable JsonNode given, Violations violations) {
    if (given == null || given.isNull()) {
      return given == null ? null : new Given<>(null);
    }
    for (Priority each : Priority.values()) {
      if (given.isString() && given.stringValue().equals(each.name())) {
        return new Given<>(each);
      }
    }
    String names =
        Arrays.stream(Priority.values()).map(Priority::name).collect(Collectors.joining(", "));
    violations.invalid("/priority", "Expected one of %s.".formatted(names));
    return null;
  }

  private static @Nullable Given<Long> bytesPerSecond(
      @Nullable JsonNode given, Violations violations) {
    if (given == null || given.isNull()) {
      return given == null ? null : new Given<>(null);
    }
    if (!given.isIntegralNumber() || !given.canConvertToLong()) {
      violations.invalid("/bytesPerSecond", "Expected a whole number of at most 64 bits.");
    } else if (given.longValue() < 1) {
      violations.invalid("/bytesPerSecond", "The limit must be 1 or more.");
    } else {
      return new Given<>(given.longValue());
    }
    return null;
  }

  private static @Nullable Given<Boolean> paused(@Nullable JsonNode given, Violations violations) {
    if (given == null || given.isNull()) {
      return given == null ? null : new Given<>(null);
    }
    if (!given.isBoolean()) {
      violations.invalid("/paused", "Expected true or false.");
      return null;
    }
    return new Given<>(given.booleanValue());
  }

  private static @Nullable Map<String, @Nullable String> labels(
      @Nullable JsonNode given, Violations violations) {
    if (given == null || given.isNull()) {
      return null;
    }
    if (!given.isObject()) {
      violations.invalid("/labels", "Expected an object.");
      return null;
    }
    Map<String, @Nullable String> labels = new LinkedHashMap<>();
    given.forEachEntry((key, value) -> {
      String text = value.isString() ? value.stringValue() : null;
      if (value.isNull() || LabelRules.check(key, text, violations)) {
        labels.put(key, text);
      }
    });
    return labels;
  }
}
