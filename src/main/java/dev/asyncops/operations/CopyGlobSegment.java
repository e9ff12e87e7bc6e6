package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The pattern of one segment: a test for each character, and stars between them. */
final class CopyGlobSegment {

  /** A star for any number of characters, or a test of one. */
  private record Symbol(boolean star, IntPredicate test) {}

  private final boolean anyDepth;
  private final List<Symbol> symbols;

  private CopyGlobSegment(boolean anyDepth, List<Symbol> symbols) {
    this.anyDepth = anyDepth;
    this.symbols = symbols;
  }

  static CopyGlobSegment parse(String whole, String segment) throws OperationException {
    if (segment.equals("**")) {
      return new CopyGlobSegment(true, List.of());
    }
    int[] text = segment.codePoints().toArray();
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 0; i < text.length; i++) {
      switch (text[i]) {
        case '*' -> symbols.add(new Symbol(true, c -> true));
        case '?' -> symbols.add(one(c -> true));
        case '[' -> {
          int close = endOfClass(whole, text, i);
          symbols.add(one(characterClass(text, i + 1, close)));
          i = close;
        }
        case '\\' -> {
          if (++i == text.length) {
            throw CopyGlob.invalid(whole, "ends in a backslash");
          }
          symbols.add(one(equal(text[i])));
        }
        default -> symbols.add(one(equal(text[i])));
      }
    }
    return new CopyGlobSegment(false, List.copyOf(symbols));
  }

  /** Whether it is {@code **}. */
  boolean isAnyDepth() {
    return anyDepth;
  }

  /** Goes on greedily and comes back to the last star only: at most one product of the lengths. */
  boolean matches(String name) {
    int[] text = name.codePoints().toArray();
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < text.length) {
      if (at < symbols.size() && symbols.get(at).star) {
        star = at++;
        resume = i;
      } else if (at < symbols.size() && symbols.get(at).test.test(text[i])) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    while (at < symbols.size() && symbols.get(at).star) {
      at++;
    }
    return at == symbols.size();
  }

  private static Symbol one(IntPredicate test) {
    return new Symbol(false, test);
  }

  private static IntPredicate equal(int expected) {
    return c -> c == expected;
  }

  /** A {@code ]} right at the beginning stands for itself. */
  private static int endOfClass(String whole, int[] text, int open) throws OperationException {
    int from = open + 1;
    if (from < text.length && (text[from] == '!' || text[from] == '^')) {
      from++;
    }
    for (int i = from + 1; i < text.length; i++) {
      if (text[i] == ']') {
        return i;
      }
    }
    throw CopyGlob.invalid(whole, "has a '[' that is not closed");
  }

  private static IntPredicate characterClass(int[] text, int begin, int end) {
    boolean negated = text[begin] == '!' || text[begin] == '^';
    IntPredicate any = c -> false;
    for (int i = negated ? begin + 1 : begin; i < end; i++) {
      if (i + 2 < end && text[i + 1] == '-') {
        int low = text[i];
        int high = text[i + 2];
        any = any.or(c -> c >= low && c <= high);
        i += 2;
      } else {
        any = any.or(equal(text[i]));
      }
    }
    return negated ? any.negate() : any;
  }
}
