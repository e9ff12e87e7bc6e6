package dev.asyncops.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of entries as {@link RootPath} has them, to and from the file system's bytes: UTF-8, and
 * U+DC00 plus the byte for every byte that is malformed. Independent of the process's locale.
 */
final class NameBytes {

  private static final char ESCAPE = '\uDC00';

  private NameBytes() {}

  /** Whether a name has bytes that are not valid UTF-8. */
  static boolean isOdd(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        int c = name.codePointAt(i);
        if (c <= Character.MAX_SURROGATE) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  static byte[] encode(String name) {
    if (name.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return name.getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer bytes = ByteBuffer.allocate(name.length() * 4);
    name.codePoints()
        .forEach(c -> {
          if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xFF) {
            bytes.put((byte) (c - ESCAPE));
          } else {
            bytes.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
          }
        });
    return taken(bytes);
  }

  static String decode(byte[] name) {
    String plain = new String(name, StandardCharsets.UTF_8);
    return plain.indexOf('\uFFFD') < 0 ? plain : decodeOdd(name);
  }

  private static String decodeOdd(byte[] name) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer out = CharBuffer.allocate(name.length);
    while (in.hasRemaining()) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isMalformed()) {
        for (int i = 0; i < result.length(); i++) {
          out.put((char) (ESCAPE + (in.get() & 0xFF)));
        }
      }
    }
    return out.flip().toString();
  }

  /** The bytes of a path of the host, absolute. */
  static byte[] ofHostPath(Path path) {
    String raw = path.toAbsolutePath().toUri().getRawPath();
    return decodePercent(
        raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw);
  }

  /** The bytes of a path in a URI. */
  static byte[] decodePercent(String raw) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.put((byte) HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        bytes.put((byte) raw.charAt(i));
      }
    }
    return taken(bytes);
  }

  /** What was put so far. */
  private static byte[] taken(ByteBuffer bytes) {
    byte[] taken = new byte[bytes.position()];
    bytes.flip().get(taken);
    return taken;
  }
}
