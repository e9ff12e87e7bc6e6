package dev.asyncops.http;

/** Numbers that clients write. */
final class Numbers {

  private Numbers() {}

  /** The value of a row of ASCII digits of any length, or the cap if that is less. */
  static int capped(String digits, int cap) {
    long value = 0;
    for (int i = 0; i < digits.length() && value <= cap; i++) {
      value = value * 10 + (digits.charAt(i) - '0');
    }
    return (int) Math.min(value, cap);
  }
}
