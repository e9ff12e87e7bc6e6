package dev.asyncops.http;

/** What clients write, on its way in and back out. */
final class Texts {

  private static final int MAX_SHOWN = 300;

  private Texts() {}

  /** Whether a text can be written as UTF-8: no half of a surrogate pair stands alone. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Whether a text is well-formed and without control characters. */
  static boolean isPrintable(String text) {
    return isWellFormed(text) && text.chars().noneMatch(Character::isISOControl);
  }

  /**
   * A text as it may stand in an answer: control characters and lone surrogates replaced, and
   * shortened, for it may quote what a client sent.
   */
  static String shown(String text) {
    if (text.length() <= MAX_SHOWN && isPrintable(text)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(MAX_SHOWN).map(Texts::shownCodePoint).forEach(shown::appendCodePoint);
    boolean cut = text.codePointCount(0, text.length()) > MAX_SHOWN;
    return cut ? shown.append('…').toString() : shown.toString();
  }

  private static int shownCodePoint(int codePoint) {
    boolean lone = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return lone || Character.isISOControl(codePoint) ? '\uFFFD' : codePoint;
  }
}
