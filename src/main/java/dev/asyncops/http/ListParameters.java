package dev.asyncops.http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Reads the query parameters of a list and notes what is wrong with them. Parameters that it is not
 * asked for are ignored. Used by one thread.
 */
final class ListParameters {

  /** A larger page is cut to this. */
  static final int MAX_PAGE_SIZE = 500;

  /** What the names of parameters about labels begin with. */
  static final String LABEL = "label.";

  static final int DEFAULT_PAGE_SIZE = 50;
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private final MultiValueMap<String, String> parameters;
  private final Violations violations = new Violations();

  ListParameters(MultiValueMap<String, String> parameters) {
    this.parameters = parameters;
  }

  /** Refuses the request if any parameter was wrong. */
  void throwIfWrong() {
    violations.throwIfAny();
  }

  /** The states of operations, or of items, that are wanted; empty for all. */
  <E extends Enum<E>> Set<E> states(Class<E> type) {
    Set<E> states = EnumSet.noneOf(type);
    for (String name : words("state")) {
      Arrays.stream(type.getEnumConstants())
          .filter(state -> state.name().equals(name))
          .findFirst()
          .ifPresentOrElse(states::add, () -> wrong("There is no state '%s'.", name));
    }
    return states;
  }

  SortedSet<String> kinds() {
    SortedSet<String> kinds = new TreeSet<>();
    for (String name : words("kind")) {
      if (OperationKinds.ALL.contains(name)) {
        kinds.add(name);
      } else {
        wrong("There is no kind '%s'.", name);
      }
    }
    return kinds;
  }

  SortedMap<String, String> labels() {
    SortedMap<String, String> labels = new TreeMap<>();
    for (String name : parameters.keySet()) {
      if (name.startsWith(LABEL)) {
        labels.put(name.substring(LABEL.length()), Objects.requireNonNullElse(single(name), ""));
      }
    }
    return labels;
  }

  @Nullable Instant time(String name) {
    String text = single(name);
    if (text == null) {
      return null;
    }
    try {
      // A plus sign that the client did not encode has become a space.
      return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
    } catch (DateTimeParseException e) {
      wrong("%s is not a time like 2026-11-23T09:20:00Z.", name);
      return null;
    }
  }

  int pageSize() {
    String text = single("pageSize");
    if (text == null) {
      return DEFAULT_PAGE_SIZE;
    }
    int size = DIGITS.matcher(text).matches() ? Numbers.capped(text, MAX_PAGE_SIZE) : 0;
    if (size < 1) {
      wrong("%s is not a number from 1 on.", "pageSize");
    }
    return size;
  }

  /** The value of a parameter that is given at most once; null if it is not given. */
  @Nullable String single(String name) {
    List<String> values = parameters.get(name);
    if (values == null) {
      return null;
    }
    if (values.size() > 1) {
      wrong("%s is given more than once.", name);
    }
    return Objects.requireNonNullElse(values.getFirst(), "");
  }

  /** The words of a parameter that may be given several times, or as a list. */
  private List<String> words(String name) {
    return parameters.getOrDefault(name, List.of()).stream()
        .flatMap(value -> Arrays.stream(Objects.requireNonNullElse(value, "").split(",", -1)))
        .map(String::strip)
        .toList();
  }

  private void wrong(String detail, String about) {
    violations.invalid("", detail.formatted(about));
  }
}
