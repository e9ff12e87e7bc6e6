package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import java.util.ArrayList;
import java.util.List;

/** Expands the first pair of braces of a pattern; nested ones come later by themselves. */
final class CopyGlobBraces {

  private final String whole;
  private final String pattern;
  private final List<String> parts = new ArrayList<>();
  private int begin = -1;
  private int end = -1;

  private CopyGlobBraces(String whole, String pattern) {
    this.whole = whole;
    this.pattern = pattern;
  }

  /** One pattern an alternative; none if there are no braces. */
  static List<String> firstOf(String whole, String pattern) throws OperationException {
    CopyGlobBraces braces = new CopyGlobBraces(whole, pattern);
    braces.find();
    return braces.begin < 0 ? List.of() : braces.alternatives();
  }

  private void find() throws OperationException {
    int depth = 0;
    int partBegin = 0;
    for (int i = 0; i < pattern.length() && end < 0; i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{' && depth++ == 0) {
        begin = i;
        partBegin = i + 1;
      } else if (depth == 1 && (c == ',' || c == '}')) {
        parts.add(pattern.substring(partBegin, i));
        partBegin = i + 1;
        end = c == '}' ? i : -1;
      } else if (c == '}' && depth > 0) {
        depth--;
      }
    }
    if (begin >= 0 && end < 0) {
      throw CopyGlob.invalid(whole, "has a '{' that is not closed");
    }
  }

  private List<String> alternatives() {
    String before = pattern.substring(0, begin);
    String after = pattern.substring(end + 1);
    List<String> alternatives = new ArrayList<>();
    for (String part : parts) {
      alternatives.add(before + part + after);
    }
    return alternatives;
  }
}
