package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts bytes that come bit by bit into lines of text: UTF-8, with or without a carriage return, the
 * last one with or without its end. A blank line is none at the end, and an error before it.
 *
 * <p>Everything that is wrong is told by the number of its line. <b>Threads</b>: one at a time.
 */
final class Lines {

  /** Takes lines in order, without their ends. */
  @FunctionalInterface
  interface Taker {

    /** Takes a line; ProblemException if it is none of those it wants. */
    void take(String line);
  }

  /** Longer than the longest path, written as escapes, with what a report says of it. */
  static final int MAX_BYTES = 25 * 1024;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Taker taker;

  /** The beginning of a line whose end has not come. */
  private byte[] begun = new byte[256];

  private int begunBytes;
  private long line = 1;
  private long blankLine;

  Lines(Taker taker) {
    this.taker = taker;
  }

  /** The number of the line that is being taken, from 1 on. */
  long line() {
    return line;
  }

  /** Takes the bytes that follow. */
  void feed(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        end(bytes, start, i);
        start = i + 1;
      }
    }
    keep(bytes, start, bytes.length);
  }

  /** There are no more bytes. */
  void finish() {
    if (begunBytes > 0) {
      take(begun, 0, begunBytes);
      begunBytes = 0;
    }
  }

  private void end(byte[] bytes, int from, int to) {
    if (begunBytes == 0) {
      take(bytes, from, to);
    } else {
      keep(bytes, from, to);
      take(begun, 0, begunBytes);
      begunBytes = 0;
    }
    line++;
  }

  private void keep(byte[] bytes, int from, int to) {
    int length = to - from;
    checkLength(begunBytes + length);
    if (begunBytes + length > begun.length) {
      begun = Arrays.copyOf(begun, Math.max(2 * begun.length, begunBytes + length));
    }
    System.arraycopy(bytes, from, begun, begunBytes, length);
    begunBytes += length;
  }

  private void take(byte[] bytes, int from, int to) {
    checkLength(to - from);
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    String text = text(bytes, from, end);
    if (line == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (blankLine > 0) {
      line = blankLine;
      throw malformed("It is blank.");
    }
    if (text.isEmpty()) {
      blankLine = line;
    } else {
      taker.take(text);
    }
  }

  private void checkLength(int bytes) {
    if (bytes > MAX_BYTES) {
      throw malformed("It is longer than %d bytes.".formatted(MAX_BYTES));
    }
  }

  private String text(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) { // somebody has written it, or it stands for an error
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
      } catch (CharacterCodingException e) {
        throw malformed("It is not UTF-8.");
      }
    }
    return text;
  }

  /** What is wrong with the line that is being taken. */
  ProblemException malformed(String detail) {
    return problem(ErrorCode.INVALID_DATA, detail);
  }

  /** The same for another reason. */
  ProblemException problem(ErrorCode code, String detail) {
    return new ProblemException(code, "Line %d: %s".formatted(line, Texts.shown(detail)));
  }
}
