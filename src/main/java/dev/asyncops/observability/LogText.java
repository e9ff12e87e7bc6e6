package dev.asyncops.observability;

/** Makes text from outside fit for a line of the log: nobody can forge a second line or a field. */
final class LogText {

  private static final int MAX_LENGTH = 1024;

  private LogText() {}

  /**
   * The text with control and formatting characters, line separators, quotes and backslashes
   * escaped as in Java, cut after 1024 characters.
   */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 16);
    text.codePoints().limit(MAX_LENGTH).forEach(c -> append(safe, c));
    if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
      safe.append("...");
    }
    return safe.toString();
  }

  private static void append(StringBuilder safe, int c) {
    if (c == '"' || c == '\\') {
      safe.append('\\').append((char) c);
    } else if (isUnsafe(c)) {
      for (char unit : Character.toChars(c)) {
        safe.append("\\u%04x".formatted((int) unit));
      }
    } else {
      safe.appendCodePoint(c);
    }
  }

  private static boolean isUnsafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
