package dev.asyncops.operations;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The names under which copies grow until they are published: {@code .asyncops-<operation
 * id>-<hash>.tmp}, 83 bytes long.
 *
 * <p>The hash is one of the destination's name that nobody can make collide on purpose, so that two
 * entries of one directory never meet. The id is the operation's, so that one that goes on after a
 * crash meets what it left itself, and nobody else does.
 */
final class TemporaryName {

  private static final String PREFIX = ".asyncops-";
  private static final int HASH_BYTES = 16;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}\\.tmp");
  private static final Pattern ANY = Pattern.compile("\\.asyncops-[0-9a-f-]{36}-" + HASH.pattern());

  private TemporaryName() {}

  /** What the operation calls an entry of that name while it grows. */
  static String of(String id, String destinationName) {
    return prefix(id) + hash(destinationName) + ".tmp";
  }

  /** Whether an operation, whichever, calls something so. */
  static boolean matches(String name) {
    return name.startsWith(PREFIX) && ANY.matcher(name).matches();
  }

  /** Whether that operation calls something so. */
  static boolean isOf(String id, String name) {
    String prefix = prefix(id);
    return name.startsWith(prefix)
        && HASH.matcher(name).region(prefix.length(), name.length()).matches();
  }

  private static String prefix(String id) {
    return PREFIX + id + "-";
  }

  /** Of the characters, not of their UTF-8: a name that is not valid has none of its own. */
  private static String hash(String name) {
    byte[] bytes = new byte[2 * name.length()];
    for (int i = 0; i < name.length(); i++) {
      bytes[2 * i] = (byte) (name.charAt(i) >> 8);
      bytes[2 * i + 1] = (byte) name.charAt(i);
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
