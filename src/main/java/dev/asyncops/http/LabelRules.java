package dev.asyncops.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What labels may be. */
final class LabelRules {

  private static final int MAX_LABELS = 16;
  private static final int MAX_KEY = 63;
  private static final int MAX_VALUE = 255;

  private LabelRules() {}

  /** The labels of a start, in the client's order; what is wrong is noted. */
  static Map<String, String> labels(
      @Nullable Map<String, @Nullable String> given, Violations violations) {
    if (given == null || !checkNumber(given.size(), violations)) {
      return Map.of();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    given.forEach((key, value) -> {
      if (check(key, value, violations) && value != null) {
        labels.put(key, value);
      }
    });
    return Collections.unmodifiableMap(labels);
  }

  /** Notes it if these are too many; returns whether they are not. */
  static boolean checkNumber(int labels, Violations violations) {
    if (labels > MAX_LABELS) {
      violations.invalid("/labels", "There may be at most %d labels.".formatted(MAX_LABELS));
    }
    return labels <= MAX_LABELS;
  }

  /**
   * Notes what is wrong with a label; returns whether nothing is.
   *
   * @param value null if it is no string
   */
  static boolean check(String key, @Nullable String value, Violations violations) {
    boolean isOne = isText(key, 1, MAX_KEY) && isText(value, 0, MAX_VALUE);
    if (!isOne) {
      violations.invalid(
          FieldError.pointer("/labels", key),
          "A label has a key of 1 to %d characters and a string of at most %d as value."
              .formatted(MAX_KEY, MAX_VALUE));
    }
    return isOne;
  }

  private static boolean isText(@Nullable String text, int min, int max) {
    return text != null && text.length() >= min && text.length() <= max && Texts.isPrintable(text);
  }
}
